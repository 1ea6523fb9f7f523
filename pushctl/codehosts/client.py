"""One call to a code host: JSON in, JSON out, the token to nobody else.

Redirections are not followed: the token would go along, and a POST would become a GET.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urlsplit

from pushctl import __version__
from pushctl.errors import ConfigError, ForgeDeniedError, ForgeError

TIMEOUT = 30.0
"""Seconds without a byte."""

LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes. A hundred comments of the longest kind are a third of it, with GitHub's limit."""

MOST_PAGES = 100

_NEXT = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?')


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Api:
    """The address of an API and the headers that open it; both stay out of every message."""

    base: str
    headers: Mapping[str, str]

    def __post_init__(self) -> None:
        """Refuse an address that would show the token to the network."""
        parts = urlsplit(self.base)
        if not parts.hostname or not (
            parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname))
        ):
            raise ConfigError("The code host's API needs https", self.base)

    def get(self, path: str) -> Any:
        """Return what is there."""
        return self._call("GET", self.base + path)[0]

    def send(self, method: str, path: str, body: Mapping[str, str] | None = None) -> Any:
        """Change something, and return what the answer says."""
        return self._call(method, self.base + path, body)[0]

    def pages(self, path: str) -> Iterator[Any]:
        """Return the items of a list, page after page, as far as the answers lead."""
        url: str | None = self.base + path
        for _ in range(MOST_PAGES):
            items, link = self._call("GET", url or "")
            if not isinstance(items, list):
                raise ForgeError("The code host's answer makes no sense", "It is no list.")
            yield from items
            found = _NEXT.search(link)
            url = found[1] if found else None
            if url is None:
                return
            if not url.startswith(self.base + "/"):
                raise ForgeError("The code host's answer leads elsewhere", url)
        raise ForgeError("There are too many comments", f"More than {MOST_PAGES} pages of them.")

    def _call(self, method: str, url: str, body: Mapping[str, str] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, method=method)
        for name, value in self.headers.items():
            request.add_unredirected_header(name, value)
        request.add_header("User-Agent", f"pushctl/{__version__}")
        if data is not None:
            request.add_header("Content-Type", "application/json")
        what = f"{method} {urlsplit(url).path}"
        try:
            with self._opener().open(request, timeout=TIMEOUT) as answer:
                raw = answer.read(LARGEST_ANSWER + 1)
                link = answer.headers.get("Link", "")
        except urllib.error.HTTPError as error:
            with error:
                _refused(what, error)
        except (OSError, http.client.HTTPException) as error:
            why = getattr(error, "reason", error)
            raise ForgeError("The code host cannot be reached", f"{what}: {why}") from None
        return _parsed(what, raw), link

    def _opener(self) -> urllib.request.OpenerDirector:
        here = _is_here(urlsplit(self.base).hostname or "")
        proxies = urllib.request.ProxyHandler({} if here else None)
        return urllib.request.build_opener(_NoRedirects, proxies)


def _parsed(what: str, raw: bytes) -> Any:
    if len(raw) > LARGEST_ANSWER:
        raise ForgeError("The code host's answer is too large", what)
    if not raw:
        return None
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise ForgeError("The code host's answer makes no sense", f"{what}: no JSON") from None


def _refused(what: str, error: urllib.error.HTTPError) -> NoReturn:
    """Raise what a status means; the code host's own words come along."""
    said = _said(error)
    detail = f"{what}: {error.code}{': ' + said if said else ''}"
    limited = error.headers.get("Retry-After") or error.headers.get("X-RateLimit-Remaining") == "0"
    if error.code in (401, 403) and not limited:
        raise ForgeDeniedError("The code host does not allow it", detail)
    if error.code == 429 or limited:
        raise ForgeError("The code host asks us to wait", detail, fix="run it again in a while")
    if 300 <= error.code < 400:
        raise ForgeError("The code host answers from elsewhere", detail)
    raise ForgeError("The code host refuses", detail)


def _said(error: urllib.error.HTTPError) -> str:
    try:
        answer = json.loads(error.read(65536))
    except (OSError, ValueError, RecursionError, http.client.HTTPException):
        return ""
    if not isinstance(answer, dict):
        return ""
    return str(answer.get("message") or answer.get("error") or "")[:500]


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
