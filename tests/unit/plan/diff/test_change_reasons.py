"""The reasons that a plan shows, and the fields that differ."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from pushctl.plan.change import FieldChange
from pushctl.plan.diff.change_reasons import (
    BY_A_CALENDAR,
    changed_field,
    changed_fields,
    create_reason,
    noop_reason,
    replace_reason,
)
from pushctl.push.push import Push
from pushctl.state.state import Phase, PushRecord, TaskRecord
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
    recorded,
    task,
)

PUSH = desired()
DAILY = desired(schedule=daily())
SENT = task(phase=Phase.SENT, over_at=NOW)
GONE = task(phase=Phase.CANCELLED, over_at=NOW)


@pytest.mark.parametrize(
    ("push", "record", "reason"),
    [
        (PUSH, None, "new"),
        (PUSH, recorded(), "not created yet"),
        (PUSH, recorded(None, GONE, stopped=True),
         "it was stopped, and this edit lets it run again"),
        (PUSH, recorded(None, SENT), "sends again"),
        (DAILY, recorded(DAILY, SENT), "not scheduled any more"),
        (PUSH, recorded(None, GONE), "not scheduled any more"),
        (desired(title="New"), recorded(None, GONE), "changed while nothing was scheduled"),
    ],
)  # fmt: skip
def test_why_an_entry_gets_tasks(push: Push, record: PushRecord | None, reason: str) -> None:
    assert create_reason(push, record) == reason


@pytest.mark.parametrize(
    ("push", "reason"),
    [
        (desired(schedule=daily(first=days(300))),
         "nothing is due within the service's reach yet"),
        (desired(schedule=daily(last=days(-1))), "no deliveries left"),
        (desired(schedule=daily(last=days(5))), "no deliveries left"),
        (desired(schedule=once(-5)), "no deliveries left"),
    ],
)  # fmt: skip
def test_why_nothing_is_due(push: Push, reason: str) -> None:
    assert noop_reason(push, context()) == reason


@pytest.mark.parametrize(
    ("paths", "reason"),
    [
        ([], "what it compiles to changed"),
        (["to.joined"], "what it compiles to changed"),
        (["title", "to.left"], "title changed"),
        (["a", "b", "c"], "a, b, c changed"),
        (["a", "b", "c", "d", "e"], "a, b, c and 2 more changed"),
    ],
)
def test_the_first_fields_that_changed_are_named(paths: list[str], reason: str) -> None:
    assert changed_field([FieldChange(path, 1, 2) for path in paths]) == reason


TITLE, TO = FieldChange("title", "Old", "New"), FieldChange("to", 1, 2)
KEPT, TWIN = task(), task(generation=2)


@pytest.mark.parametrize(
    ("push", "record", "fields", "cancels", "fits", "reason"),
    [
        (desired(title="New"), recorded(), [TITLE], [task()], [], "title changed"),
        (DAILY, recorded(desired(schedule=daily("10:00"))), [TITLE], [task(DAILY, schedule=once())],
         [], "title changed"),
        (DAILY, recorded(desired(schedule=daily("10:00"))), [], [], [], BY_A_CALENDAR),
        (PUSH, recorded(None, KEPT), [TO], [KEPT], [], "targets changed"),
        (PUSH, recorded(None, KEPT, TWIN), [], [KEPT], [TWIN], "scheduled twice"),
        (PUSH, recorded(None, KEPT), [], [KEPT], [], "its times have changed"),
        (PUSH, recorded(None, KEPT, replace(GONE, segment=1)), [], [], [KEPT],
         "a part of it is not scheduled any more"),
        (PUSH, recorded(None, KEPT), [], [], [KEPT], "a part of it is not scheduled yet"),
    ],
)  # fmt: skip
def test_why_tasks_are_replaced(
    push: Push,
    record: PushRecord,
    fields: Sequence[FieldChange],
    cancels: Sequence[TaskRecord],
    fits: Sequence[TaskRecord],
    reason: str,
) -> None:
    assert replace_reason(push, record, fields, cancels, fits, context()) == reason


OTHER = "made with time zone data 2025b, this machine has 2026c"
LATER = desired(schedule=once(DAY + HOUR))


@pytest.mark.parametrize(
    ("push", "record", "fields", "cancels", "reason"),
    [
        (LATER, recorded(None, KEPT), [], [KEPT], OTHER),
        (PUSH, recorded(None, KEPT), [], [KEPT], OTHER),
        (LATER, recorded(None, KEPT), [TITLE], [KEPT], "title changed"),
        (LATER, recorded(None, KEPT), [FieldChange("schedule.at", 1, 2)], [KEPT],
         "schedule.at changed"),
        (DAILY, recorded(), [], [KEPT], "what it compiles to changed"),
        (DAILY, recorded(desired(schedule=daily("10:00"))), [], [], BY_A_CALENDAR),
    ],
)  # fmt: skip
def test_another_edition_of_the_time_zone_data_moves_what_nobody_edited(
    push: Push,
    record: PushRecord,
    fields: Sequence[FieldChange],
    cancels: Sequence[TaskRecord],
    reason: str,
) -> None:
    here = replace(context(), zone_data=OTHER)
    assert replace_reason(push, record, fields, cancels, [], here) == reason


# --- fields ---------------------------------------------------------------------------------------


def test_people_are_counted_and_named_last() -> None:
    before, after = {0: frozenset("ab"), 1: frozenset("c")}, ["b", "c", "d"]
    assert changed_fields(desired(title="New"), recorded(), before, after) == (
        FieldChange("title", "Title", "New"),
        FieldChange("to", 3, 3),
        FieldChange("to.joined", None, "d"),
        FieldChange("to.left", "a", None),
    )
    assert changed_fields(PUSH, recorded(), {0: frozenset("ab")}, ["b", "a"]) == ()


def test_only_some_of_many_people_are_named() -> None:
    found = changed_fields(PUSH, recorded(), {}, people(8))
    assert found[-1].after == "u000, u001, u002, u003, u004, and 3 more"
    assert (
        changed_fields(PUSH, recorded(), {}, people(5))[-1].after == "u000, u001, u002, u003, u004"
    )
