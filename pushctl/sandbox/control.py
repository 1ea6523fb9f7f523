"""The control side under /_sandbox/: clock, faults, knobs, logs, and a person at the console.

One reason to change: what a tester can ask for.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, urlsplit

from pushctl.sandbox import operations, views, world
from pushctl.sandbox.assumptions import KnobError, accept_knobs, describe
from pushctl.sandbox.clock import Clock, ClockError, parse_moment
from pushctl.sandbox.codes import GatewayError, RefusedError
from pushctl.sandbox.faults import KINDS, FaultError, parse_rule
from pushctl.sandbox.http_messages import Request, Response
from pushctl.sandbox.service import Service
from pushctl.sandbox.storage import WAITING, Session

PREFIX = "/_sandbox/"
_LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))
_LOOPBACK_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
_CURRENT_VERSION = "2020-10-28"
_MAX_ROWS = 1_000_000
_CANCEL_PATH = re.compile(r"tasks/([0-9a-f]{32})/cancel")
_FAULT_PATH = re.compile(r"faults/([0-9]{1,15})")
_NO_SNIFFING = (("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"))

Handler = Callable[[Session, Request], object]


class ControlError(Exception):
    """A control request that is refused, with the status and a sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Control:
    """Answers control requests; a refused one changes nothing."""

    def __init__(self, service: Service, port: int) -> None:
        self._service = service
        self._port = port

    def __call__(self, request: Request) -> Response:
        """Answers one control request; mistakes come back as {"error": sentence}."""
        try:
            self._guard(request)
            handler = _handler(request)
            with self._service.session() as session:
                return _json(200, handler(session, request))
        except ControlError as error:
            return _json(error.status, {"error": error.message})
        except RefusedError as error:
            refusal = {"error": error.detail, "code": error.code, "name": error.name}
            return _json(422, refusal)
        except GatewayError as error:
            return _json(422, {"error": error.message, "code": error.code})
        except (ClockError, FaultError, KnobError) as error:
            return _json(400, {"error": str(error)})

    def _guard(self, request: Request) -> None:
        # A web page must not drive the sandbox, neither directly nor through a name of its own
        # that resolves to this machine.
        if not _LOOPBACK_HOST.fullmatch(request.headers.get("host", "")):
            raise ControlError(403, "the Host header must name this machine")
        if request.method in ("GET", "HEAD"):
            return
        origin = request.headers.get("origin")
        if origin is not None and not self._is_own(origin):
            raise ControlError(403, "requests from other web pages are refused")
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            raise ControlError(403, "requests from other web pages are refused")

    def _is_own(self, origin: str) -> bool:
        try:
            parts = urlsplit(origin)
            own_port = parts.port == self._port
        except ValueError:
            return False
        return parts.scheme == "http" and own_port and parts.hostname in _LOOPBACK


def _json(status: int, body: object) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    data = text.encode("utf-8", "backslashreplace")
    return Response(status, data, headers=_NO_SNIFFING)


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
        value = json.loads(request.body)
        strict = json.dumps(value, ensure_ascii=False, allow_nan=False)
        strict.encode()  # refuses lone surrogates
    except (ValueError, RecursionError) as error:
        raise ControlError(400, "the body is not proper JSON") from error
    if not isinstance(value, dict):
        raise ControlError(400, "the body must be a JSON object")
    return value


def _argument(request: Request, name: str, default: int) -> int:
    values = parse_qs(request.query).get(name)
    if not values:
        return default
    if not values[-1].isascii() or not values[-1].isdigit() or len(values[-1]) > 15:
        raise ControlError(400, f"{name} must be a whole number")
    return int(values[-1])


def _index(session: Session, request: Request) -> object:
    del request
    pages = {name: sorted(handlers) for name, handlers in sorted(_ROUTES.items()) if name}
    kinds = [{"kind": k.name, "effects": k.effects, "meaning": k.meaning} for k in KINDS]
    clock = views.clock(session)
    return {"sandbox": "pushctl", "clock": clock, "pages": pages, "fault_kinds": kinds}


def _get_clock(session: Session, request: Request) -> object:
    del request
    return views.clock(session)


def _post_clock(session: Session, request: Request) -> object:
    changes = _body(request)
    unknown = sorted(set(changes) - {"freeze", "set", "advance", "speed"})
    if unknown or not changes:
        raise ControlError(400, "the clock takes freeze, set, advance or speed")
    clock = session.clock
    real = session.real
    if "set" in changes:
        clock = clock.at(parse_moment(changes["set"]), real)
    if "advance" in changes:
        clock = clock.at(clock.now(real) + _number(changes["advance"], "advance"), real)
    if "speed" in changes:
        clock = clock.running(_number(changes["speed"], "speed"), real)
    if "freeze" in changes:
        clock = _freeze(clock, changes["freeze"], real)
    session.set_clock(clock)
    session.fire_due()
    return views.clock(session)


def _freeze(clock: Clock, wanted: object, real: float) -> Clock:
    if not isinstance(wanted, bool):
        raise ControlError(400, "freeze is true or false")
    if wanted:
        return clock.running(0.0, real)
    return clock.running(1.0, real) if clock.frozen else clock


def _number(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ControlError(400, f"{name} must be a number")
    if name == "advance" and value < 0:
        raise ControlError(400, "advance goes forward; use set to go back")
    return float(value) if abs(value) < 1e15 else 1e15


def _get_tasks(session: Session, request: Request) -> object:
    del request
    return {"tasks": views.tasks(session)}


def _post_task(session: Session, request: Request) -> object:
    params = _body(request)
    for name, value in params.items():
        if isinstance(value, str) and value[:1] in ("{", "[") and name not in ("Title", "Content"):
            params[name] = _decoded(value)
    task_id = operations.create(session, params, _CURRENT_VERSION, world.CONSOLE_CREATED)
    return {"id": task_id}


def _decoded(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


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
    operations.cancel_rows(session, waiting)
    return {"cancelled": len(waiting)}


def _get_deliveries(session: Session, request: Request) -> object:
    after = _argument(request, "after", 0)
    limit = _argument(request, "limit", _MAX_ROWS)
    return {"deliveries": views.deliveries(session, after, limit)}


def _get_requests(session: Session, request: Request) -> object:
    return {"requests": views.requests(session, _argument(request, "limit", _MAX_ROWS))}


def _post_reset(session: Session, request: Request) -> object:
    del request
    session.reset()
    return {"reset": True}


def _get_faults(session: Session, request: Request) -> object:
    del request
    return {"faults": [rule.as_json() for rule in session.faults()]}


def _post_fault(session: Session, request: Request) -> object:
    return session.add_fault(parse_rule(_body(request))).as_json()


def _delete_faults(session: Session, request: Request) -> object:
    del request
    return {"deleted": session.delete_faults()}


def _delete_fault(session: Session, fault: str) -> object:
    if not session.delete_faults(int(fault)):
        raise ControlError(404, "no such fault")
    return {"deleted": 1}


def _get_knobs(session: Session, request: Request) -> object:
    del request
    return {"knobs": dict(session.knobs)}


def _post_knobs(session: Session, request: Request) -> object:
    session.set_knobs(accept_knobs(_body(request)))
    return {"knobs": dict(session.knobs)}


def _get_assumptions(session: Session, request: Request) -> object:
    in_force: Mapping[str, object] = session.knobs
    del request
    rows = describe()
    for row in rows:
        if row["knob"] is not None:
            row["now"] = in_force[str(row["knob"])]
    return {"assumptions": rows}


def _elsewhere(session: Session, request: Request) -> object:
    del session, request
    return {"portal": "please log in", "at": time.time()}


_ROUTES: Mapping[str, Mapping[str, Handler]] = {
    "": {"GET": _index},
    "clock": {"GET": _get_clock, "POST": _post_clock},
    "tasks": {"GET": _get_tasks, "POST": _post_task},
    "deliveries": {"GET": _get_deliveries},
    "requests": {"GET": _get_requests},
    "reset": {"POST": _post_reset},
    "faults": {"GET": _get_faults, "POST": _post_fault, "DELETE": _delete_faults},
    "knobs": {"GET": _get_knobs, "POST": _post_knobs},
    "assumptions": {"GET": _get_assumptions},
    "elsewhere": {"GET": _elsewhere},
}
_WITH_ID: tuple[tuple[re.Pattern[str], str, Callable[[Session, str], object]], ...] = (
    (_CANCEL_PATH, "POST", _cancel_task),
    (_FAULT_PATH, "DELETE", _delete_fault),
)
