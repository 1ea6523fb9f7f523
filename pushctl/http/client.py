"""One HTTP call that surely ends: never redirected, its answer bounded in size and in time.

Takes some time to import, so it is imported where a call is about to be made.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import os
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi
from msgspec import Struct
from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager, Timeout, exceptions, make_headers
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from pushctl.errors import ConfigError
from pushctl.http.loopback import is_loopback

LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes. The largest, a page of 100 of GitHub's longest comments, are a third of it."""

LONGEST_ANSWER = 40.0
"""Seconds from the end of the request to the end of the answer. `LONGEST_CALL` of
`plan.reconcile.in_doubt` depends on it."""

_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


class NotSentError(Exception):
    """Nothing of the request was sent; its text says why, `fix` what to do if that is known."""

    def __init__(self, why: str, fix: str = "") -> None:
        super().__init__(why)
        self.fix = fix


class WithheldError(NotSentError):
    """There was an objection, which is its text."""


class NoAnswerError(Exception):
    """The request may have arrived, but no whole answer came back; its text says why."""


class Answer(Struct, frozen=True):
    """A whole answer, whatever its status. `headers` are found whatever the case of a name."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpClient:
    """Makes calls to the host of `url`, from any number of threads. Time-outs are in seconds.

    Proxies come from the environment (HTTPS_PROXY, NO_PROXY), but this machine is never reached
    through one. Trusted are the authorities of the system (SSL_CERT_FILE, SSL_CERT_DIR), and those
    of REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE, else of certifi. Raises `ConfigError` if one of these
    cannot be used. `way` names the host, and the proxy before it, without its login.
    """

    def __init__(
        self, url: str, *, connect_timeout: float, read_timeout: float, connections: int = 1
    ) -> None:
        timeout = Timeout(connect=connect_timeout, read=read_timeout)
        host, (proxy, named) = urlsplit(url).netloc.rpartition("@")[2], _proxy(url)
        shown = f"{proxy.partition('//')[0]}//{proxy.partition('//')[2].rpartition('@')[2]}"
        self.way = f"{host} through the proxy {shown} of {named}" if proxy else host
        self._around = f"correct {named}, or name {host} in NO_PROXY" if proxy else ""
        try:
            self._pools = _pools(url, proxy, timeout=timeout, maxsize=connections)
        except (exceptions.HTTPError, ValueError):
            socks = proxy.lower().startswith("socks")
            why = "SOCKS is not supported" if socks else "The address of the proxy is not valid"
            raise ConfigError(why, self.way, fix=self._around) from None

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
        objection: Callable[[], str] | None = None,
    ) -> Answer:
        """Make one call, once; raises `NotSentError` or `NoAnswerError`.

        `objection` is asked once all is ready, right before the body leaves; if it says why not,
        the body stays here, and without it nobody acts on the call.
        """
        sent: bytes | Iterator[bytes] | None = body
        if body and objection:
            headers = {**headers, "Content-Length": str(len(body))}
            sent = _unless(objection, body)
        try:
            response = self._pools.urlopen(
                method,
                url,
                body=sent,
                headers={**headers, "Accept-Encoding": "identity"},
                redirect=False,
                retries=False,
                preload_content=False,
            )
            try:
                return Answer(response.status, response.headers, _read(response))
            finally:
                # After a whole answer its connection has been given back already.
                response.close()
        except WithheldError:
            raise
        except NotSentError as error:
            why = f"no connection to {self.way}: {error}"
            raise NotSentError(why, error.fix or self._around) from None
        except (exceptions.ReadTimeoutError, TimeoutError):
            raise NoAnswerError(f"no answer of {self.way} came in time") from None
        except (exceptions.HTTPError, http.client.HTTPException, OSError):
            raise NoAnswerError(f"the connection to {self.way} broke before its end") from None


def _unless(objection: Callable[[], str], body: bytes) -> Iterator[bytes]:
    """Give the body to a connection that has sent the headers, unless there is an objection."""
    if why := objection():
        raise WithheldError(why)
    yield body


def _read(response: BaseHTTPResponse) -> bytes:
    body = bytearray()
    for part in response.stream(65536, decode_content=False):
        body += part
        if len(body) > LARGEST_ANSWER:
            raise NoAnswerError("the answer was larger than any answer of the service")
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    return bytes(body) if encoding == "identity" else _unpacked(bytes(body), encoding)


def _unpacked(body: bytes, encoding: str) -> bytes:
    """Unpack an answer, though it was asked for as it is; never to more than is allowed."""
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    with contextlib.suppress(zlib.error):
        plain = unpacking.decompress(body, LARGEST_ANSWER)
        if encoding == "gzip" and unpacking.eof:
            return plain
    raise NoAnswerError("the answer was compressed in a way that nobody asked for")


def _proxy(url: str) -> tuple[str, str]:
    """Return the proxy on the way to a URL, and the variable that names it; empty without one."""
    parts, found = urlsplit(url), getproxies()
    scheme, host = parts.scheme, parts.hostname or ""
    proxy = found.get(scheme) or found.get("all")
    if not proxy or is_loopback(host) or proxy_bypass(host):
        return "", ""
    names = (f"{scheme}_proxy", f"{scheme}_proxy".upper(), "all_proxy", "ALL_PROXY")
    named = (name for name in names if os.environ.get(name) == proxy)
    return proxy if "://" in proxy else f"http://{proxy}", next(named, "this system")


def _pools(url: str, proxy: str, **options: Any) -> PoolManager:
    """Return the pools of connections to a host, through a proxy if there is one on the way."""
    if url.startswith("https:"):
        options["ssl_context"] = _trusting()
    pools = _through(proxy, options) if proxy else PoolManager(**options)
    pools.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
    return pools


def _through(proxy: str, options: Mapping[str, Any]) -> PoolManager:
    login = urlsplit(proxy).netloc.rpartition("@")[0]
    headers = make_headers(proxy_basic_auth=unquote(login)) if login else None
    return ProxyManager(proxy, proxy_headers=headers, **options)


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    named = {name: path for name in _BUNDLES if (path := os.environ.get(name))}
    for name, path in named.items():
        try:
            context.load_verify_locations(**{"capath" if os.path.isdir(path) else "cafile": path})
        except OSError as error:
            why, fix = "The trusted certificates cannot be read", f"correct {name}"
            raise ConfigError(why, f"{name}={path}: {error.strerror}", fix=fix) from None
    if named.keys() <= {"SSL_CERT_FILE"}:
        context.load_verify_locations(certifi.where())
    return context


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
            raise TimeoutError
        self._connection.settimeout(min(left, self._patience))
        count: int | None = self._stream.readinto(buffer)
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
            super().connect()  # type: ignore[misc]  # a class of urllib3 stands beside it
        except Exception as error:
            raise _not_sent(error) from None


def _not_sent(error: Exception) -> NotSentError:
    if isinstance(error, ssl.SSLCertVerificationError):
        fix = "if it is right, name a file with that of its issuer: REQUESTS_CA_BUNDLE=FILE"
        return NotSentError(f"its certificate is not trusted ({error.verify_message})", fix)
    cause = error.__cause__ or error
    why = str(getattr(cause, "strerror", None) or cause)
    return NotSentError(why.replace("Tunnel connection failed", "the proxy refused")[:120])


class _Http(_Connection, HTTPConnection):
    pass


class _Https(_Connection, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https
