"""What `status` points at."""

from __future__ import annotations

import pytest

from pushctl.plan.coverage import SOON, Coverage
from pushctl.plan.guards.quota import Waiting
from pushctl.plan.planner import make_plan
from pushctl.plan.status import (
    Attention,
    AttentionReason,
    Status,
    StatusRow,
    count_statuses,
    needs_attention,
    rows,
    with_coverage,
)
from pushctl.push.push import Push
from pushctl.state.state import Phase, State
from tests.builders import DAY, NOW, desired, plan_request, recorded, scheduled, state, task
from tests.fakes import ZONE


def looked(
    held: State,
    *wanted: Push,
    reach: dict[str, Coverage] | None = None,
    waiting: tuple[Waiting, ...] = (),
) -> tuple[tuple[StatusRow, ...], tuple[Attention, ...]]:
    covered = reach or {}
    found = with_coverage(rows(held, now=NOW, zone=ZONE), covered, waiting, now=NOW)
    plan = make_plan(plan_request(*wanted), held, None)
    return found, needs_attention(found, covered, waiting, plan, now=NOW)


def test_what_is_as_the_manifest_says_needs_nobody() -> None:
    push = desired()
    found, told = looked(scheduled(push), push)
    assert (count_statuses(found), told) == ({Status.SCHEDULED: 1}, ())


@pytest.mark.parametrize(
    ("reach", "standing", "concern"),
    [
        (Coverage("promo", NOW, NOW + SOON + 1), Status.SCHEDULED, None),
        (
            Coverage("promo", NOW, NOW + SOON),
            Status.LAPSING,
            Attention(AttentionReason.LAPSING, "promo", NOW + SOON),
        ),
        (
            Coverage("promo", None, NOW + DAY, (NOW - 2, NOW - 1)),
            Status.LAPSED,
            Attention(AttentionReason.LAPSED, "promo", NOW - 2, 2),
        ),
        (Coverage("promo", NOW, None), Status.SCHEDULED, None),
    ],
)
def test_a_recurrence_that_ends_soon_lapses(
    reach: Coverage, standing: Status, concern: Attention | None
) -> None:
    push = desired()
    found, told = looked(scheduled(push), push, reach={"promo": reach})
    assert found[0].standing is standing
    assert told == (() if concern is None else (concern,))


def test_what_waits_is_there_even_if_nothing_of_it_is_recorded() -> None:
    push = desired()
    wait = (Waiting("promo", 1, NOW + 1), Waiting("new", 2, NOW + 2))
    found, told = looked(scheduled(push), push, waiting=wait)
    assert [(row.id, row.standing) for row in found] == [
        *(("promo", Status.SCHEDULED), ("new", Status.WAITING)),
    ]
    assert told == (
        *(
            Attention(AttentionReason.WAITING, "promo", NOW + 1, 1),
            Attention(AttentionReason.WAITING, "new", NOW + 2, 2),
        ),
    )
    ended = state({"promo": recorded(push, task(push, phase=Phase.SENT))})
    found, _ = looked(ended, push, waiting=wait[:1])
    assert [row.standing for row in found] == [Status.WAITING]


def test_an_entry_is_named_once_by_what_is_most_pressing() -> None:
    push = desired()
    held = scheduled(push, phase=Phase.CREATING)
    wait = (Waiting("promo", 1, NOW + 1),)
    _, told = looked(held, push, waiting=wait)
    assert [(item.id, item.need) for item in told] == [("promo", AttentionReason.IN_DOUBT)]


def test_what_is_stopped_and_what_differs() -> None:
    push, other = desired(), desired("other", title="Now")
    held = state({"promo": recorded(push, task(push, phase=Phase.CANCELLED), stopped=True)})
    _, told = looked(held, push, other)
    assert [(item.id, item.need) for item in told] == [
        *(("promo", AttentionReason.STOPPED), ("other", AttentionReason.DIFFERS)),
    ]
