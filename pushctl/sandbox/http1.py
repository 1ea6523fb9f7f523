"""HTTP/1.1 as bytes: one request off a stream, one reply onto it, with every size bounded.

One reason to change: how requests are framed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import Protocol

MAX_BODY = 10 * 1024 * 1024
_MAX_LINE = 64 * 1024
_MAX_HEADERS = 64 * 1024
_MAX_HEADER_LINES = 100
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LENGTH = re.compile(r"[0-9]{1,12}", re.ASCII)
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}")
_VERSION = re.compile(rb"HTTP/1\.[01]")


class Stream(Protocol):
    """What is needed of a buffered socket file."""

    def readline(self, limit: int, /) -> bytes:
        """A line of at most `limit` bytes, end included."""

    def read(self, size: int, /) -> bytes:
        """Exactly `size` bytes, fewer only at the end of the stream."""


class HttpError(Exception):
    """A request that is not HTTP as understood here; the connection cannot go on."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class Request:
    """One request; header names are lower case, values untouched but for outer blanks."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    keep_alive: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """What to send back.

    `drop` sends nothing and closes, with `reset` abruptly; `cut` sends only so many body bytes
    and closes.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json;charset=utf-8"
    headers: tuple[tuple[str, str], ...] = field(default=())
    drop: bool = False
    reset: bool = False
    cut: int | None = None
    date: float | None = None


DROPPED = Reply(drop=True)


def read_request(stream: Stream, on_continue: Callable[[], None]) -> Request | None:
    """The next request; None when the peer closed between requests."""
    line = stream.readline(_MAX_LINE)
    while line in (b"\r\n", b"\n"):  # a stray line end after a previous body is tolerated
        line = stream.readline(_MAX_LINE)
    if not line:
        return None
    method, target, version = _request_line(line)
    headers = _headers(stream)
    length, chunked = _framing(headers)
    if headers.get("expect", "").lower() == "100-continue" and (length or chunked):
        on_continue()
    body = _chunked(stream) if chunked else _exactly(stream, length)
    path, _, query = _origin_form(target).partition("?")
    return Request(method, path, query, headers, body, _keeps_alive(version, headers))


def _request_line(line: bytes) -> tuple[str, str, bytes]:
    if not line.endswith(b"\n"):
        raise HttpError(414 if len(line) >= _MAX_LINE else 400, "the request line never ends")
    parts = line.rstrip(b"\r\n").split(b" ")
    if len(parts) != 3:
        hint = "; this port speaks plain http, not https" if line[:1] == b"\x16" else ""
        raise HttpError(400, f"not an HTTP request line{hint}")
    method, target, version = parts
    if not _VERSION.fullmatch(version):
        raise HttpError(505, "only HTTP/1.0 and HTTP/1.1")
    if not _TOKEN.fullmatch(method) or not target:
        raise HttpError(400, "not an HTTP request line")
    return method.decode("ascii"), target.decode("latin-1"), version


def _origin_form(target: str) -> str:
    # A client that takes this for a proxy sends the whole URL.
    for scheme in ("http://", "https://"):
        if target.lower().startswith(scheme):
            rest = target[len(scheme) :]
            cut = min((i for i in (rest.find("/"), rest.find("?")) if i >= 0), default=len(rest))
            rest = rest[cut:]
            return rest if rest.startswith("/") else "/" + rest
    return target.partition("#")[0]


def _headers(stream: Stream) -> dict[str, str]:
    headers: dict[str, str] = {}
    total = 0
    for _ in range(_MAX_HEADER_LINES + 1):
        line = stream.readline(_MAX_LINE)
        total += len(line)
        if line in (b"\r\n", b"\n"):
            return headers
        if total >= _MAX_HEADERS:
            raise HttpError(431, "the headers are too large")
        if not line.endswith(b"\n"):
            raise HttpError(400, "the headers never end")
        name, colon, value = line.partition(b":")
        if not colon or not _TOKEN.fullmatch(name):
            raise HttpError(400, "a malformed header line")
        _add_header(headers, name.decode("ascii").lower(), value.strip(b" \t\r\n"))
    raise HttpError(431, "too many headers")


def _add_header(headers: dict[str, str], name: str, raw: bytes) -> None:
    if b"\x00" in raw or b"\r" in raw:
        raise HttpError(400, "a malformed header value")
    value = raw.decode("latin-1")
    if name not in headers:
        headers[name] = value
    elif name in ("content-length", "transfer-encoding", "host"):
        raise HttpError(400, f"{name} is given twice")
    else:
        headers[name] += "," + value


def _framing(headers: dict[str, str]) -> tuple[int, bool]:
    coding = headers.get("transfer-encoding")
    length = headers.get("content-length")
    if coding is not None:
        if length is not None:
            raise HttpError(400, "both Content-Length and Transfer-Encoding")
        if coding.lower() != "chunked":
            raise HttpError(501, "the only transfer coding is chunked")
        return 0, True
    if length is None:
        return 0, False
    if not _LENGTH.fullmatch(length):
        raise HttpError(400, "Content-Length is not a number")
    if int(length) > MAX_BODY:
        raise HttpError(413, f"a body is at most {MAX_BODY} bytes")
    return int(length), False


def _exactly(stream: Stream, length: int) -> bytes:
    data = stream.read(length) if length else b""
    if len(data) != length:
        raise HttpError(400, "the body ended early")
    return data


def _chunked(stream: Stream) -> bytes:
    parts: list[bytes] = []
    total = 0
    while True:
        size = _chunk_size(stream)
        if size == 0:
            _trailers(stream)
            return b"".join(parts)
        total += size
        if total > MAX_BODY:
            raise HttpError(413, f"a body is at most {MAX_BODY} bytes")
        parts.append(_exactly(stream, size))
        if stream.readline(3) not in (b"\r\n", b"\n"):
            raise HttpError(400, "a chunk is longer than its size")


def _chunk_size(stream: Stream) -> int:
    line = stream.readline(1024)
    if not line.endswith(b"\n"):
        raise HttpError(400, "malformed chunk size")
    digits = line.partition(b";")[0].strip()
    if not _CHUNK_SIZE.fullmatch(digits):
        raise HttpError(400, "malformed chunk size")
    return int(digits, 16)


def _trailers(stream: Stream) -> None:
    for _ in range(_MAX_HEADER_LINES):
        line = stream.readline(_MAX_LINE)
        if line in (b"\r\n", b"\n"):
            return
        if not line.endswith(b"\n"):
            break
    raise HttpError(400, "malformed trailers")


def _keeps_alive(version: bytes, headers: dict[str, str]) -> bool:
    wishes = {part.strip().lower() for part in headers.get("connection", "").split(",")}
    if version == b"HTTP/1.0":
        return "keep-alive" in wishes
    return "close" not in wishes


def render(reply: Reply, *, keep_alive: bool, head_only: bool = False) -> bytes:
    """The reply as bytes; a cut reply still announces its full length."""
    try:
        phrase = HTTPStatus(reply.status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [
        f"HTTP/1.1 {reply.status} {phrase}",
        f"Date: {formatdate(reply.date, usegmt=True)}",
        f"Content-Type: {reply.content_type}",
        f"Content-Length: {len(reply.body)}",
        f"Connection: {'keep-alive' if keep_alive else 'close'}",
        *(f"{name}: {value}" for name, value in reply.headers),
    ]
    head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
    return head if head_only else head + reply.body[: reply.cut]
