"""Where changes come from, with two plans over the same state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from pushctl.diagnostics import EditedLine
from pushctl.plan.change_origin import change_origins, findings
from pushctl.plan.origin import Cause, Origin, origin_of_edit
from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan, reconcile
from pushctl.plan.reconcile.listing import Listing
from pushctl.push.push import Push
from pushctl.push.task import ActualTask
from pushctl.state.state import Phase, State
from tests.builders import (
    DAY,
    HOUR,
    NOW,
    context,
    daily,
    days,
    desired,
    once,
    people,
    plan_request,
    recorded,
    scheduled,
    state,
    task,
)

OWN = Origin(Cause.EDITED, (EditedLine("pushctl.yaml", 3),))


def told(
    base: Iterable[Push],
    head: Iterable[Push],
    held: State,
    edits: Mapping[str, Origin] | None = None,
    *,
    settings: tuple[EditedLine, ...] = (),
    rows: tuple[ActualTask, ...] | None = None,
    before: dict[str, Any] | None = None,
    **more: Any,
) -> tuple[Plan, dict[str, Cause]]:
    look = None if rows is None else Listing(rows, NOW)
    wanted = plan_request(*head, **more)
    plan = make_plan(wanted, held, look)
    former = make_plan(plan_request(*base, **{**more, **(before or {})}), held, look)
    _, refreshed = reconcile(wanted, held, look)
    found = change_origins(plan, former, edits or {}, settings, refreshed.state, wanted)
    plan = replace(plan, origins=found, base="main (abc)")
    return plan, {id: origin.cause for id, origin in found.items()}


def test_what_only_the_branch_does_comes_from_its_lines() -> None:
    now = desired(title="Now")
    _, causes = told([desired()], [now], scheduled(desired()), {"promo": OWN})
    assert causes == {"promo": Cause.EDITED}


def test_what_main_would_do_as_well_comes_from_no_edit() -> None:
    push = desired()
    plan, causes = told([push], [push], state())
    assert causes == {"promo": Cause.UNEXPLAINED}
    (found,) = findings(plan)
    assert (found.code, found.push) == ("PSH609", "promo")
    assert "main (abc) says the same" in found.detail


def test_lines_that_moved_in_the_file_change_nothing_about_that() -> None:
    push = desired()
    moved = replace(push, source=replace(push.source, line=99))
    assert told([push], [moved], state())[1] == {"promo": Cause.UNEXPLAINED}


def test_an_unfinished_apply_is_no_fault() -> None:
    push = desired(targets=people(12))
    held = state({"promo": recorded(push, task(push, targets=people(10)))})
    gone = state({"promo": recorded(push, task(push, phase=Phase.CANCELLED, over_at=NOW - 60))})
    assert told([push], [push], gone)[1] == {"promo": Cause.UNFINISHED}
    # People who were never applied are another matter.
    assert told([push], [push], held)[1] == {"promo": Cause.UNEXPLAINED}


def test_other_time_zone_data_move_what_nobody_edited() -> None:
    was, now = desired(), desired(schedule=once(DAY + HOUR))
    other = replace(context(), zone_data="made with time zone data 2025b, this machine has 2026c")
    plan, causes = told([now], [now], scheduled(was), context=other)
    assert causes == {"promo": Cause.ZONE_DATA}
    assert findings(plan) == ()
    assert told([now], [now], scheduled(was))[1] == {"promo": Cause.UNEXPLAINED}
    edited = desired(title="Now", schedule=once(DAY + HOUR))
    assert told([edited], [edited], scheduled(was), context=other)[1] == {
        "promo": Cause.UNEXPLAINED
    }


def test_what_the_service_lost_is_drift() -> None:
    push = desired()
    assert told([push], [push], scheduled(push), rows=())[1] == {"promo": Cause.DRIFT}


def test_an_unknown_outcome_is_a_doubt() -> None:
    push = desired()
    held = scheduled(push, phase=Phase.CREATING)
    assert told([push], [push], held)[1] == {"promo": Cause.DOUBT}


def test_a_renewal_is_brought_by_the_clock() -> None:
    push = desired(schedule=daily())
    sent = daily(first=days(0), last=days(10))
    record = recorded(push, task(push, schedule=sent))
    assert told([push], [push], state({"promo": record}))[1] == {"promo": Cause.CLOCK}


def test_a_recurrence_that_has_come_within_reach_is_brought_by_the_clock() -> None:
    push = desired(schedule=daily(first=days(179)))
    other = desired("other", schedule=once(2 * DAY))
    held = scheduled(other, began_at=NOW - 10 * DAY)
    assert told([push, other], [push, other], held)[1] == {"promo": Cause.CLOCK}
    lately = scheduled(other)
    assert told([push, other], [push, other], lately)[1] == {"promo": Cause.UNEXPLAINED}


def test_a_policy_changes_pushes_from_afar() -> None:
    held = scheduled(desired(schedule=once(HOUR)))
    line = EditedLine("pushctl.yaml", 9, "policy")
    longer = {"before": {"context": context()}, "context": context(danger_window=2 * HOUR)}
    plan, _ = told([], [], held, settings=(line,), **longer)
    assert plan.origins == {"promo": Origin(Cause.INDIRECT, (line,))}


def test_room_that_an_edit_made_is_used_by_others() -> None:
    first, second = desired("first", schedule=once(DAY)), desired("second", schedule=once(2 * DAY))
    held = scheduled(first)
    gone = {"first": OWN}
    found = told([first, second], [second], held, gone, quota_limit=1, soonest=True)[1]
    assert found == {"first": Cause.EDITED, "second": Cause.FOLLOWS}


def test_room_that_time_made_is_used_too() -> None:
    push = desired()
    assert told([push], [push], state(), soonest=True)[1] == {"promo": Cause.CLOCK}


def test_an_edit_that_changes_nothing_is_told() -> None:
    push = desired()
    plan, causes = told([push], [push], scheduled(push), {"promo": OWN})
    assert causes == {"promo": Cause.EDITED}
    assert [item.code for item in findings(plan)] == ["PSH612"]


def test_places_from_afar_are_counted_once_each() -> None:
    pushes = [desired(f"p{number}", title="Now") for number in range(5)]
    line = EditedLine("pushctl.yaml", 9, "defaults")
    trace = Origin(Cause.INDIRECT, (line,))
    both = Origin(Cause.EDITED, (EditedLine("pushctl.yaml", 3), line))
    edits = {push.id: both if push.id == "p0" else trace for push in pushes}
    plan, _ = told([], pushes, state(), edits)
    (found,) = findings(plan)
    assert found.code == "PSH611"
    assert found.detail == (
        "5 pushes change through `defaults`, pushctl.yaml:9: p0, p1, p2 and 2 more."
    )


def test_what_changed_from_nowhere_is_told_as_well() -> None:
    push = desired(title="Now")
    plan, _ = told([], [push], state(), {"promo": Origin(Cause.INDIRECT)})
    (found,) = findings(plan)
    assert found.detail == "1 push changes through other lines: promo."


@pytest.mark.parametrize(
    ("parts", "indented", "cause"),
    [
        ([""], False, Cause.EDITED),
        ([""], True, Cause.INDENTED),
        (["", "defaults"], True, Cause.EDITED),
        (["moved"], False, Cause.EDITED),
        (["audience"], False, Cause.FILE),
        (["audience", "calendar"], True, Cause.FILE),
        (["audience", "defaults"], False, Cause.INDIRECT),
        (["vars.x"], False, Cause.INDIRECT),
        ([], False, Cause.INDIRECT),
    ],
)
def test_the_lines_say_what_kind_of_edit_it_was(
    parts: list[str], indented: bool, cause: Cause
) -> None:
    lines = tuple(EditedLine("x.yaml", 1, part) for part in parts)
    assert origin_of_edit(lines, indented=indented) == Origin(cause, lines)
