"""Calls to the API of a code host: JSON in, JSON out, the token to nobody else.

Redirections are not followed: the token would go along, and a POST would become a GET.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from pushctl import __version__
from pushctl.errors import CodeHostDeniedError, CodeHostError, ConfigError
from pushctl.http.loopback import is_loopback
from pushctl.masking import mask
from pushctl.text.regex import regex

if TYPE_CHECKING:
    from pushctl.http.client import Answer, HttpClient

T = TypeVar("T")

TIMEOUT = 30.0
"""Seconds without a byte."""

MOST_PAGES = 100

_NEXT = regex(r'<([^<>]*)>\s*;[^,<]*\brel="?next"?')


class Api:
    """The address of an API and the headers that open it; both stay out of every message.

    Raises `ConfigError` for an address that would show the token to the network. The methods raise
    `CodeHostError`.
    """

    def __init__(self, base: str, headers: Mapping[str, str]) -> None:
        if not _is_safe(base):
            raise ConfigError("The code host's API needs https", base)
        self._base = base
        self._headers = {**headers, "User-Agent": f"pushctl/{__version__}"}

    def get(self, path: str) -> Any:
        """Return what is there."""
        return self._call("GET", self._base + path)[0]

    def send(self, method: str, path: str, body: Mapping[str, str] | None = None) -> Any:
        """Change something, and return what the answer says."""
        return self._call(method, self._base + path, body)[0]

    def pages(self, path: str) -> Iterator[Any]:
        """Return the items of a list, page after page, as far as the answers lead."""
        url = self._base + path
        for _ in range(MOST_PAGES):
            items, link = self._call("GET", url)
            yield from typed(items, list, "the answer")
            found = _NEXT.search(link)
            if found is None:
                return
            url = found[1]
            if not url.startswith(self._base + "/"):
                raise CodeHostError("The code host's answer leads elsewhere", mask(url))
        raise CodeHostError("There are too many comments", f"More than {MOST_PAGES} pages of them.")

    @cached_property
    def _http(self) -> HttpClient:
        from pushctl.http.client import HttpClient  # noqa: PLC0415  (takes some time)

        return HttpClient(self._base, connect_timeout=TIMEOUT, read_timeout=TIMEOUT)

    def _call(
        self, method: str, url: str, body: Mapping[str, str] | None = None
    ) -> tuple[Any, str]:
        from pushctl.http.client import NoAnswerError, NotSentError  # noqa: PLC0415  (takes some time)

        what = f"{method} {urlsplit(url).path}"
        data = None if body is None else json.dumps(body).encode()
        headers = self._headers if body is None else {**self._headers, **_JSON}
        try:
            answer = self._http.call(method, url, headers=headers, body=data)
        except (NotSentError, NoAnswerError) as error:
            raise CodeHostError("The code host cannot be reached", f"{what}: {error}") from None
        if not 200 <= answer.status < 300:
            raise _refusal(what, answer)
        return parsed(answer.body), answer.headers.get("Link", "")


_JSON = {"Content-Type": "application/json"}


def _is_safe(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and parts.scheme in (("http", "https") if is_loopback(host) else ("https",))


def parsed(body: bytes) -> Any:
    """Return what the body of an answer says, None for an empty one; raises `CodeHostError`."""
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        raise _senseless("it is no JSON") from None


def typed(value: object, kind: type[T], what: str) -> T:
    """Return a part of an answer if it is of that kind; raises `CodeHostError`."""
    if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
        raise _senseless(f"{what} is not as documented")
    return value


def _senseless(detail: str) -> CodeHostError:
    return CodeHostError("The code host's answer makes no sense", detail)


def _refusal(what: str, answer: Answer) -> CodeHostError:
    """Return what a status means; the code host's own words come along."""
    message = mask(_message(answer.body))[:500]
    detail = f"{what}: {answer.status}{': ' + message if message else ''}"
    headers = answer.headers
    limited = headers.get("Retry-After") or headers.get("X-RateLimit-Remaining") == "0"
    if answer.status in (401, 403) and not limited:
        return CodeHostDeniedError("The code host does not allow it", detail)
    if answer.status == 429 or limited:
        return CodeHostError("The code host asks us to wait", detail, fix="run it again in a while")
    if 300 <= answer.status < 400:
        return CodeHostError("The code host answers from elsewhere", detail)
    return CodeHostError("The code host refuses", detail)


def _message(body: bytes) -> str:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(answer, dict):
        return ""
    return str(answer.get("message") or answer.get("error") or "")[:4096]
