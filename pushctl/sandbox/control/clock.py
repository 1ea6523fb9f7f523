"""The pages about the sandbox's clock."""

from __future__ import annotations

from pushctl.sandbox.clock import parse_time
from pushctl.sandbox.control import views
from pushctl.sandbox.control.routes import Asked, ControlError, Route
from pushctl.sandbox.storage.store import Session


def _change(session: Session, asked: Asked) -> object:
    if not asked.object():
        raise ControlError(400, "the body says nothing")
    change = asked.body("ClockChange")
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
    if change.freeze:
        clock = clock.with_speed(0.0, real)
    elif change.freeze is False and clock.frozen:
        clock = clock.with_speed(1.0, real)
    session.set_clock(clock)
    return {**views.clock(session), "delivered": session.fire_due()}


ROUTES = (
    Route("GET", "clock", "What the clock shows.", lambda session, _: views.clock(session)),
    Route("POST", "clock", "Move the clock.", _change, body="ClockChange"),
)
