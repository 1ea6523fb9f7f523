"""Which requests may come from a page in somebody's browser: those are refused, whatever they ask.

A page must not drive the sandbox, neither directly nor through a name of its own that resolves to
this machine. Only a page of the sandbox may, and who opens one of those.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from pushctl.sandbox.http.messages import LOOPBACK, Request

_OWN = frozenset(("127.0.0.1", "localhost", "[::1]"))
# The vendor's client writes all of an address there, as it was given one; browsers never do.
_HOST = re.compile(r"(?:http://)?(([a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?)/?", re.IGNORECASE)
_ADDRESS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}|\[.*\]")


def names_of(host: str, more: Collection[str] = ()) -> frozenset[str]:
    """Returns the names that who listens on `host` may be called by; `more` are further ones.

    On every address of the machine, * stands for any address: only names can be made to resolve
    to somebody else's machine.
    """
    bracketed = f"[{host}]" if ":" in host else host
    own = "*" if host in LOOPBACK else bracketed
    return frozenset(name.lower() for name in (*_OWN, own, *more))


def refusal(request: Request, names: Collection[str]) -> str | None:
    """Returns why a request is refused, None if it is not; `names` are those of this server."""
    headers = request.headers
    host = _HOST.fullmatch(headers.get("host", ""))
    if host is None or not _is_own(host[2].lower(), names):
        known = ", ".join(sorted(names))
        return f"the Host header must be a name of this server: {known}"
    # Calls are no business of browsers, and older ones do not say on whose behalf they ask.
    opens_page = request.method in ("GET", "HEAD") and not request.query
    calls = not request.path.strip("/") and not opens_page
    old_browser = headers.get("user-agent", "").startswith("Mozilla/")
    site = headers.get("sec-fetch-site", "cross-site" if calls and old_browser else "none")
    # Following a link shows the page of the sandbox, and no other page sees what it shows.
    follows = opens_page and request.path == "/" and headers.get("sec-fetch-dest") == "document"
    if follows and "origin" not in headers:
        return None
    own_page = headers.get("origin") in (None, f"http://{host[1].lower()}")
    if not own_page or site not in ("none", "same-origin"):
        return "requests from other web pages are refused"
    return None


def _is_own(name: str, names: Collection[str]) -> bool:
    return name in names or ("*" in names and _ADDRESS.fullmatch(name) is not None)
