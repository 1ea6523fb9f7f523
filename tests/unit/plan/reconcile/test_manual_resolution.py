"""What a person says about a call in doubt, as an event, or as a refusal."""

from __future__ import annotations

import pytest

from pushctl.plan.reconcile.manual_resolution import Resolution, resolve, task_in_doubt
from pushctl.schedule.service_schedule import Immediate
from pushctl.state.events import (
    CancelConfirmed,
    CancelFailed,
    CreateConfirmed,
    CreateFailed,
    Event,
    TaskObserved,
)
from pushctl.state.state import Phase
from tests.builders import NOW, recorded, task

SLOT = task().slot
CREATING, CANCELLING = Phase.CREATING, Phase.CANCELLING


@pytest.mark.parametrize(
    ("phase", "said", "event"),
    [
        (CREATING, Resolution.CREATED, CreateConfirmed("a", SLOT, "T1", "", NOW)),
        (CREATING, Resolution.NOT_CREATED, CreateFailed("a", SLOT, "somebody looked")),
        (CREATING, Resolution.SENT, TaskObserved("a", SLOT, Phase.SENT, NOW)),
        (CANCELLING, Resolution.CANCELLED, CancelConfirmed("a", SLOT, NOW)),
        (CANCELLING, Resolution.STILL_SCHEDULED, CancelFailed("a", SLOT, "somebody looked")),
        (CANCELLING, Resolution.SENT, TaskObserved("a", SLOT, Phase.SENT, NOW)),
    ],
)
def test_what_a_person_says_becomes_an_event(phase: Phase, said: Resolution, event: Event) -> None:
    record = recorded(None, task(phase=phase))
    assert resolve("a", record, said, now=NOW, task_id="T1") == event


def test_what_goes_out_at_once_is_sent_when_it_is_created() -> None:
    record = recorded(None, task(schedule=Immediate(), phase=CREATING))
    event = resolve("a", record, Resolution.CREATED, now=NOW, task_id="T1")
    assert event == CreateConfirmed("a", SLOT, "T1", "", NOW, Phase.SENT)


@pytest.mark.parametrize(
    ("phase", "said", "takes"),
    [
        (CREATING, Resolution.CANCELLED, "--created, --not-created, --sent"),
        (CREATING, Resolution.STILL_SCHEDULED, "--created, --not-created, --sent"),
        (CANCELLING, Resolution.CREATED, "--cancelled, --still-scheduled, --sent"),
        (CANCELLING, Resolution.NOT_CREATED, "--cancelled, --still-scheduled, --sent"),
    ],
)
def test_what_does_not_fit_the_call_is_refused(phase: Phase, said: Resolution, takes: str) -> None:
    record = recorded(None, task(phase=phase))
    with pytest.raises(ValueError, match=f"chunk 0 of a is {phase}; it takes {takes}"):
        resolve("a", record, said, now=NOW, task_id="T1")


@pytest.mark.parametrize("task_id", ["", "T1,T2", "--yes"])
def test_what_cannot_be_an_id_is_refused(task_id: str) -> None:
    record = recorded(None, task(phase=CREATING))
    with pytest.raises(ValueError, match="cannot be the id of a task"):
        resolve("a", record, Resolution.CREATED, now=NOW, task_id=task_id)


def test_of_several_in_doubt_one_has_to_be_named() -> None:
    both = [task(phase=CREATING), task(chunk=1, segment=2, phase=CANCELLING), task(chunk=3)]
    record = recorded(None, *both)
    with pytest.raises(ValueError, match="--chunk 0 --segment 0 or --chunk 1 --segment 2"):
        task_in_doubt("a", record, None, None)
    assert task_in_doubt("a", record, 1, None) is both[1]
    assert task_in_doubt("a", record, None, 0) is both[0]
    for chunk, segment in ((3, None), (0, 2)):
        with pytest.raises(ValueError, match="nothing of a is in doubt"):
            task_in_doubt("a", record, chunk, segment)
