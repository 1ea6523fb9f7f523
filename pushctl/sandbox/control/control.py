"""The control API under /_sandbox/: finds the page that is asked for and answers in JSON."""

from __future__ import annotations

from collections.abc import Mapping

from pushctl.sandbox.clock import ClockError
from pushctl.sandbox.control import (
    clock,
    inbox,
    logs,
    openapi,
    settings,
    snapshots,
    summary,
    tasks,
    views,
)
from pushctl.sandbox.control.routes import Asked, ControlError, Route
from pushctl.sandbox.errors import RefusedError
from pushctl.sandbox.faults import FaultError, fault_kinds
from pushctl.sandbox.http.messages import Request, Response, json_response
from pushctl.sandbox.knobs import KnobError
from pushctl.sandbox.service import operations
from pushctl.sandbox.storage.snapshots import SnapshotError
from pushctl.sandbox.storage.store import Session, Store

PREFIX = "/_sandbox/"
_NO_SNIFFING = (("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"))


class Control:
    """Answers control requests; a refused one changes nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __call__(self, request: Request) -> Response:
        """Answers one request, a refused one with {"error": text}."""
        try:
            route, asked = _find(request)
            if not route.in_session:
                return _json(200, route.answer(self._store, asked))
            with self._store.session() as session:
                return _json(200, route.answer(session, asked))
        except ControlError as error:
            return _json(error.status, {"error": str(error)})
        except RefusedError as error:
            refusal = {"error": error.detail, "code": error.code, "name": error.name}
            return _json(422, refusal)
        except (ClockError, FaultError, KnobError, SnapshotError) as error:
            return _json(400, {"error": str(error)})


def _json(status: int, body: object) -> Response:
    return json_response(status, body, _NO_SNIFFING)


def _find(request: Request) -> tuple[Route, Asked]:
    path = request.path.removeprefix(PREFIX).rstrip("/")
    method = "GET" if request.method == "HEAD" else request.method
    there = {x.method: (x, found) for x in ROUTES if (found := x.match(path)) is not None}
    if method in there:
        route, found = there[method]
        return route, Asked(request, found)
    if there:
        raise ControlError(405, f"{path} takes {', '.join(there)}")
    raise ControlError(404, f"no such page; there are: {', '.join(_pages())}")


def _pages() -> Mapping[str, list[str]]:
    pages: dict[str, list[str]] = {}
    for route in sorted(ROUTES, key=lambda route: (route.path, route.method)):
        pages.setdefault(route.path, []).append(route.method)
    pages.pop("", None)
    return pages


def _index(session: Session, _asked: Asked) -> object:
    kinds = [
        {"kind": kind.name, "effects": kind.effects, "meaning": kind.meaning}
        for kind in fault_kinds().values()
    ]
    shown = views.clock(session)
    found = {"sandbox": "pushctl", "clock": shown, "pages": _pages(), "fault_kinds": kinds}
    return {**found, "operations": sorted(operations.names())}


def _openapi(_session: Session, _asked: Asked) -> object:
    return openapi.document(ROUTES, PREFIX)


ROUTES = (
    Route("GET", "", "This list of pages, and the kinds of faults.", _index),
    Route("GET", "openapi.json", "This API as an OpenAPI document.", _openapi),
    *summary.ROUTES,
    *clock.ROUTES,
    *tasks.ROUTES,
    *inbox.ROUTES,
    *logs.ROUTES,
    *settings.ROUTES,
    *snapshots.ROUTES,
)
