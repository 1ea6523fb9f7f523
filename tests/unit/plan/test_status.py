"""What `status` points at."""

from __future__ import annotations

from typing import Any

import pytest

from pushctl.plan.coverage import SOON, Coverage
from pushctl.plan.guards.quota import Waiting
from pushctl.plan.planner import make_plan
from pushctl.plan.status import Concern, Need, Row, Standing, concerns, placed, rows, standings
from pushctl.push.push import DesiredPush
from pushctl.render.text import state as state_text
from pushctl.render.text import status as status_text
from pushctl.state.state import Phase, State
from pushctl.text.style import Style
from pushctl.text.width import width
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


# --- what is shown --------------------------------------------------------------------------------

MANY = [Concern(Need.DIFFERS, f"p{number}") for number in range(30)]


@pytest.mark.parametrize(
    ("concern", "said", "typed"),
    [
        (Concern(Need.IN_DOUBT, "a", None, 2), "? a  2 tasks: the outcome", "state resolve a"),
        (Concern(Need.LAPSED, "a", NOW, 1), "! a  fell silent on Fri 29 May 2026", "plan"),
        (Concern(Need.LAPSING, "a", NOW), "! a  is not scheduled on Fri 29 May 2026", "plan"),
        (Concern(Need.WAITING, "a", NOW, 3), "… a  waits for room: 3 tasks, first due", "plan"),
        (Concern(Need.STOPPED, "a[b]"), "■ a[b]  is stopped", "resume 'a[b]'"),
        (Concern(Need.DIFFERS, "a"), "~ 1 push is not as the manifest says", "plan"),
    ],
)
def test_every_concern_says_what_to_type(concern: Concern, said: str, typed: str) -> None:
    text = status_text.attention([concern], typed="pushctl --env prod", zone=ZONE)
    assert said in text
    assert text.endswith(f"  type: pushctl --env prod {typed}\n")


def test_many_are_counted_and_what_to_type_is_said_once() -> None:
    stopped = [Concern(Need.STOPPED, f"s{number}") for number in range(25)]
    text = status_text.attention([*stopped, *MANY], typed="pushctl", zone=ZONE)
    assert "and 5 more" in text
    assert "~ 30 pushes are not as the manifest says" in text
    assert text.count("type: pushctl plan\n") == 1
    assert status_text.attention([], typed="pushctl", zone=ZONE) == "Nothing needs attention.\n"


def test_the_summary_counts_how_they_stand() -> None:
    counted = {Standing.SCHEDULED: 2, Standing.STOPPED: 1}
    assert status_text.summary(counted) == "3 pushes: 2 scheduled, 1 stopped\n"


def shown(cells: int | None, **more: Any) -> list[str]:
    pushes = [desired("a-push-with-a-long-name"), desired("中文"), desired("sent")]
    held = state(
        {
            pushes[0].id: recorded(pushes[0], task(pushes[0])),
            "中文": recorded(pushes[1], task(pushes[1]), stopped=True),
            "sent": recorded(pushes[2], task(pushes[2], phase=Phase.SENT)),
        }
    )
    found = rows(held, now=NOW, zone=ZONE)
    style = Style(cells=cells, **more)
    return state_text.entries(found, zone=ZONE, now=NOW, style=style).splitlines()


def test_a_wide_terminal_gets_everything_in_one_line() -> None:
    assert shown(None) == shown(120)
    assert " ".join(shown(None)[1].split()) == (
        "a-push-with-a-long-name scheduled Sat 30 May 2026 04:26:40 in 1 d 1 1 1"
    )


def test_a_usual_terminal_gets_the_same_lines_without_what_can_be_left_out() -> None:
    assert len(shown(80)) == 4
    assert " ".join(shown(80)[1].split()) == (
        "a-push-with-a-long-name scheduled Sat 30 May 2026 04:26:40 1 1"
    )


@pytest.mark.parametrize("cells", [20, 40, 60])
def test_a_narrow_terminal_gets_everything_on_more_lines(cells: int) -> None:
    lines = shown(cells, color=True)
    assert max(map(width, lines)) <= cells
    text = " ".join(" ".join(lines).split())
    for part in ("Sat 30 May 2026 04:26:40 (in 1 d), 1 left, 1 target, 1 task", "中文", "sent"):
        assert part in text
