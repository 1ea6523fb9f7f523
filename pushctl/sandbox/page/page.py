"""Serves the page and its files, which load nothing from elsewhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pushctl.sandbox.http.messages import Request, Response

PREFIX = "/_sandbox/page/"
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_HEADERS = (
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-cache"),
)


def answer(request: Request) -> Response | None:
    """Returns the page or one of its files, None if something else is asked for."""
    if request.method not in ("GET", "HEAD"):
        return None
    if request.path.startswith(PREFIX):
        return _files().get(request.path.removeprefix(PREFIX))
    return _files()["index.html"] if _wants_the_page(request) else None


def _wants_the_page(request: Request) -> bool:
    """Tells a browser that opens the address from a call, which names an action."""
    calls = "x-acs-action" in request.headers or "Action=" in request.query
    return request.path == "/" and not calls and "text/html" in request.headers.get("accept", "")


@cache
def _files() -> dict[str, Response]:
    return {
        path.name: Response(200, path.read_bytes(), f"{kind};charset=utf-8", headers=_HEADERS)
        for path in Path(__file__).parent.iterdir()
        if (kind := _TYPES.get(path.suffix))
    }
