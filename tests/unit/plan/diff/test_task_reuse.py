"""Which recorded tasks may stay, and what an entry needs anew."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from pushctl.plan.diff.task_reuse import chunk_members, is_restated, new_tasks, reusable
from pushctl.push.push import Push
from pushctl.push.task import NewTask
from pushctl.state.state import KEEP_FINISHED, Phase, PushRecord, TaskRecord
from tests.builders import (
    DAY,
    NOW,
    context,
    daily,
    days,
    desired,
    loop,
    once,
    recorded,
    state,
    task,
)

PUSH = desired()
DAILY = desired(schedule=daily())


def test_membership_joins_the_windows_of_a_chunk() -> None:
    tasks = [task(targets="ab"), task(segment=1, targets="bc"), task(chunk=4, targets="d")]
    assert chunk_members(tasks) == {0: frozenset("abc"), 4: frozenset("d")}


# --- what may stay --------------------------------------------------------------------------------


def stays(push: Push, *tasks: TaskRecord) -> list[tuple[int, int]]:
    return [item.age for item in reusable(push, recorded(push, *tasks), context())]


def test_the_newer_of_two_for_the_same_people_and_time_stays() -> None:
    assert stays(PUSH, task(), task(generation=2)) == [(2, 0)]
    assert stays(PUSH, task(), task(segment=1)) == [(1, 1)]
    assert stays(PUSH, task(), task(generation=2), task(generation=3)) == [(3, 0)]


def test_the_same_time_for_other_people_stays() -> None:
    assert stays(PUSH, task(), task(generation=2, targets=["bob"])) == [(1, 0), (2, 0)]


def test_other_content_does_not_stay_nor_push_anything_out() -> None:
    other = desired(title="Old")
    assert stays(PUSH, task(other), task(generation=2)) == [(2, 0)]
    assert stays(PUSH, task(), task(other, generation=2)) == [(1, 0)]


def test_a_one_shot_at_another_time_does_not_stay() -> None:
    assert stays(PUSH, task(schedule=once(2 * DAY))) == []


def test_a_loop_stays_while_all_that_it_delivers_is_wanted() -> None:
    windows = [
        task(DAILY, schedule=loop("09:00", days(0), days(9))),
        task(DAILY, segment=1, schedule=loop("10:00", days(0), days(9))),
        task(DAILY, segment=2, schedule=loop("09:00", days(10), days(20))),
    ]
    assert stays(DAILY, *windows) == [(1, 0), (1, 2)]
    ending = desired(schedule=daily(last=days(15)))
    assert stays(ending, *windows) == [(1, 0)]


def test_what_was_delivered_before_the_edit_does_not_matter() -> None:
    running = task(DAILY, schedule=loop("09:00", days(-30), days(9)))
    later = desired(schedule=daily(first=days(0)))
    assert stays(later, running) == [(1, 0)]


def test_a_loop_stays_in_the_very_second_in_which_it_delivers() -> None:
    running = task(DAILY, schedule=loop("09:00", days(-30), days(9)))
    nine = running.first + 30 * DAY if running.first else 0
    assert reusable(DAILY, recorded(DAILY, running), context(nine)) == (running,)


# --- what is made anew ----------------------------------------------------------------------------


def made(
    push: Push, record: PushRecord | None, *keeps: TaskRecord, chunks: Sequence[int] = (0,)
) -> tuple[NewTask, ...]:
    members = dict.fromkeys(chunks, push.targets)
    return new_tasks(push, record, members, keeps, state(), context())[0]


def test_creations_remember_how_far_they_reach() -> None:
    (new,) = made(DAILY, None)
    assert new.schedule == loop("09:00", days(0), days(180))
    assert new.covers == context().horizon.end(NOW)
    assert made(PUSH, None)[0].covers is None


def test_creations_complete_a_generation_at_its_free_addresses() -> None:
    late = replace(task(DAILY, segment=1, schedule=loop("09:00", days(9), days(99))), covers=NOW)
    (new,) = made(DAILY, recorded(DAILY, late), replace(late, covers=late.last))
    assert new.slot == (0, 0, 1)
    assert new.schedule == loop("09:00", days(0), days(8))


def test_creations_after_a_cancel_are_a_new_generation() -> None:
    gone = task(
        DAILY, schedule=loop("09:00", days(0), days(9)), phase=Phase.CANCELLED, over_at=NOW - 9
    )
    assert made(DAILY, recorded(DAILY, gone))[0].slot.generation == 2


def test_creations_leave_the_generation_whose_remains_could_be_forgotten() -> None:
    """They are kept while it is current, and would otherwise pile up for years."""
    lately = task(DAILY, schedule=once(-DAY), phase=Phase.SENT, over_at=NOW - DAY)
    long_ago = replace(lately, over_at=NOW - KEEP_FINISHED - 1)
    assert made(DAILY, recorded(DAILY, lately))[0].slot == (0, 1, 1)
    assert made(DAILY, recorded(DAILY, long_ago))[0].slot == (0, 0, 2)


def test_restated_is_a_recurrence_whose_tasks_say_it_already() -> None:
    held = recorded(DAILY, task(DAILY, schedule=loop("09:00", days(0), days(9))))
    said_differently = desired(schedule=daily(first=days(0)))
    assert is_restated(said_differently, held)
    assert not is_restated(DAILY, held)
    assert not is_restated(desired(schedule=daily(), title="New"), held)
    assert not is_restated(said_differently, recorded(DAILY))
