"""How a call travels: never redirected, through the right proxy, with a bounded answer.

The vendor's client offers none of the three: it follows redirections (a POST becomes a GET, and a
temporary key's token goes along to the other host, since only `Authorization` is dropped), it
ignores NO_PROXY, and it reads an answer of any size. This adapter is mounted on its session.
Imports requests, so it is itself imported only when a call is about to be made.
"""

from __future__ import annotations

import ipaddress
import threading
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

LARGEST_ANSWER = 16 * 1024 * 1024
"""Bytes. A full page of 500 rows with the longest texts stays below one tenth of this."""


class RedirectError(OSError):
    """Something answered with a redirection. An `OSError`, since the client expects those here."""


class AnswerTooLargeError(OSError):
    """An answer went on beyond `LARGEST_ANSWER`."""


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
        response = super().send(request, *args, **options)
        if 300 <= response.status_code < 400:
            response.close()
            raise RedirectError
        body = bytearray()
        for part in response.iter_content(65536):
            body += part
            if len(body) > LARGEST_ANSWER:
                response.close()
                raise AnswerTooLargeError
        # Where `Response.content` keeps what has been read; it would refuse to read again.
        response._content = bytes(body)
        return response


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


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def proxies_for(url: str) -> dict[str, str]:
    """Choose the proxies for an address: from the environment, minus NO_PROXY and this machine."""
    return {} if is_loopback(urlsplit(url).hostname or "") else dict(get_environ_proxies(url))
