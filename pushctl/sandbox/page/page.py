"""Serves the page and its files, which load nothing from elsewhere."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pushctl.sandbox.http.messages import Request, Response

PREFIX = "/_sandbox/page/"
_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
_TYPES["json"] = "application/json"
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
    found = [item for item in files(__package__).iterdir() if item.name.split(".")[-1] in _TYPES]
    return {item.name: _response(item.name, item.read_bytes()) for item in found}


def _response(name: str, body: bytes) -> Response:
    kind = _TYPES[name.split(".")[-1]]
    return Response(200, body, f"{kind};charset=utf-8", headers=_HEADERS)
