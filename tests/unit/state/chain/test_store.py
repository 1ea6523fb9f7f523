"""The contract of state engines on a chain in memory, and what the engine may do wrong."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from pushctl.errors import (
    ConfigError,
    StateConflictError,
    StateError,
    StateFormatError,
    StateLockedError,
)
from pushctl.state.chain import waiting
from pushctl.state.chain.log import NotSent, Stored, Taken, Unknown
from pushctl.state.chain.store import ChainStateStore
from pushctl.state.events import CreateConfirmed
from pushctl.state.history import HistoryEntry
from pushctl.state.state import State
from tests.builders import NOW
from tests.memory_log import MemoryLog, lost, unreachable
from tests.unit.state.chain.log_suite import *  # noqa: F403
from tests.unit.state.chain.log_suite import OpenLog
from tests.unit.state.store_suite import SLOT, began


@pytest.fixture
def memory() -> MemoryLog:
    return MemoryLog()


@pytest.fixture
def open_log(memory: MemoryLog) -> OpenLog:
    return lambda: memory


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += max(seconds, 0.01)


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    clock = Time()
    monkeypatch.setattr(waiting, "uptime", clock)
    monkeypatch.setattr(waiting, "sleep", clock.sleep)
    return clock


def opened(log: MemoryLog, seconds: float = 90.0) -> ChainStateStore:
    return ChainStateStore(log, app="app", workspace="workspace", seconds=seconds)


def ids(log: MemoryLog) -> list[str]:
    state = opened(log).read()
    return sorted(state.pushes) if state else []


def abandoned(log: MemoryLog, *names: str) -> None:
    """Leave a lock, and what was recorded under it, as a kill does."""
    killed = dataclasses.replace(log, bodies=[*log.bodies])
    with opened(killed).lock("killed") as lease:
        for name in names:
            lease.record(began(name))
        left = [*killed.bodies]
    log.times += [log.clock() if log.clock else 0.0] * (len(left) - len(log.bodies))
    log.bodies[:] = left


# --- the engine loses answers ---------------------------------------------------------------------


def test_an_entry_whose_answer_was_lost_counts_once(memory: MemoryLog) -> None:
    memory.after = lost(3)
    with opened(memory).lock("test") as lease:
        lease.record(began("a"))
        lease.record(began("b"))
    assert ids(memory) == ["a", "b"]
    told = [record for body in memory.bodies for record in json.loads(body)["records"]]
    assert sum("event" in record for record in told) == 2


def test_an_entry_that_never_arrived_is_sent_again(memory: MemoryLog) -> None:
    with opened(memory).lock("test") as lease:
        memory.before = lost(3)
        lease.record(began("a"))
        memory.before = unreachable(3)
        lease.record(began("b"))
    assert ids(memory) == ["a", "b"]


def test_what_cannot_be_written_ends_the_lease(memory: MemoryLog) -> None:
    def lock() -> None:
        with opened(memory, seconds=0.3).lock("test") as lease:
            memory.before = lambda slot, body: NotSent("down")
            with pytest.raises(StateError, match="down"):
                lease.record(began("a"))
            assert not lease.still_held()
            with pytest.raises(StateError, match="down"):
                lease.record(began("b"))

    with pytest.raises(StateError, match="down"):
        lock()
    assert ids(memory) == []


def test_an_entry_that_turns_up_late_is_an_intent_without_a_call(memory: MemoryLog) -> None:
    late: list[bytes] = []

    def kept(slot: int, body: bytes) -> Unknown:
        late.append(body)
        return Unknown("lost")

    def lock() -> None:
        with opened(memory, seconds=0.3).lock("test") as lease:
            memory.before = kept
            with pytest.raises(StateError, match="lost"):
                lease.record(began("a"))

    with pytest.raises(StateError):
        lock()
    memory.before = lambda slot, body: None
    memory.bodies.append(late[0])
    memory.times.append(0.0)
    assert ids(memory) == ["a"]
    assert opened(memory).interrupted()


# --- somebody else is there -----------------------------------------------------------------------


def test_the_history_of_others_does_not_disturb_a_holder(memory: MemoryLog) -> None:
    with opened(memory).lock("test") as lease:
        lease.record(began("a"))
        opened(memory).append_history(HistoryEntry(what="state unlock"))
        lease.record(began("b"))
        opened(memory).append_history(HistoryEntry(what="again"))
        memory.after = lost()
        lease.record(began("c"))
    assert ids(memory) == ["a", "b", "c"]
    assert [entry.what for entry in opened(memory).history()] == ["state unlock", "again"]


def test_a_silent_holder_loses_the_lock_to_whoever_waits(memory: MemoryLog) -> None:
    abandoned(memory, "a")
    with pytest.raises(StateLockedError, match="killed"), opened(memory).lock("early", timeout=89):
        pass
    with opened(memory).lock("late", timeout=91) as lease:
        assert list(lease.state.pushes) == ["a"]
        lease.record(began("b"))
    assert ids(memory) == ["a", "b"]


def test_a_lock_that_is_held_tells_since_when_in_its_zone(memory: MemoryLog) -> None:
    abandoned(memory, "a")
    store = ChainStateStore(memory, app="app", workspace="test", zone=ZoneInfo("Asia/Shanghai"))
    with pytest.raises(StateLockedError, match=r"since \w+ .* Asia/Shanghai"), store.lock("early"):
        pass


def test_a_sign_of_life_starts_the_wait_anew(
    memory: MemoryLog, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    abandoned(memory, "a")
    began = time.now

    def sleep(seconds: float) -> None:
        time.sleep(seconds)
        if 60 <= time.now - began < 60 + memory.poll:
            opened(memory).append_history(HistoryEntry(what="somebody is there"))

    memory.poll = 5.0
    monkeypatch.setattr(waiting, "sleep", sleep)
    store = opened(memory)
    with pytest.raises(StateLockedError), store.lock("test", timeout=100):
        pass
    with store.lock("test", timeout=100):
        pass


def test_by_the_engines_own_clock_nobody_has_to_wait(memory: MemoryLog, time: Time) -> None:
    memory.clock = time
    abandoned(memory, "a")
    time.now += 89
    with pytest.raises(StateLockedError), opened(memory).lock("early"):
        pass
    assert opened(memory).lock_info() is not None
    time.now += 1
    assert opened(memory).lock_info() is None
    with opened(memory).lock("late") as lease:
        assert list(lease.state.pushes) == ["a"]


def test_a_former_holder_writes_nothing_more(memory: MemoryLog, time: Time) -> None:
    memory.clock = time

    def frozen() -> None:
        with opened(memory).lock("frozen") as former:
            former.record(began("a"))
            time.now += 90
            with opened(memory).lock("next") as lease:
                lease.record(began("b"))
            with pytest.raises(StateConflictError, match="taken"):
                former.record(began("late"))
            assert not former.still_held()

    with pytest.raises(StateConflictError, match="taken"):
        frozen()
    assert ids(memory) == ["a", "b"]


def test_the_outcome_of_a_former_holder_is_lost_and_its_intent_stays(memory: MemoryLog) -> None:
    def robbed() -> None:
        with opened(memory).lock("first") as former:
            former.record(began("a"))
            opened(memory).unlock()
            former.record(CreateConfirmed("a", SLOT, "T1", "R1", NOW))

    with pytest.raises(StateConflictError):
        robbed()
    state = opened(memory).read()
    assert state is not None
    assert state.pushes["a"].in_doubt


# --- the engine is not what it was ----------------------------------------------------------------


def test_an_engine_that_gives_a_number_twice_is_refused(memory: MemoryLog) -> None:
    memory.exclusive = False
    with pytest.raises(ConfigError, match="safely"), opened(memory).lock("test"):
        pass
    assert opened(memory).lock_info() is None


def test_an_older_chain_is_refused_by_whoever_saw_more(memory: MemoryLog) -> None:
    store = opened(memory)
    with store.lock("test") as lease:
        lease.record(began("a"))
    assert store.read() is not None
    del memory.bodies[-2:]
    with pytest.raises(StateConflictError, match="not what it was"):
        store.read()


def test_what_follows_another_chain_than_its_writer_saw_is_damage(memory: MemoryLog) -> None:
    """The engine was set back while somebody was at work, and another filled the gap."""
    with opened(memory).lock("test") as lease:
        lease.record(began("a"))
        lease.record(began("b"))
        del memory.bodies[-1:]
        opened(memory).append_history(HistoryEntry(what="after the backup"))
        lease.record(began("c"))
        with pytest.raises(StateFormatError, match="does not follow"):
            opened(memory).read()


def test_a_holder_stops_when_the_chain_is_shorter(memory: MemoryLog) -> None:
    def restored() -> None:
        with opened(memory).lock("test") as lease:
            lease.record(began("a"))
            lease.record(began("b"))
            memory.bodies[-2:] = []
            memory.before = lambda slot, body: Taken() if slot > len(memory.bodies) + 1 else None
            lease.record(began("c"))

    with pytest.raises(StateConflictError, match="not what it was"):
        restored()
    assert ids(memory) == []


def test_other_words_in_an_entry_are_damage(memory: MemoryLog) -> None:
    with opened(memory).lock("test") as lease:
        lease.record(began("a"))
    memory.bodies[-1] = memory.bodies[-1].replace(b'"promo"', b'"other"').replace(b'"a"', b'"b"')
    with pytest.raises(StateFormatError, match="entry 3"):
        opened(memory).read()
    with pytest.raises(StateFormatError), opened(memory).lock("test"):
        pass


def test_what_is_left_of_a_damaged_chain_can_be_put_in_its_place(memory: MemoryLog) -> None:
    with opened(memory).lock("test") as lease:
        lease.record(began("a"))
    abandoned(memory, "b", "c")
    memory.bodies[-1] = memory.bodies[-1][:-9]
    store = opened(memory)
    with pytest.raises(StateFormatError):
        store.read()
    recovered = store.recover()
    assert recovered is not None
    assert (sorted(recovered.state.pushes), recovered.complete) == (["a", "b"], False)
    store.overwrite("state restore", lambda: recovered.state)
    assert ids(memory) == ["a", "b"]
    with opened(memory).lock("test") as lease:
        lease.record(began("d"))
    assert ids(memory) == ["a", "b", "d"]


def test_a_chain_that_moves_under_a_restore_is_not_overwritten(memory: MemoryLog) -> None:
    with opened(memory).lock("test") as lease:
        lease.record(began("a"))
    memory.bodies[-1] = b"{}"

    def make() -> State:
        other = opened(memory)
        other.overwrite("first", lambda: State("lineage", "app", "workspace"))
        return State("other", "app", "workspace")

    with pytest.raises(StateConflictError):
        opened(memory).overwrite("second", make)
    found = opened(memory).read()
    assert found is not None
    assert found.lineage == "lineage"


def test_an_entry_of_a_newer_version_is_left_alone(memory: MemoryLog) -> None:
    with opened(memory).lock("test") as lease:
        lease.record(began("a"))
    memory.bodies[-1] = memory.bodies[-1].replace(b'"version":1', b'"version":2', 1)
    for act in (opened(memory).read, opened(memory).recover):
        with pytest.raises(StateFormatError, match="newer"):
            act()


def test_a_state_of_something_else_is_neither_read_nor_locked(memory: MemoryLog) -> None:
    with opened(memory).lock("test") as lease:
        lease.record(began("a"))
    length = len(memory.bodies)

    def check(state: State) -> None:
        raise StateConflictError("another service")

    store = ChainStateStore(memory, app="app", workspace="workspace", check=check)
    with pytest.raises(StateConflictError, match="another service"):
        store.read()
    with pytest.raises(StateConflictError, match="another service"), store.lock("test"):
        pass
    assert len(memory.bodies) == length


# --- what is folded -------------------------------------------------------------------------------


def test_what_was_left_unfolded_is_folded_by_the_next_claim(memory: MemoryLog) -> None:
    abandoned(memory, "a")
    opened(memory).unlock()
    before = opened(memory).read()
    assert opened(memory).interrupted()
    with opened(memory).lock("test") as lease:
        assert lease.state == before
        assert not opened(memory).interrupted()
    assert opened(memory).read() == before


def test_reading_begins_at_the_newest_snapshot(memory: MemoryLog) -> None:
    for name in "abc":
        with opened(memory).lock("test") as lease:
            lease.record(began(name))
    memory.bodies[: memory.start - 1] = [b"never read"] * (memory.start - 1)
    assert ids(memory) == ["a", "b", "c"]
    state = opened(memory).read()
    assert state is not None
    assert replace(state, pushes={}).serial == 3


def test_whoever_was_told_less_than_was_trimmed_reads_anew(memory: MemoryLog) -> None:
    store = opened(memory)
    with store.lock("first") as lease:
        lease.record(began("a"))
    assert store.read() is not None
    for name in "bc":
        with opened(memory).lock("other") as lease:
            lease.record(began(name))
    keeps_little = dataclasses.replace(memory, bodies=memory.bodies)
    store._reader.log = Trimmed(keeps_little)
    state = store.read()
    assert state is not None
    assert sorted(state.pushes) == ["a", "b", "c"]


class Trimmed(MemoryLog):
    """An engine that keeps nothing of before the last trim."""

    def __init__(self, log: MemoryLog) -> None:
        super().__init__(log.bodies, start=log.start)
        self.times = [0.0] * len(log.bodies)

    def read(self, after: int | None) -> Sequence[Stored]:
        return super().read(max(after or 0, self.start - 1))


def test_a_call_may_leave_as_late_as_the_slowest_claim_allows(memory: MemoryLog) -> None:
    with opened(memory, seconds=300).lock("slow") as lease:
        lease.record(began("a"))
    store = opened(memory)
    assert store.call_delay == 30
    store.read()
    assert store.call_delay == 100


def test_a_state_that_came_from_elsewhere_delays_no_call(memory: MemoryLog) -> None:
    """Whoever receives a state cannot lose the lock by being silent, and makes no calls."""
    store = opened(memory)
    with store.receive(State("lineage", "app", "workspace", serial=3), ()):
        pass
    store.read()
    assert store.call_delay == 30
