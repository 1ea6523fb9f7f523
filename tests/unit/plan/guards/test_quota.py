"""What is created, and what waits, when the quota has no room for everything."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from pushctl.plan.change import Cancel, Change, Create, NoOp, Renew, Replace, creates_of
from pushctl.plan.guards.quota import Waiting
from pushctl.plan.guards.thresholds import Limits
from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.state.state import Phase, State
from tests.builders import (
    DAY,
    HOUR,
    NOW,
    daily,
    days,
    desired,
    loop,
    once,
    people,
    recorded,
    scheduled,
    state,
    task,
    wishes,
)
from tests.in_memory import Bench

SOON = desired("soon", schedule=once(DAY))
LATER = desired("later", title="Later", schedule=once(9 * DAY))
CROWD = desired("crowd", title="Crowd", schedule=once(5 * DAY), targets=people(25))


def plan(*pushes: object, limit: int, held: State | None = None, **more: object) -> Plan:
    wanted = wishes(*pushes, quota_limit=limit, soonest=True, limits=Limits(force=True), **more)  # type: ignore[arg-type]
    return make_plan(wanted, held or state(), None)


def created(changes: Iterable[Change]) -> dict[str, int]:
    return {change.id: len(creates_of(change)) for change in changes if creates_of(change)}


def test_everything_is_created_while_there_is_room() -> None:
    made = plan(LATER, SOON, CROWD, limit=5)
    assert created(made.changes) == {"later": 1, "soon": 1, "crowd": 3}
    assert made.waiting == ()


def test_the_soonest_are_created_and_the_rest_waits_by_name() -> None:
    made = plan(LATER, SOON, CROWD, limit=3)
    assert created(made.changes) == {"soon": 1, "crowd": 2}
    assert [(item.id, item.tasks, item.first) for item in made.waiting] == [
        ("crowd", 1, NOW + 5 * DAY),
        ("later", 1, NOW + 9 * DAY),
    ]
    assert made.quota.peak == 3
    assert [item.code for item in made.diagnostics] == ["PSH602", "PSH608"]
    (waits,) = [change for change in made.changes if change.id == "later"]
    assert isinstance(waits, NoOp)
    assert waits.telling


def test_what_can_only_come_too_late_is_counted() -> None:
    """One task is over in time for the first that waits, none for the second."""
    other = desired("other", title="Other", schedule=once(8 * DAY))
    made = plan(SOON, LATER, other, limit=1)
    assert made.waiting == (
        Waiting("other", 1, NOW + 8 * DAY, late=0),
        Waiting("later", 1, NOW + 9 * DAY, late=1),
    )
    assert "these are missed: later." in made.diagnostics[-1].detail


def test_a_replaced_entry_uses_its_own_room() -> None:
    held = scheduled(SOON)
    made = plan(desired("soon", title="New", schedule=once(DAY)), LATER, limit=1, held=held)
    assert created(made.changes) == {"soon": 1}
    assert isinstance(made.changes[0], Replace)
    assert [item.id for item in made.waiting] == ["later"]


def test_room_of_what_is_cancelled_for_good_is_given_away() -> None:
    made = plan(LATER, limit=1, held=scheduled(SOON))
    assert isinstance(made.changes[1], Cancel)
    assert created(made.changes) == {"later": 1}


def test_nothing_is_created_where_more_is_scheduled_than_allowed() -> None:
    held = state({"crowd": recorded(CROWD, *(task(CROWD, chunk=n) for n in range(3)))})
    made = plan(CROWD, SOON, limit=2, held=held)
    assert created(made.changes) == {}
    assert [item.id for item in made.waiting] == ["soon"]


def test_a_renewal_that_waits_falls_silent_all_the_same() -> None:
    push = desired("loop", schedule=daily())
    held = state({"loop": recorded(push, task(push, schedule=loop("09:00", days(-9), days(2))))})
    assert [item.code for item in plan(push, limit=1, held=held).diagnostics] == [
        "PSH608",
        "PSH216",
    ]
    assert [item.code for item in plan(push, limit=2, held=held).diagnostics] == ["PSH602"]
    excluded = plan(push, limit=2, held=held, exclude=frozenset({"loop"}))
    assert [item.code for item in excluded.diagnostics] == ["PSH216"]


def test_a_renewal_waits_too() -> None:
    push = desired("loop", schedule=daily())
    held = state({"loop": recorded(push, task(push, schedule=loop("09:00", days(-9), days(9))))})
    full = plan(push, limit=1, held=held)
    assert created(full.changes) == {}
    assert [item.tasks for item in full.waiting] == [1]
    (renew,) = plan(push, limit=2, held=held).changes
    assert isinstance(renew, Renew)


def test_loops_can_be_weighed_by_their_deliveries() -> None:
    push = desired("loop", schedule=daily(last=days(9)))
    for limit, expected in ((10, {"loop": 1}), (9, {})):
        made = plan(push, limit=limit, weigh_deliveries=True)
        assert created(made.changes) == expected


def test_no_delivery_is_given_up_for_a_replacement_that_needs_more_room() -> None:
    push = desired("loop", schedule=daily(last=days(9)))
    sent = loop("09:00", days(0), days(9))
    held = state({"loop": recorded(push, task(push, schedule=sent))})
    longer = desired("loop", title="New", schedule=daily(last=days(12)))
    made = plan(longer, limit=10, weigh_deliveries=True, held=held)
    assert isinstance(made.changes[0], NoOp)
    assert [(item.id, item.tasks) for item in made.waiting] == [("loop", 1)]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5])
def test_every_apply_tops_up_until_all_is_created(limit: int) -> None:
    """And while there is no room, a second run changes nothing."""
    bench = Bench()
    more = {"quota_limit": limit, "soonest": True}
    entries = [SOON, LATER, CROWD, desired("day", title="Day", schedule=once(2 * DAY))]
    for _ in range(10):
        bench.apply(*entries, more=more)
        assert len(bench.service.open) <= limit
        assert bench.apply(*entries, more=more).plan.effective == ()
        bench.service.advance(DAY - HOUR)
    got = [item.target for item in bench.service.delivered]
    assert len(got) == len(set(bench.service.delivered))
    assert isinstance(bench.plan(*entries, more=more).changes[0], NoOp | Create)
    finished = [t.phase for r in bench.state.pushes.values() for t in r.tasks]
    assert set(finished) <= {Phase.SENT, Phase.SCHEDULED}
