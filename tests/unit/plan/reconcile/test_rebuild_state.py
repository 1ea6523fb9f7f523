"""After the state was lost: what is seen is claimed, what is not seen is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from pushctl.plan.change import Create, NoOp, Replace
from pushctl.plan.diff.diff import diff
from pushctl.plan.reconcile.rebuild_state import Certainty, Rebuilt, rebuild
from pushctl.push.push import Push
from pushctl.push.task import ActualTask
from pushctl.schedule.recurrence import Recurrence
from pushctl.schedule.rrule import parse_rrule
from pushctl.state.events import TaskAdopted, advance
from pushctl.state.state import Phase, State
from tests.builders import (
    DAY,
    HOUR,
    NOW,
    TODAY,
    actual,
    changed,
    context,
    daily,
    days,
    desired,
    once,
    people,
    state,
    task,
)

LOOP = desired("loop", title="Loop", schedule=daily("09:00"))
BIG = desired("big", targets=people(23))


def listed(push: Push, *ids: str, **changes: Any) -> tuple[ActualTask, ...]:
    """What the service lists of an entry's tasks, under some ids."""
    title = push.message.title
    return tuple(actual(task(push, task_id=id, **changes), title=title) for id in ids)


def window(push: Push, id: str, first: int, last: int) -> ActualTask:
    (row,) = listed(push, id, schedule=daily("09:00", days(first), days(last)))
    return row


def found(*pushes: Push, rows: Sequence[ActualTask], **options: bool) -> Rebuilt:
    return rebuild(pushes, state(), rows, context(), **options)


def after(rebuilt: Rebuilt) -> State:
    """The state with everything claimed."""
    current = state()
    for claim in rebuilt.claims:
        for record in claim.tasks:
            push = claim.push
            event = TaskAdopted(push.id, record, push.fingerprint, push.spec, push.meta)
            current = advance(current, event)
    return current


def test_rebuild_claims_what_only_one_entry_can_have_made() -> None:
    one = desired("one")
    rebuilt = found(one, LOOP, rows=(*listed(one, "T1"), window(LOOP, "T2", 1, 100)))
    assert [(claim.push.id, claim.certainty) for claim in rebuilt.claims] == [
        ("one", Certainty.SEEN),
        ("loop", Certainty.SEEN),
    ]
    assert [task.task_id for claim in rebuilt.claims for task in claim.tasks] == ["T1", "T2"]
    changes = diff([one, LOOP], after(rebuilt), context())
    assert all(isinstance(change, NoOp) for change in changes)


def test_rebuild_takes_the_manifests_word_for_the_people_of_several_tasks() -> None:
    rebuilt = found(BIG, rows=listed(BIG, "T1", "T2", "T3"))
    (claim,) = rebuilt.claims
    assert claim.certainty is Certainty.PEOPLE_ASSUMED
    assert {label for task in claim.tasks for label in task.targets} == set(BIG.targets)
    assert isinstance(diff([BIG], after(rebuilt), context())[0], NoOp)


def test_tasks_whose_people_were_assumed_are_only_replaced_together() -> None:
    current = after(found(BIG, rows=listed(BIG, "T1", "T2", "T3")))
    joined = changed(BIG, targets=(*BIG.targets, "new"))
    (change,) = diff([joined], current, context())
    assert isinstance(change, Replace)
    assert [task.task_id for task in change.cancels] == ["T1", "T2", "T3"]
    reached = [target for new in change.creates for target in new.message_keys]
    assert sorted(reached) == sorted(joined.targets)


def test_one_of_several_assumed_tasks_that_goes_missing_takes_the_others_along() -> None:
    current = after(found(BIG, rows=listed(BIG, "T1", "T2", "T3")))
    record = current.pushes["big"]
    gone = [replace(t, phase=Phase.CANCELLED, over_at=NOW) for t in record.tasks[:2]]
    current = state({"big": replace(record, tasks=(*gone, *record.tasks[2:]))})
    (change,) = diff([BIG], current, context())
    assert isinstance(change, Replace)
    assert [task.task_id for task in change.cancels] == ["T3"]
    reached = [target for new in change.creates for target in new.message_keys]
    assert sorted(reached) == sorted(BIG.targets)


@pytest.mark.parametrize("ids", [("T1",), ("T1", "T2"), ("T1", "T2", "T3", "T4")])
def test_rebuild_is_not_sure_of_the_wrong_number(ids: tuple[str, ...]) -> None:
    rebuilt = found(BIG, rows=listed(BIG, *ids))
    assert rebuilt.claims == ()
    assert [item.id for item in rebuilt.unclear] == ["big"]
    assert str(len(ids)) in rebuilt.unclear[0].reason
    assert len(rebuilt.left) == len(ids)


@pytest.mark.parametrize("ids", [("T1",), ("T1", "T2"), ("T1", "T2", "T3", "T4")])
def test_unsure_tasks_are_replaced_on_request(ids: tuple[str, ...]) -> None:
    rebuilt = found(BIG, rows=listed(BIG, *ids), replace_unsure=True)
    (claim,) = rebuilt.claims
    assert claim.certainty is Certainty.PEOPLE_UNKNOWN
    (change,) = diff([BIG], after(rebuilt), context())
    assert isinstance(change, Replace)
    assert [task.task_id for task in change.cancels] == list(ids)
    reached = [target for new in change.creates for target in new.message_keys]
    assert sorted(reached) == sorted(BIG.targets)


def test_entries_that_look_the_same_are_told_apart_by_nobody() -> None:
    one, two = desired("one", targets=["ann"]), desired("two", targets=["bob"])
    rows = listed(one, "T1", "T2")
    rebuilt = found(one, two, rows=rows)
    assert [item.id for item in rebuilt.unclear] == ["one", "two"]
    assert "two" in rebuilt.unclear[0].reason
    replaced = found(one, two, rows=rows, replace_unsure=True)
    changes = diff([one, two], after(replaced), context())
    cancels = [t.task_id for c in changes if isinstance(c, Replace) for t in c.cancels]
    assert sorted(cancels) == ["T1", "T2"]


def test_rebuild_puts_windows_that_follow_each_other_into_segments() -> None:
    rebuilt = found(LOOP, rows=(window(LOOP, "T2", 91, 170), window(LOOP, "T1", 1, 90)))
    (claim,) = rebuilt.claims
    assert [(task.segment, task.task_id) for task in claim.tasks] == [(0, "T1"), (1, "T2")]


def test_rebuild_is_not_sure_of_windows_that_overlap() -> None:
    rebuilt = found(LOOP, rows=(window(LOOP, "T1", 1, 90), window(LOOP, "T2", 80, 170)))
    assert [item.id for item in rebuilt.unclear] == ["loop"]


def test_what_was_delivered_counts_as_sent_if_the_list_shows_it() -> None:
    past = desired("past", schedule=once(-HOUR))
    rebuilt = found(past, rows=listed(past, "T1"))
    (claim,) = rebuilt.claims
    assert [task.phase for task in claim.tasks] == [Phase.SENT]
    (change,) = diff([past], after(rebuilt), context())
    assert isinstance(change, NoOp)


def test_what_the_list_does_not_show_any_more_is_sent_only_on_request() -> None:
    past = desired("past", targets=people(11), schedule=once(-HOUR))
    rebuilt = found(past, rows=())
    assert [item.id for item in rebuilt.unclear] == ["past"]
    assumed = found(past, rows=(), assume_sent=True)
    assert assumed.claims[0].certainty is Certainty.SENT_ASSUMED
    (change,) = diff([past], after(assumed), context())
    assert isinstance(change, NoOp)


def test_new_entries_and_strangers_are_named() -> None:
    new, other = desired("new", title="New"), desired("other", title="Other")
    rebuilt = found(new, rows=listed(other, "T9"))
    assert rebuilt.absent == ("new",)
    assert [row.task_id for row in rebuilt.left] == ["T9"]
    assert rebuilt.claims == rebuilt.unclear == ()


def test_rebuild_leaves_what_is_recorded_alone() -> None:
    one = desired("one")
    current = after(found(one, rows=listed(one, "T1")))
    again = rebuild([one], current, listed(one, "T1"), context())
    assert again == Rebuilt((), (), (), ())


def test_nobody_gets_todays_delivery_twice_after_a_rebuild() -> None:
    early = desired("early", title="Loop", schedule=daily("03:00"))
    (row,) = listed(early, "T1", schedule=daily("03:00", days(1), days(100)))
    current = after(found(early, rows=(row,)))
    changed = desired("early", title="Loop", content="New", schedule=daily("05:00"))
    (change,) = diff([changed], current, context())
    assert isinstance(change, Replace)
    first = change.creates[0].first
    assert first is not None
    assert first > NOW + DAY - 5 * HOUR


def test_nobody_gets_todays_delivery_twice_where_it_was_yesterday_evening_for_the_service() -> None:
    """In New York it is still the day before: its morning was the evening before in Shanghai."""
    zone = ZoneInfo("America/New_York")
    mornings = Recurrence(parse_rrule("FREQ=DAILY"), (dt.time(9),), zone)
    push = desired("early", title="Loop", schedule=mornings)
    (row,) = listed(push, "T1", schedule=daily("21:00", days(0), days(100)))
    current = after(found(push, rows=(row,)))
    evenings = desired("early", title="Loop", schedule=replace(mornings, times=(dt.time(20),)))
    (change,) = diff([evenings], current, context())
    assert isinstance(change, Replace)
    first = change.creates[0].first
    assert first is not None
    assert dt.datetime.fromtimestamp(first, zone).date() == TODAY


def test_a_rebuilt_entry_can_be_created_when_nothing_is_there() -> None:
    (change,) = diff([BIG], after(found(BIG, rows=())), context())
    assert isinstance(change, Create)
