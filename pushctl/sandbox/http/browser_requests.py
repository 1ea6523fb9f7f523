"""Which requests may come from a page in somebody's browser: those are refused, whatever they ask.

A page must not drive the sandbox, neither directly nor through a name of its own that resolves to
this machine.
"""

from __future__ import annotations

import re

from pushctl.sandbox.http.messages import Request

# The vendor's client writes all of an address there, as it was given one; browsers never do.
_HOST = re.compile(r"(http://)?(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?/?", re.IGNORECASE)


def refusal(request: Request, port: int) -> str | None:
    """Returns why a request is refused, None if it is not; `port` is the server's own."""
    headers = request.headers
    if not _HOST.fullmatch(headers.get("host", "")):
        return "the Host header must name this machine: 127.0.0.1, localhost or [::1]"
    own = {f"http://{host}:{port}" for host in ("127.0.0.1", "localhost", "[::1]")}
    # Calls are no business of browsers, and older ones do not say on whose behalf they ask.
    calls = not request.path.strip("/") and headers.get("user-agent", "").startswith("Mozilla/")
    site = headers.get("sec-fetch-site", "cross-site" if calls else "none")
    if headers.get("origin") not in {None, *own} or site not in ("none", "same-origin"):
        return "requests from other web pages are refused"
    return None
