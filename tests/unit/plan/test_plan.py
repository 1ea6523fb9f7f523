"""A plan as data: counts, digests, quota, validity."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from pushctl.plan.change import Action, Adopt, Blocked, BlockReason, Change, Rename, creates_of
from pushctl.plan.diff.diff import diff
from pushctl.plan.guards.quota import Quota, QuotaRoom, Waiting, in_use, quota_of
from pushctl.plan.plan import valid_until
from pushctl.plan.planner import make_plan
from pushctl.plan.reconcile.listing import Listing
from pushctl.plan.reconcile.refresh import Drift, DriftKind
from pushctl.push.push import Push
from pushctl.push.task import Slot
from pushctl.schedule.recurrence import Recurrence
from pushctl.schedule.rrule import parse_rrule
from pushctl.schedule.service_schedule import remaining
from pushctl.state.state import Phase, State
from tests.builders import (
    DAY,
    NOW,
    actual,
    changed,
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
from tests.fakes import ZONE


def changes(held: State, *pushes: Push, **more: object) -> tuple[Change, ...]:
    return diff(pushes, held, context(**more))  # type: ignore[arg-type]


def counted(found: tuple[Change, ...], used: int, *, weigh: bool = False) -> Quota:
    return quota_of(found, QuotaRoom(100, used, NOW, ZONE, weigh_deliveries=weigh))


def test_quota_counts_creates_at_the_peak() -> None:
    assert counted(changes(state(), desired(targets=people(11))), 5) == Quota(100, 5, 7, 7)


def test_quota_lets_plain_cancels_make_room_first() -> None:
    held = state({"a": recorded(desired("a"), task(desired("a")))})
    assert counted(changes(held, desired("b")), 1) == Quota(100, 1, 1, 1)


def test_quota_of_a_replacement_does_not_grow() -> None:
    assert counted(changes(scheduled(desired()), desired(title="x")), 1) == Quota(100, 1, 1, 1)


def test_quota_does_not_count_on_replacements_that_shrink() -> None:
    wide = desired("wide", targets=people(11))
    held = state(
        {
            "wide": recorded(
                wide, task(wide, targets=people(10)), task(wide, chunk=1, targets=["u010"])
            )
        }
    )
    found = changes(held, desired("wide", targets=people(5)), desired("new"))
    assert counted(found, 2) == Quota(100, 2, 2, 3)


def test_quota_can_count_deliveries() -> None:
    loop = desired(schedule=daily("09:00", days(0), days(4)))
    after = changed(loop, title="New")
    found = changes(scheduled(loop), after)
    assert counted(found, 5, weigh=True) == Quota(100, 5, 5, 5)
    assert counted(changes(scheduled(loop)), 5, weigh=True) == Quota(100, 5, 0, 5)


def test_in_use_counts_ours_and_strangers() -> None:
    loop = desired(schedule=daily("09:00", days(0), days(4)))
    gone = task(loop, chunk=1, phase=Phase.CANCELLED, over_at=NOW)
    held = state({"promo": recorded(loop, task(loop), gone)})
    rows = [actual(task(loop), task_id="X")]
    assert in_use(held, rows, now=NOW, zone=ZONE) == 2
    assert in_use(held, rows, now=NOW, zone=ZONE, weigh_deliveries=True) == 10


def test_valid_until_is_the_danger_window_before_the_soonest() -> None:
    found = changes(scheduled(desired()), desired(schedule=once(2 * DAY)), desired("b"))
    assert valid_until(found, now=NOW, zone=ZONE, danger_window=600) == NOW + DAY - 600
    same = changes(scheduled(desired()), desired())
    assert valid_until(same, now=NOW, zone=ZONE, danger_window=600) is None


def test_remaining_is_strictly_ahead() -> None:
    assert remaining(once(0), NOW, ZONE) == ()
    assert remaining(once(1), NOW, ZONE) == (NOW + 1,)


def test_plan_counts_every_kind() -> None:
    plan = make_plan(
        plan_request(desired(), desired("b")), scheduled(desired()), Listing((), NOW - 5)
    )
    assert set(plan.counts) == set(Action)


def test_plan_stops_for_blocks_but_not_for_doubts() -> None:
    doubt = Blocked("a", None, BlockReason.IN_DOUBT, "", "")
    past = Blocked("b", None, BlockReason.PAST, "", "")
    plan = replace(make_plan(plan_request(), state(), None), changes=(doubt, past))
    assert plan.blocked == (doubt, past)
    assert plan.stopping == (past,)
    assert plan.offline


def digest_of(*found: Change) -> str:
    return replace(make_plan(plan_request(), state(), None), changes=found).actions_digest


def test_actions_digest_tells_apart_what_would_be_done() -> None:
    one, two = task(task_id="T1"), task(task_id="T2")
    kinds = [
        Rename("c", "a", ""),
        Rename("c", "b", ""),
        Adopt("promo", desired(), one, ""),
        Adopt("promo", desired(), two, ""),
        *changes(state(), desired()),
        *changes(state(), desired(title="x")),
        *changes(state(), desired(targets=["bob"])),
        *changes(scheduled(desired())),
        *changes(scheduled(desired(), task_id="T3")),
    ]
    assert len({digest_of(kind) for kind in kinds}) == len(kinds)


def test_actions_digest_leaves_out_what_calls_nobody_and_today_s_window() -> None:
    noop = changes(scheduled(desired()), desired())
    loop = desired(schedule=daily())
    assert digest_of() == digest_of(*noop)
    today = changes(state(), loop)
    tomorrow = diff((loop,), state(), context(NOW + DAY))
    assert digest_of(*today) == digest_of(*tomorrow)


@pytest.mark.parametrize("rule", ["FREQ=MONTHLY;BYDAY=-1FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"])
def test_actions_digest_leaves_out_that_tomorrow_one_more_task_is_within_reach(rule: str) -> None:
    push = desired(schedule=Recurrence(parse_rrule(rule), (dt.time(9),), ZONE, days(40)))
    found = [diff((push,), state(), context(NOW + DAY * passed)) for passed in range(35)]
    assert len({len(creates_of(change)) for (change,) in found}) > 1
    assert len({digest_of(*change) for change in found}) == 1


def test_actions_digest_tells_what_the_service_lost_and_has_no_room_for() -> None:
    push = desired(schedule=daily("09:00"))
    lost = [Drift("promo", Slot(0, number, 1), DriftKind.GONE, "T", 9, 9) for number in (0, 1)]
    plan = make_plan(plan_request(push), state(), None)
    plans = [
        plan,
        *(replace(plan, drift=tuple(lost[:number])) for number in (1, 2)),
        replace(plan, waiting=(Waiting("promo", 1, NOW),)),
    ]
    assert len({each.actions_digest for each in plans}) == len(plans)
    other = replace(lost[0], id="another")
    assert replace(plan, drift=(other,)).actions_digest == plan.actions_digest
