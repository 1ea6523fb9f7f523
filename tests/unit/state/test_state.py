"""What a state tells of its tasks."""

from __future__ import annotations

from msgspec.structs import replace

from pushctl.schedule.rule import Freq, Rule, Weekday
from pushctl.schedule.service_schedule import Immediate
from pushctl.state.state import KEEP_FINISHED, Phase, recent
from tests.builders import DAY, HOUR, NOW, daily, days, desired, recorded, state, task
from tests.fakes import ZONE


def test_task_ids_are_those_of_every_phase() -> None:
    tasks = [task(chunk=n, phase=phase, over_at=1) for n, phase in enumerate(Phase)]
    found = state({"promo": recorded(desired(), *tasks)}).task_ids()
    assert found == {item.task_id for item in tasks if item.task_id}
    assert len(found) == len(Phase) - 1


def test_finished_tasks_are_kept_for_as_long_as_they_can_be_withdrawn() -> None:
    assert KEEP_FINISHED > 7 * 86_400


def test_what_went_out_at_once_is_remembered_for_good() -> None:
    over = task(schedule=Immediate(), phase=Phase.SENT, over_at=1)
    assert recent(over, NOW)
    assert not recent(task(phase=Phase.SENT, over_at=1), NOW)


def test_a_stop_outlasts_other_words_for_the_same_moments() -> None:
    push = desired(schedule=daily("09:00", days(1), days(9)))
    held = replace(
        recorded(push, task(push, phase=Phase.CANCELLED, over_at=NOW)),
        stopped_at=NOW - HOUR,
        stopped_as=push.fingerprint,
    )
    week = Rule(Freq.WEEKLY, by_day=tuple(Weekday(day) for day in range(1, 8)))
    same = desired(schedule=replace(push.schedule, rule=week), other="words")
    assert held.silences(same, ZONE)
    later = desired(schedule=daily("09:01", days(1), days(9)), other="words")
    longer = desired(schedule=daily("09:00", days(1), days(10)), other="words")
    shorter = desired(schedule=daily("09:00", days(1), days(8)), other="words")
    text = desired(schedule=same.schedule, title="New", other="words")
    held = replace(held, tasks=(replace(held.tasks[0], covers=held.tasks[0].last + 30 * DAY),))
    assert not any(held.silences(push, ZONE) for push in (later, longer, shorter, text))
    assert held.silences(same, ZONE)
    assert not replace(held, stopped_at=None).silences(same, ZONE)
