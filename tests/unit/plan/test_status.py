"""What `status` points at."""

from __future__ import annotations

import pytest

from pushctl.plan.coverage import SOON, Coverage
from pushctl.plan.guards.quota import Waiting
from pushctl.plan.planner import make_plan
from pushctl.plan.status import Concern, Need, Row, Standing, concerns, placed, rows, standings
from pushctl.push.push import DesiredPush
from pushctl.state.state import Phase, State
from tests.builders import DAY, NOW, desired, recorded, scheduled, state, task, wishes
from tests.fakes import ZONE


def looked(
    held: State,
    *wanted: DesiredPush,
    reach: dict[str, Coverage] | None = None,
    waiting: tuple[Waiting, ...] = (),
) -> tuple[tuple[Row, ...], tuple[Concern, ...]]:
    covered = reach or {}
    found = placed(rows(held, now=NOW, zone=ZONE), covered, waiting, now=NOW)
    plan = make_plan(wishes(*wanted), held, None)
    return found, concerns(found, covered, waiting, plan, now=NOW)


def test_what_is_as_the_manifest_says_needs_nobody() -> None:
    push = desired()
    found, told = looked(scheduled(push), push)
    assert (standings(found), told) == ({Standing.SCHEDULED: 1}, ())


@pytest.mark.parametrize(
    ("reach", "standing", "concern"),
    [
        (Coverage("promo", NOW, NOW + SOON + 1), Standing.SCHEDULED, None),
        (
            Coverage("promo", NOW, NOW + SOON),
            Standing.LAPSING,
            Concern(Need.LAPSING, "promo", NOW + SOON),
        ),
        (
            Coverage("promo", None, NOW + DAY, (NOW - 2, NOW - 1)),
            Standing.LAPSED,
            Concern(Need.LAPSED, "promo", NOW - 2, 2),
        ),
        (Coverage("promo", NOW, None), Standing.SCHEDULED, None),
    ],
)
def test_a_recurrence_that_ends_soon_lapses(
    reach: Coverage, standing: Standing, concern: Concern | None
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
        *(("promo", Standing.SCHEDULED), ("new", Standing.WAITING)),
    ]
    assert told == (
        *(Concern(Need.WAITING, "promo", NOW + 1, 1), Concern(Need.WAITING, "new", NOW + 2, 2)),
    )
    ended = state({"promo": recorded(push, task(push, phase=Phase.SENT))})
    found, _ = looked(ended, push, waiting=wait[:1])
    assert [row.standing for row in found] == [Standing.WAITING]


def test_an_entry_is_named_once_by_what_is_most_pressing() -> None:
    push = desired()
    held = scheduled(push, phase=Phase.CREATING)
    wait = (Waiting("promo", 1, NOW + 1),)
    _, told = looked(held, push, waiting=wait)
    assert [(item.id, item.need) for item in told] == [("promo", Need.IN_DOUBT)]


def test_what_is_stopped_and_what_differs() -> None:
    push, other = desired(), desired("other", title="Now")
    held = state({"promo": recorded(push, task(push, phase=Phase.CANCELLED), stopped=True)})
    _, told = looked(held, push, other)
    assert [(item.id, item.need) for item in told] == [
        *(("promo", Need.STOPPED), ("other", Need.DIFFERS)),
    ]
