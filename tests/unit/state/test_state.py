"""What a state tells of its tasks."""

from __future__ import annotations

from pushctl.state.state import KEEP_FINISHED, Phase
from tests.builders import desired, recorded, state, task


def test_task_ids_are_those_of_every_phase() -> None:
    tasks = [task(chunk=n, phase=phase, over_at=1) for n, phase in enumerate(Phase)]
    found = state({"promo": recorded(desired(), *tasks)}).task_ids()
    assert found == {item.task_id for item in tasks if item.task_id}
    assert len(found) == len(Phase) - 1


def test_finished_tasks_are_kept_for_as_long_as_they_can_be_withdrawn() -> None:
    assert KEEP_FINISHED > 7 * 86_400
