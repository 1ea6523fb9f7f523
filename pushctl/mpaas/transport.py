"""How a call travels: never redirected, through the right proxy, with a bounded answer.

The vendor's client offers none of the three: it follows redirections (a POST becomes a GET, and a
temporary key's token goes along to the other host, since only `Authorization` is dropped), it
ignores NO_PROXY, and it reads an answer of any size, unpacks it to any size, and takes any time for
it, as long as now and then a byte comes. This adapter is mounted on its session. Imports requests,
so it is itself imported only when a call is about to be made.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import zlib
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from pushctl.mpaas.endpoint import is_loopback

LARGEST_ANSWER = 16 * 1024 * 1024
"""Bytes. A full page of 500 rows with the longest texts stays below one tenth of this."""


LONGEST_ANSWER = 40.0
"""Seconds from the end of the request to the end of the answer. `core.settle` takes every call for
ended after a minute."""


class RedirectError(OSError):
    """Something answered with a redirection. An `OSError`, since the client expects those here."""


class AnswerTooLargeError(OSError):
    """An answer went on beyond `LARGEST_ANSWER`."""


class AnswerTooSlowError(OSError):
    """An answer was not complete after `LONGEST_ANSWER`."""


class AnswerEncodedError(OSError):
    """An answer was packed in a way that was not offered, or cannot be unpacked."""


class TrialError(OSError):
    """A call arrived here while only a trial was wanted; nothing was sent."""


class Transport(HTTPAdapter):
    """Sends through `proxies` and nothing else, whatever the caller passes.

    While a thread has it `on_trial`, every call of that thread ends in `TrialError`: that is how
    one finds out, without a network, that a client really uses this object.
    """

    def __init__(self, *, proxies: dict[str, str], connections: int) -> None:
        self.on_trial: int | None = None
        self._proxies = proxies
        super().__init__(pool_connections=1, pool_maxsize=connections)

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Send one request and read its whole answer."""
        if self.on_trial == threading.get_ident():
            raise TrialError
        options["proxies"] = self._proxies
        request.headers["Accept-Encoding"] = "identity"
        with _Deadline(LONGEST_ANSWER):
            response = super().send(request, *args, **options)
            try:
                if 300 <= response.status_code < 400:
                    raise RedirectError
                body = _read(response)
            finally:
                # After a whole answer this only gives the connection back.
                response.close()
        # Where `Response.content` keeps what has been read; it would refuse to read again.
        response._content = _unpacked(body, response.headers.get("Content-Encoding", ""))
        return response

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Make the pools of connections, from connections that can be cut."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        """Make the pools of connections through a proxy, likewise."""
        manager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager


def _read(response: Response) -> bytes:
    body = bytearray()
    for part in response.raw.stream(65536, decode_content=False):
        body += part
        if len(body) > LARGEST_ANSWER:
            raise AnswerTooLargeError
    return bytes(body)


def _unpacked(body: bytes, encoding: str) -> bytes:
    """Unpack an answer, though it was asked for as it is; never to more than is allowed."""
    if encoding.strip().lower() in ("", "identity"):
        return body
    if encoding.strip().lower() != "gzip":
        raise AnswerEncodedError
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        plain = unpacking.decompress(body, LARGEST_ANSWER + 1)
    except zlib.error:
        raise AnswerEncodedError from None
    if len(plain) > LARGEST_ANSWER:
        raise AnswerTooLargeError
    if not unpacking.eof:
        raise AnswerEncodedError
    return plain


class _Deadline:
    """Cuts the connection of this thread's call once its time is up.

    A time-out of the connection would not do: it begins anew with every byte.
    """

    under_way = threading.local()

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._socket: socket.socket | None = None
        self._late = False

    def __enter__(self) -> None:
        self.under_way.deadline = self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.under_way.deadline = None
        self._timer.cancel()
        if self._late:
            # A body without a length looks complete when its connection is cut.
            raise AnswerTooSlowError from None

    def begin(self, connection: socket.socket) -> None:
        """The request is out; from now on the answer is waited for."""
        self._socket = connection
        self._timer.start()

    def _cut(self) -> None:
        self._late = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


class _Timed:
    """A connection that tells the deadline of its thread when the answer is waited for."""

    def getresponse(self) -> Any:
        deadline = getattr(_Deadline.under_way, "deadline", None)
        if deadline is not None:
            deadline.begin(self.sock)  # type: ignore[attr-defined]
        return super().getresponse()  # type: ignore[misc]


class _Http(_Timed, HTTPConnection):
    pass


class _Https(_Timed, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


_POOLS = {"http": _HttpPool, "https": _HttpsPool}


def session_over(transport: Transport) -> Session:
    """Make a session that has no other way out than this transport."""
    session = Session()
    session.adapters.clear()
    session.mount("http://", transport)
    session.mount("https://", transport)
    # Both are moot with this transport; they are the second lock on the same doors.
    session.max_redirects = 0
    session.trust_env = False
    return session


def proxies_for(url: str) -> dict[str, str]:
    """Choose the proxies for an address: from the environment, minus NO_PROXY and this machine."""
    return {} if is_loopback(urlsplit(url).hostname or "") else dict(get_environ_proxies(url))
