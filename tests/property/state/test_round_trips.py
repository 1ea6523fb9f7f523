"""What is written can be read, and reads as the same; what could not is not written."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pushctl.errors import StateError
from pushctl.push.task import Slot
from pushctl.state.events import CreateBegan, CreateConfirmed, Event, PushNoted, PushStopped
from pushctl.state.file import journal, snapshot
from pushctl.state.file.store import FileStateStore
from pushctl.state.state import State
from tests.builders import desired, recorded, scheduled, state, task
from tests.property.state.examples import SLOW, SOME_OR_MANY, hold
from tests.property.state.values import EVENTS, STATES, THE_YEAR_3000, nested

BASE = journal.Base("lineage", 3, "app", "workspace")
FORMER = scheduled(desired("former"))


def is_taken(write: Callable[[], None]) -> bool:
    """Tell whether a value was written; a refusal says what it is about and what to do."""
    try:
        write()
    except StateError as error:
        return not (error.detail and error.fix)
    return True


def written(value: State) -> bool:
    """Write a snapshot over another; tells whether it was taken, and requires all or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "state"
        snapshot.write(path, FORMER)
        taken = is_taken(lambda: snapshot.write(path, value))
        assert snapshot.read(path) == (value if taken else FORMER)
        assert [path] == list(Path(folder).iterdir())
        return taken


def appended(event: Event) -> bool:
    """Append an event to a journal, all or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal"
        writer = journal.JournalWriter(path, BASE)
        taken = is_taken(lambda: writer.append(event))
        writer.close()
        assert path.exists() == taken
        assert journal.read(path) == (journal.Journal(BASE, (event,)) if taken else None)
        return taken


def check_recorded(found: Sequence[Event]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = FileStateStore(Path(folder), app="app", workspace="workspace")
        taken = 0
        with store.lock("test") as lease:
            for event in found:
                try:
                    lease.record(event)
                    taken += 1
                except (StateError, KeyError):
                    pass
        assert store.read() == (replace(lease.state, serial=1) if taken else None)


@SOME_OR_MANY
def test_every_state_reads_as_itself_or_is_not_written(examples: int) -> None:
    hold(written, STATES, examples)


@SOME_OR_MANY
def test_every_event_reads_as_itself_or_is_not_written(examples: int) -> None:
    hold(appended, EVENTS, examples)


@SOME_OR_MANY
def test_what_was_recorded_makes_a_state_that_reads_as_itself(examples: int) -> None:
    hold(check_recorded, st.lists(EVENTS, max_size=8), examples)


def test_the_wide_strategies_have_every_kind_of_event_and_much_that_is_taken() -> None:
    seen: dict[type, set[bool]] = {}

    @settings(
        max_examples=600,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=SLOW,
    )
    @given(EVENTS)
    def look(event: Event) -> None:
        seen.setdefault(type(event), set()).add(appended(event))

    look()
    assert seen.keys() == set(get_args(Event))
    assert all(True in found for found in seen.values()), seen
    assert sum(False in found for found in seen.values()) >= 4, seen


def confirmed(**changes: object) -> Event:
    event = CreateConfirmed("a", Slot(0, 0, 1), "T", "r", 7)
    return replace(event, **changes)  # type: ignore[arg-type]


PUSH = desired("a")
REFUSED: dict[str, Event] = {
    "the year 3000": confirmed(at=THE_YEAR_3000),
    "before 1970": confirmed(at=-1),
    "half a second": confirmed(at=7.5),
    "true for a number": confirmed(slot=Slot(True, 0, 1)),
    "a number of 5,000 digits": confirmed(slot=Slot(10**5000, 0, 1)),
    "two halves that are read as one": confirmed(request_id="\ud83d\ude00"),
    "not a number": PushNoted("a", {"x": float("nan")}, PUSH.meta),
    "infinite": PushNoted("a", {"x": float("inf")}, PUSH.meta),
    "a key that is no text": PushNoted("a", {"x": {1: 2}}, PUSH.meta),
    "what JSON does not know": PushNoted("a", {"x": object()}, PUSH.meta),
    "too deep": PushNoted("a", {"x": nested(100_000)}, PUSH.meta),
    "stopped in the year 3000": PushStopped("a", THE_YEAR_3000),
    "a task from the year 3000": CreateBegan(
        "a", replace(task(PUSH), created_at=THE_YEAR_3000), "", {}, PUSH.meta
    ),
}


@pytest.mark.parametrize("event", REFUSED.values(), ids=REFUSED.keys())
def test_what_could_not_be_read_again_is_refused_before_it_is_written(event: Event) -> None:
    assert not appended(event)


TAKEN: dict[str, Event] = {
    "long": confirmed(request_id="x" * 3_000_000),
    "ends of lines": confirmed(request_id="a\r\n\u2028\x85\0b"),
    "half a character": confirmed(request_id="\ud800"),
    "more than a double holds": confirmed(slot=Slot(2**53 + 1, -1, 2**70)),
    "an odd id": confirmed(task_id="-a, b"),
    "nested": PushNoted("a", {"x": nested(100)}, PUSH.meta),
}


@pytest.mark.parametrize("event", TAKEN.values(), ids=TAKEN.keys())
def test_what_is_only_odd_is_recorded(event: Event) -> None:
    assert appended(event)


def test_a_refused_event_leaves_no_trace_in_the_lease_either(tmp_path: Path) -> None:
    store = FileStateStore(tmp_path, app="app", workspace="workspace")
    with store.lock("test") as lease:
        lease.record(CreateBegan("a", task(PUSH), PUSH.fingerprint, PUSH.spec, PUSH.meta))
        before = lease.state
        with pytest.raises(StateError, match="cannot be recorded"):
            lease.record(confirmed(at=THE_YEAR_3000))
        assert lease.state == before
        lease.record(confirmed(at=8))
    found = store.read()
    assert found is not None
    assert found.pushes["a"].tasks[0].created_at == 8


def test_a_state_that_could_not_be_read_again_replaces_nothing() -> None:
    odd = replace(task(PUSH), over_at=THE_YEAR_3000)
    assert not written(state({"a": recorded(PUSH, odd)}))
