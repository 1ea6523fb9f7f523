"""The control API under /_sandbox/: clock, faults, knobs, logs, and tasks made by hand."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qs

from pushctl.sandbox.assumptions import describe
from pushctl.sandbox.clock import Clock, ClockError, parse_time
from pushctl.sandbox.control import views
from pushctl.sandbox.errors import GatewayError, RefusedError
from pushctl.sandbox.faults import FaultError, fault_kinds, rule_of
from pushctl.sandbox.gateway.decoding import decode_json, strict_json
from pushctl.sandbox.http.messages import Request, Response, json_response
from pushctl.sandbox.knobs import KnobError, accept_knobs
from pushctl.sandbox.service import operations, parameters
from pushctl.sandbox.storage.store import WAITING, Session, Store

PREFIX = "/_sandbox/"
_CURRENT_VERSION = "2020-10-28"
_MAX_ROWS = 1_000_000
_NO_SNIFFING = (("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"))

Handler = Callable[[Session, Request], object]


class ControlError(Exception):
    """A control request that is refused; `status` is its HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Control:
    """Answers control requests; a refused one changes nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __call__(self, request: Request) -> Response:
        """Answers one request, a refused one with {"error": text}."""
        try:
            handler = _handler(request)
            with self._store.session() as session:
                return _json(200, handler(session, request))
        except ControlError as error:
            return _json(error.status, {"error": str(error)})
        except RefusedError as error:
            refusal = {"error": error.detail, "code": error.code, "name": error.name}
            return _json(422, refusal)
        except GatewayError as error:
            return _json(422, {"error": error.message, "code": error.code})
        except (ClockError, FaultError, KnobError) as error:
            return _json(400, {"error": str(error)})


def _json(status: int, body: object) -> Response:
    return json_response(status, body, _NO_SNIFFING)


def _handler(request: Request) -> Handler:
    name = request.path.removeprefix(PREFIX).rstrip("/")
    method = "GET" if request.method == "HEAD" else request.method
    for pattern, verb, with_id in _WITH_ID:
        found = pattern.fullmatch(name)
        if found is not None and method == verb:
            identifier = found[1]
            return lambda session, _request: with_id(session, identifier)
    handlers = _ROUTES.get(name)
    if handlers is None:
        raise ControlError(404, f"no such page; there are: {', '.join(sorted(_ROUTES))}")
    if method not in handlers:
        raise ControlError(405, f"{name} takes {', '.join(handlers)}")
    return handlers[method]


def _body(request: Request) -> dict[str, object]:
    if not request.body:
        return {}
    try:
        value = strict_json(request.body)
    except ValueError as error:
        raise ControlError(400, "the body is not proper JSON") from error
    if not isinstance(value, dict):
        raise ControlError(400, "the body must be a JSON object")
    return value


def _parsed(request: Request, kind: str) -> Any:
    """Return a body as the type of `bodies` that has this name; raises `ControlError`."""
    from pushctl.sandbox.control import bodies  # noqa: PLC0415  (few sandboxes are told anything)

    body = _body(request)
    if not body and kind != "Reset":
        raise ControlError(400, "the body says nothing")
    try:
        return bodies.read(getattr(bodies, kind), body)
    except ValueError as error:
        raise ControlError(400, str(error)) from error


def _query_number(request: Request, name: str, default: int) -> int:
    values = parse_qs(request.query).get(name)
    if not values:
        return default
    if not values[-1].isascii() or not values[-1].isdigit() or len(values[-1]) > 15:
        raise ControlError(400, f"{name} must be a whole number")
    return int(values[-1])


def _index(session: Session, _request: Request) -> object:
    pages = {name: sorted(handlers) for name, handlers in sorted(_ROUTES.items()) if name}
    kinds = [
        {"kind": kind.name, "effects": kind.effects, "meaning": kind.meaning}
        for kind in fault_kinds().values()
    ]
    clock = views.clock(session)
    return {"sandbox": "pushctl", "clock": clock, "pages": pages, "fault_kinds": kinds}


def _post_clock(session: Session, request: Request) -> object:
    change = _parsed(request, "ClockChange")
    clock = session.clock
    real = session.real_time
    if change.set is not None:
        clock = clock.set_to(parse_time(change.set, session.knobs.zone), real)
    if change.advance is not None:
        clock = clock.set_to(clock.now(real) + change.advance, real)
    if change.next and (following := session.next_due()) is not None:
        clock = clock.set_to(max(clock.now(real), following / 1000), real)
    if change.speed is not None:
        clock = clock.with_speed(change.speed, real)
    if change.freeze is not None:
        clock = _freeze(clock, change.freeze, real)
    session.set_clock(clock)
    return {**views.clock(session), "delivered": session.fire_due()}


def _freeze(clock: Clock, freeze: bool, real: float) -> Clock:
    if freeze:
        return clock.with_speed(0.0, real)
    return clock.with_speed(1.0, real) if clock.frozen else clock


def _post_task(session: Session, request: Request) -> object:
    params = _body(request)
    for name, value in params.items():
        if isinstance(value, str) and value[:1] in ("{", "[") and name not in ("Title", "Content"):
            params[name] = decode_json(value)
    task_id = operations.create_task(session, params, _CURRENT_VERSION, parameters.CONSOLE_CREATED)
    return {"id": task_id}


def _cancel_task(session: Session, unique_id: str) -> object:
    rows = session.db.execute(
        "SELECT o.seq, o.task, o.status FROM occurrences o JOIN tasks t ON t.seq = o.task"
        " WHERE t.id = ? OR o.id = ?",
        (unique_id, unique_id),
    ).fetchall()
    if not rows:
        raise ControlError(404, "no such task or occurrence")
    waiting = [(row["seq"], row["task"]) for row in rows if row["status"] == WAITING]
    if not waiting:
        raise ControlError(409, "nothing of it is waiting")
    operations.cancel_occurrences(session, waiting)
    return {"cancelled": len(waiting)}


def _get_deliveries(session: Session, request: Request) -> object:
    after = _query_number(request, "after", 0)
    limit = _query_number(request, "limit", _MAX_ROWS)
    return {"deliveries": views.deliveries(session, after, limit)}


def _get_requests(session: Session, request: Request) -> object:
    return {"requests": views.requests(session, _query_number(request, "limit", _MAX_ROWS))}


def _post_reset(session: Session, request: Request) -> object:
    session.reset(whole=bool(request.body) and _parsed(request, "Reset").all)
    return {"reset": True}


def _post_fault(session: Session, request: Request) -> object:
    return asdict(session.add_fault(rule_of(**dict(_parsed(request, "Fault")))))


def _delete_fault(session: Session, fault: str) -> object:
    if not session.delete_faults(int(fault)):
        raise ControlError(404, "no such fault")
    return {"deleted": 1}


def _post_knobs(session: Session, request: Request) -> object:
    session.set_knobs(accept_knobs(_body(request)))
    return {"knobs": dict(session.knobs)}


_ROUTES: Mapping[str, Mapping[str, Handler]] = {
    "": {"GET": _index},
    "clock": {"GET": lambda session, _: views.clock(session), "POST": _post_clock},
    "tasks": {"GET": lambda session, _: {"tasks": views.tasks(session)}, "POST": _post_task},
    "deliveries": {"GET": _get_deliveries},
    "requests": {"GET": _get_requests},
    "reset": {"POST": _post_reset},
    "faults": {
        "GET": lambda session, _: {"faults": [asdict(rule) for rule in session.faults()]},
        "POST": _post_fault,
        "DELETE": lambda session, _: {"deleted": session.delete_faults()},
    },
    "knobs": {"GET": lambda session, _: {"knobs": dict(session.knobs)}, "POST": _post_knobs},
    "assumptions": {"GET": lambda session, _: {"assumptions": describe(session.knobs)}},
    # What the fault `redirect` leads to.
    "elsewhere": {"GET": lambda _session, _: {"portal": "please log in", "at": time.time()}},
}
_WITH_ID: tuple[tuple[re.Pattern[str], str, Callable[[Session, str], object]], ...] = (
    (re.compile("tasks/([0-9a-f]{32})/cancel"), "POST", _cancel_task),
    (re.compile("faults/([0-9]{1,15})"), "DELETE", _delete_fault),
)
