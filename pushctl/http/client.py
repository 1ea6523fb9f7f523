"""One HTTP call that surely ends: never redirected, its answer bounded in size and in time.

The transport adapter of requests is used without its session, which would follow redirections with
the token, keep cookies and add passwords from .netrc. Takes a tenth of a second to import, so it is
imported where a call is about to be made.
"""

from __future__ import annotations

import http.client
import io
import os
import socket
import ssl
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidSchema, InvalidURL, RequestException
from requests.utils import get_environ_proxies
from urllib3 import exceptions
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from pushctl.http.loopback import is_loopback

LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes. The largest answers, a page of 100 comments of GitHub's longest kind, are a third of it."""

LONGEST_ANSWER = 40.0
"""Seconds from the end of the request to the end of the answer. `LONGEST_CALL` of
`plan.reconcile.in_doubt` depends on it."""

_TOO_SLOW = "the answer took longer than any answer of the service"
_NO_CONNECTION: Mapping[type[Exception], str] = {
    exceptions.NameResolutionError: "the host name could not be resolved",
    exceptions.NewConnectionError: "no connection could be made",
    exceptions.ConnectTimeoutError: "no connection could be made in time",
    TimeoutError: "no connection could be made in time",
    ssl.SSLCertVerificationError: "the server's certificate is not trusted",
}


class NotSentError(Exception):
    """Nothing of the request was sent; its text says why."""


class NoAnswerError(Exception):
    """The request may have arrived, but no whole answer came back; its text says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, whatever its status. `headers` are found whatever the case of a name."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpClient:
    """Makes calls to the host of `url`, from any number of threads. Time-outs are in seconds.

    Proxies come from the environment (HTTPS_PROXY, NO_PROXY), but this machine is never reached
    through one. Trusted are the authorities of the system, and those of REQUESTS_CA_BUNDLE, else
    of certifi.
    """

    def __init__(
        self, url: str, *, connect_timeout: float, read_timeout: float, connections: int = 1
    ) -> None:
        here = is_loopback(urlsplit(url).hostname or "")
        self._proxies = {} if here else dict(get_environ_proxies(url))
        self._timeouts = (connect_timeout, read_timeout)
        secure = urlsplit(url).scheme == "https"
        self._adapter = _Adapter(secure=secure, pool_connections=1, pool_maxsize=connections)

    def call(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None
    ) -> Answer:
        """Make one call, once; raises `NotSentError` or `NoAnswerError`."""
        headers = {**headers, "Accept-Encoding": "identity"}
        request = requests.Request(method, url, headers, data=body).prepare()
        try:
            return self._made(request)
        except (InvalidURL, InvalidSchema):
            raise NotSentError("the address of the proxy is not valid") from None
        except (requests.Timeout, exceptions.ReadTimeoutError, TimeoutError):
            raise NoAnswerError("no answer came in time") from None
        except (RequestException, exceptions.HTTPError, http.client.HTTPException, OSError):
            raise NoAnswerError("the connection broke before the answer was complete") from None

    def _made(self, request: requests.PreparedRequest) -> Answer:
        response = self._adapter.send(
            request,
            stream=True,
            timeout=self._timeouts,
            verify=_authorities(),
            proxies=self._proxies,
        )
        try:
            body = _read(response)
        finally:
            # After a whole answer this only gives the connection back.
            response.close()
        body = _unpacked(body, response.headers.get("Content-Encoding", ""))
        return Answer(response.status_code, response.headers, body)


def _authorities() -> str | bool:
    path = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    if path and not os.path.exists(path):
        raise NotSentError(f"there are no certificates at {path}")
    return path or True


def _read(response: requests.Response) -> bytes:
    body = bytearray()
    for part in response.raw.stream(65536, decode_content=False):
        body += part
        if len(body) > LARGEST_ANSWER:
            raise NoAnswerError("the answer was larger than any answer of the service")
    return bytes(body)


def _unpacked(body: bytes, encoding: str) -> bytes:
    """Unpack an answer, though it was asked for as it is; never to more than is allowed."""
    if encoding.strip().lower() in ("", "identity"):
        return body
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        plain = unpacking.decompress(body, LARGEST_ANSWER)
    except zlib.error:
        plain = b""
    if encoding.strip().lower() != "gzip" or not unpacking.eof:
        raise NoAnswerError("the answer was compressed in a way that nobody asked for")
    return plain


class _Adapter(HTTPAdapter):
    """Makes connections, through a proxy or not, of the kinds below."""

    def __init__(self, *, secure: bool, **options: Any) -> None:
        self._trust = ssl.create_default_context() if secure else None
        super().__init__(**options)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._trust, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        if proxy.lower().startswith("socks"):
            raise InvalidSchema("its connections could not be bounded in time")
        manager = super().proxy_manager_for(proxy, ssl_context=self._trust, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class _TimedReader(io.RawIOBase):
    """Reads from a socket until a moment; a time-out of the socket begins anew with every byte."""

    def __init__(self, stream: Any, connection: socket.socket) -> None:
        self._stream = stream
        self._connection = connection
        self._patience = connection.gettimeout() or LONGEST_ANSWER
        self._end = time.monotonic() + LONGEST_ANSWER

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise NoAnswerError(_TOO_SLOW)
        self._connection.settimeout(min(left, self._patience))
        try:
            count: int | None = self._stream.readinto(buffer)
        except TimeoutError:
            if time.monotonic() < self._end:
                raise
            raise NoAnswerError(_TOO_SLOW) from None
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, connection: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(connection, *args, **options)
        self.fp = io.BufferedReader(_TimedReader(self.fp.detach(), connection))


class _Connection:
    """A connection that tells failures to connect apart: the request is sent only afterwards."""

    response_class: Any = _Response

    def connect(self) -> None:
        try:
            super().connect()  # type: ignore[misc]
        except Exception as error:
            raise NotSentError(_why(error)) from None


def _why(error: Exception) -> str:
    if str(error).startswith("Tunnel connection failed"):
        return "the proxy refused to connect to the service"
    found = (text for kind, text in _NO_CONNECTION.items() if isinstance(error, kind))
    return next(found, "the connection could not be set up")


class _Http(_Connection, HTTPConnection):
    pass


class _Https(_Connection, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


_POOLS = {"http": _HttpPool, "https": _HttpsPool}
