"""The HTTP requests and responses that the rest of the sandbox works with."""

from __future__ import annotations

import json
from typing import NamedTuple

import msgspec

Headers = tuple[tuple[str, str], ...]

HOST = "127.0.0.1"
LOOPBACK = {"0.0.0.0": HOST, "::": "::1", "": HOST}  # of who listens on every address


class Request(NamedTuple):
    """One request, its body read; header names are lower case, repeated ones joined by commas."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


class Response(NamedTuple):
    """What to send back; `date` is for the Date header, in epoch seconds (None: real time).

    `drop` sends nothing and closes, with `reset` by a TCP reset. `cut` announces the whole body,
    sends that many bytes of it and closes.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json;charset=utf-8"
    headers: Headers = ()
    drop: bool = False
    reset: bool = False
    cut: int | None = None
    date: float | None = None


DROPPED = Response(drop=True)


def json_response(
    status: int, body: object, headers: Headers = (), date: float | None = None
) -> Response:
    """Returns a response with a JSON body; `date` as in Response."""
    try:
        data = msgspec.json.encode(body)
    except UnicodeEncodeError:  # lone surrogates become their JSON escapes
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        data = text.encode("utf-8", "backslashreplace")
    return Response(status, data, headers=headers, date=date)


def problem(status: int, code: str, message: str) -> Response:
    """Returns an error of the sandbox itself, in the gateway's shape."""
    body = {"Code": code, "Message": message[:2000], "RequestId": "", "HostId": HOST}
    return json_response(status, body)
