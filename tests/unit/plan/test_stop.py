"""Whom a stop means, in which order, and what its report counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from pushctl.plan.stop import (
    REVOCABLE,
    Delivered,
    Revocation,
    StoppedPush,
    revocable_messages,
    select,
    stop_report,
    to_cancel,
)
from pushctl.push.push import Meta
from pushctl.schedule.service_schedule import Immediate, instant
from pushctl.state.state import Phase, PushRecord, State
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
    state,
    task,
)
from tests.fakes import ZONE

NINE = instant(days(0), dt.time(9), ZONE)

# --- whom it means --------------------------------------------------------------------------------


def labelled(**labels: str) -> PushRecord:
    return recorded(desired(meta=Meta(labels=labels)))


HELD = state(
    {
        "promo": labelled(team="a", kind="sale"),
        "promo[1]": labelled(team="a"),
        "promotion": labelled(team="b", kind="sale"),
    }
)


@pytest.mark.parametrize(
    ("ids", "labels", "everything", "expected"),
    [
        (["promo"], {}, False, ("promo", "promo[1]")),
        (["promo[1]"], {}, False, ("promo[1]",)),
        ([], {"team": "a"}, False, ("promo", "promo[1]")),
        ([], {"team": "a", "kind": "sale"}, False, ("promo",)),
        (["promotion"], {"team": "a"}, False, ("promo", "promo[1]", "promotion")),
        ([], {}, False, ()),
        (["unknown"], {}, False, ()),
        ([], {}, True, ("promo", "promo[1]", "promotion")),
    ],
)
def test_which_entries_are_chosen(
    ids: list[str], labels: Mapping[str, str], everything: bool, expected: tuple[str, ...]
) -> None:
    assert select(HELD, ids=ids, labels=labels, everything=everything) == expected


# --- in which order -------------------------------------------------------------------------------


def held(**records: PushRecord) -> State:
    return state(records)


def test_the_soonest_is_cancelled_first_and_what_has_no_delivery_left_last() -> None:
    late, soon = task(schedule=once(DAY)), task(schedule=once(HOUR), task_id="soon")
    over = task(schedule=once(-HOUR), task_id="over")
    both = held(a=recorded(None, over, late), b=recorded(None, soon))
    found = to_cancel(both, ["a", "b"], now=NOW, zone=ZONE)
    assert found == (("b", soon), ("a", late), ("a", over))


@pytest.mark.parametrize(
    ("phase", "named"),
    [
        (Phase.CREATING, False),
        (Phase.SCHEDULED, True),
        (Phase.CANCELLING, True),
        (Phase.CANCELLED, False),
        (Phase.SENT, False),
        (Phase.ENDED, False),
    ],
)
def test_only_what_can_be_named_and_is_still_there_is_cancelled(phase: Phase, named: bool) -> None:
    found = to_cancel(held(a=recorded(None, task(phase=phase))), ["a"], now=NOW, zone=ZONE)
    assert bool(found) is named


# --- what can be withdrawn ------------------------------------------------------------------------


@pytest.mark.parametrize(("ago", "count"), [(REVOCABLE + 1, 0), (REVOCABLE, 2), (-1, 0)])
def test_messages_are_those_of_the_last_seven_days(ago: int, count: int) -> None:
    sent = task(schedule=once(-ago), targets=people(2))
    found = revocable_messages(held(a=recorded(None, sent)), ["a"], now=NOW, zone=ZONE)
    assert len(found) == count
    assert {(item.target, item.key) for item in found} <= sent.targets.items()


def test_a_loop_that_delivered_often_is_one_message_per_target() -> None:
    often = task(schedule=loop("09:00", days(-4), days(4)), targets=people(2))
    found = revocable_messages(held(a=recorded(None, often)), ["a"], now=NOW, zone=ZONE)
    assert [item.target for item in found] == list(people(2))


@pytest.mark.parametrize(("phase", "count"), [(Phase.SENT, 1), (Phase.CREATING, 0)])
def test_a_message_that_was_sent_at_once_went_out_when_its_call_began(
    phase: Phase, count: int
) -> None:
    push = desired(schedule=Immediate())
    sent = task(push, phase=phase, began_at=NOW - REVOCABLE)
    found = revocable_messages(held(a=recorded(push, sent)), ["a"], now=NOW, zone=ZONE)
    assert len(found) == count


# --- the report -----------------------------------------------------------------------------------


def told(record: PushRecord, **withdrawn: int) -> StoppedPush:
    counts = {Revocation(name): number for name, number in withdrawn.items()}
    found = stop_report(
        held(a=record), ["a"], endpoint="sandbox", now=NOW, zone=ZONE, withdrawn={"a": counts}
    )
    (push,) = found.pushes
    assert found.clean is not bool(push.left)
    return push


LOOP = desired(schedule=daily("09:00", days(-2), days(3)), targets=people(12))


def test_a_report_counts_what_went_out_before_the_stop_and_what_will_not() -> None:
    gone = [
        replace(
            task(LOOP, chunk=chunk, targets=people(12)[first:last]),
            phase=Phase.CANCELLED,
            over_at=NOW - 60,
        )
        for chunk, first, last in ((0, 0, 10), (1, 10, 12))
    ]
    record = replace(recorded(LOOP, *gone), stopped_at=NOW - 60, meta=Meta(owner="growth"))
    push = told(replace(record, spec={"message": {"title": "Sale"}}), accepted=3)
    assert (push.id, push.title, push.owner, push.stopped_at) == ("a", "Sale", "growth", NOW - 60)
    assert push.cancelled == tuple(item.task_id for item in gone)
    assert push.people == 12
    assert (push.prevented, push.next_prevented) == (4, NINE)
    assert push.delivered == (Delivered(NINE - 2 * DAY, 12), Delivered(NINE - DAY, 12))
    assert push.left == ()
    assert push.withdrawn == {Revocation.ACCEPTED: 3}


def test_what_was_cancelled_before_the_stop_is_not_its_work() -> None:
    before = replace(task(LOOP), phase=Phase.CANCELLED, over_at=NOW - HOUR)
    push = told(replace(recorded(LOOP, before), stopped_at=NOW - 60))
    assert (push.cancelled, push.people, push.prevented, push.next_prevented) == ((), 0, 0, None)
    assert [item.at for item in push.delivered] == [NINE - 2 * DAY, NINE - DAY]


def test_what_is_scheduled_or_in_doubt_is_left() -> None:
    doubt = task(segment=1, phase=Phase.CREATING)
    push = told(recorded(None, task(), doubt))
    assert push.left == (task().task_id, "")
