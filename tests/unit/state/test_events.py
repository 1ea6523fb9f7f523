"""The fold of events: what each one changes."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pushctl.push.identity import hashed_label
from pushctl.push.push import Meta
from pushctl.push.task import Slot
from pushctl.state.events import (
    CancelBegan,
    CancelConfirmed,
    CancelFailed,
    CreateBegan,
    CreateConfirmed,
    CreateDoubted,
    CreateFailed,
    Event,
    Fold,
    PushForgotten,
    PushNoted,
    PushRenamed,
    ServiceSettingsRecorded,
    TaskAdopted,
    TaskObserved,
    advance,
    patch,
)
from pushctl.state.state import KEEP_FINISHED, Phase, ServiceSettings, State, TaskRecord
from tests.builders import NOW, desired, recorded, scheduled, state, task

SLOT = Slot(0, 0, 1)
PUSH = desired()


def began(record: TaskRecord) -> CreateBegan:
    return CreateBegan("promo", record, PUSH.fingerprint, PUSH.spec, PUSH.meta)


def only(current: State) -> TaskRecord:
    (found,) = current.pushes["promo"].tasks
    return found


def test_advance_through_a_creation() -> None:
    current = advance(state(), began(task(phase=Phase.CREATING)))
    assert only(current).phase is Phase.CREATING
    assert current.pushes["promo"].in_doubt
    current = advance(current, CreateDoubted("promo", SLOT, "timeout"))
    assert only(current).doubt == "timeout"
    current = advance(current, CreateConfirmed("promo", SLOT, "T1", "R1", NOW))
    assert (only(current).phase, only(current).task_id) == (Phase.SCHEDULED, "T1")
    assert (only(current).match, only(current).doubt) == (None, None)
    assert current.serial == 1


def test_advance_past_a_failed_creation_frees_its_address() -> None:
    current = advance(state(), began(task(phase=Phase.CREATING)))
    current = advance(current, CreateFailed("promo", SLOT, "refused"))
    assert current.pushes["promo"].tasks == ()
    assert current.pushes["promo"].generation == 1


@pytest.mark.parametrize(
    ("event", "phase", "over_at"),
    [
        (CancelBegan("promo", SLOT), Phase.CANCELLING, None),
        (CancelConfirmed("promo", SLOT, NOW), Phase.CANCELLED, NOW),
        (CancelFailed("promo", SLOT, "no"), Phase.SCHEDULED, None),
        (TaskObserved("promo", SLOT, Phase.SENT, NOW), Phase.SENT, NOW),
        (TaskObserved("promo", SLOT, Phase.SCHEDULED, NOW), Phase.SCHEDULED, None),
    ],
)
def test_advance_changes_a_phase(event: Event, phase: Phase, over_at: int | None) -> None:
    current = advance(scheduled(PUSH), event)
    assert (only(current).phase, only(current).over_at) == (phase, over_at)


@pytest.mark.parametrize(
    "event",
    [
        CancelBegan("other", SLOT),
        CancelBegan("promo", Slot(9, 0, 1)),
        CreateFailed("other", SLOT, ""),
        PushRenamed("x", "other"),
        PushForgotten("other"),
        PushNoted("other", {}, Meta()),
    ],
)
def test_advance_refuses_what_is_not_there(event: Event) -> None:
    with pytest.raises(KeyError):
        advance(scheduled(PUSH), event)


def test_advance_renames_and_retires() -> None:
    before = scheduled(PUSH)
    current = advance(before, PushRenamed("sale", "promo"))
    assert current.pushes == {"sale": before.pushes["promo"]}
    assert current.retired == {"promo": 1}


def test_advance_never_retires_less() -> None:
    current = state({"promo": recorded(PUSH, task(PUSH))}, retired={"promo": 5})
    assert advance(current, PushRenamed("sale", "promo")).retired["promo"] == 5
    assert advance(current, PushForgotten("promo")).retired["promo"] == 5


def test_advance_forgets() -> None:
    current = advance(scheduled(PUSH, generation=4), PushForgotten("promo"))
    assert (current.pushes, current.retired) == ({}, {"promo": 4})


def test_advance_notes_without_touching_tasks() -> None:
    before = scheduled(PUSH)
    current = advance(before, PushNoted("promo", {"a": 1}, Meta(owner="me")))
    assert current.pushes["promo"] == replace(
        before.pushes["promo"], spec={"a": 1}, meta=Meta(owner="me")
    )


def test_advance_adopts_into_a_new_record() -> None:
    event = TaskAdopted("promo", task(task_id="T9"), PUSH.fingerprint, PUSH.spec, PUSH.meta)
    assert only(advance(state(), event)).task_id == "T9"


@pytest.mark.parametrize(
    ("over_at", "kept"),
    [(NOW - KEEP_FINISHED + 1, True), (NOW - KEEP_FINISHED, False), (None, True)],
)
def test_advance_forgets_what_ended_long_ago(over_at: int | None, kept: bool) -> None:
    ended = task(phase=Phase.CANCELLED, over_at=over_at)
    current = state({"promo": recorded(PUSH, ended)})
    fresh = task(phase=Phase.CREATING, generation=2, began_at=NOW)
    current = advance(current, began(fresh))
    assert (ended in current.pushes["promo"].tasks) is kept


@pytest.mark.parametrize(
    "old",
    [
        task(phase=Phase.SCHEDULED, chunk=1),
        task(phase=Phase.CANCELLED, over_at=1, chunk=1, generation=2),
    ],
)
def test_advance_keeps_what_lives_and_what_is_of_this_generation(old: TaskRecord) -> None:
    current = state({"promo": recorded(PUSH, old)})
    fresh = task(phase=Phase.CREATING, generation=2, began_at=NOW)
    assert old in advance(current, began(fresh)).pushes["promo"].tasks


def test_advance_lets_a_stopped_entry_run_when_it_is_created_again() -> None:
    current = state({"promo": recorded(PUSH, stopped=True)})
    assert not advance(current, began(task(phase=Phase.CREATING))).pushes["promo"].stopped


@pytest.mark.parametrize(
    ("hashed", "name"), [(True, hashed_label("lineage")("ann")), (False, "ann")]
)
def test_settings_that_hash_targets_leave_nobody_named(hashed: bool, name: str) -> None:
    settings = ServiceSettings("", "", None, "UTC", "UTC", 180, None, 0, None, hashed)
    current = state({"promo": recorded(PUSH, task(phase=Phase.CREATING))})
    key = only(current).targets["ann"]
    fold = Fold(current)
    fold.apply(patch(fold.pushes, ServiceSettingsRecorded(settings)))
    assert only(fold.state).targets == {name: key}
    assert fold.in_doubt == fold.pushes
