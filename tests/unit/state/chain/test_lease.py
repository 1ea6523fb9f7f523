"""Events in groups: who waits, what rides along, and when a call may leave."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pushctl.state.chain import waiting
from pushctl.state.chain.log import PutOutcome
from pushctl.state.chain.store import ChainStateStore
from pushctl.state.events import CreateConfirmed
from pushctl.state.state import Phase
from tests.builders import NOW
from tests.memory_log import MemoryLog
from tests.unit.state.store_suite import SLOT, began


def opened(log: MemoryLog, seconds: float = 90.0) -> ChainStateStore:
    return ChainStateStore(log, app="app", workspace="workspace", seconds=seconds)


def events(log: MemoryLog) -> list[list[str]]:
    """Return the kinds of events by entry, without entries that have none."""
    told = [json.loads(body)["records"] for body in log.bodies]
    kinds = [[item["event"]["event"] for item in items if "event" in item] for items in told]
    return [kind for kind in kinds if kind]


def test_an_outcome_rides_with_the_next_intent() -> None:
    log = MemoryLog()
    with opened(log).lock("test") as lease:
        lease.record(began("a"))
        lease.record(CreateConfirmed("a", SLOT, "T1", "R1", NOW))
        lease.record(began("b"))
        assert events(log) == [["create.intent"], ["create.created", "create.intent"]]


def test_the_outcome_of_an_immediate_push_does_not_wait() -> None:
    log = MemoryLog()
    with opened(log).lock("test") as lease:
        lease.record(began("a"))
        lease.record(CreateConfirmed("a", SLOT, "T1", "R1", NOW, Phase.SENT))
        assert events(log) == [["create.intent"], ["create.created"]]


def test_an_outcome_is_written_after_a_while_without_an_intent() -> None:
    log, written = MemoryLog(), threading.Event()
    with opened(log, seconds=0.6).lock("test") as lease:
        lease.record(began("a"))

        def after(slot: int, body: bytes) -> PutOutcome | None:
            if b"create.created" in body:
                written.set()
            return None

        log.after = after
        lease.record(CreateConfirmed("a", SLOT, "T1", "R1", NOW))
        assert written.wait(10)


def test_signs_of_life_keep_the_lock() -> None:
    log, beats = MemoryLog(), threading.Semaphore(0)

    def after(slot: int, body: bytes) -> PutOutcome | None:
        if b'"records":[]' in body:
            beats.release()
        return None

    log.after = after
    with opened(log, seconds=0.3).lock("test") as lease:
        for _ in range(4):
            assert beats.acquire(timeout=10)
        assert lease.still_held()
        lease.record(began("a"))
    assert opened(log).lock_info() is None


def test_all_that_waits_goes_into_one_entry() -> None:
    log, first, more = MemoryLog(), threading.Event(), threading.Event()

    def before(slot: int, body: bytes) -> PutOutcome | None:
        if b"create.intent" in body and not first.is_set():
            first.set()
            more.wait(10)
        return None

    log.before = before
    with opened(log).lock("test") as lease, ThreadPoolExecutor(31) as pool:
        jobs = [pool.submit(lease.record, began("0"))]
        assert first.wait(10)
        jobs += [pool.submit(lease.record, began(str(number))) for number in range(1, 31)]
        while len(lease._queue) < 30:
            pass
        more.set()
        for job in jobs:
            job.result()
        assert [len(group) for group in events(log)] == [1, 30]


@pytest.mark.parametrize(("seconds", "held"), [(29, True), (31, False)])
def test_a_holder_without_an_answer_for_long_makes_no_call(
    seconds: float, held: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, now = MemoryLog(), waiting.uptime()
    monkeypatch.setattr(waiting, "uptime", lambda: now)
    with opened(log).lock("test") as lease:
        monkeypatch.setattr(waiting, "uptime", lambda: now + seconds)
        assert lease.still_held() is held


def test_a_far_engine_gets_many_intents_at_a_time() -> None:
    with opened(MemoryLog()).lock("test") as lease:
        found = []
        for latency in (0.001, 0.025, 0.1, 0.2, 1.0):
            lease._writer.latency = latency
            found.append(lease.intents_ahead)
        assert found == [0, 0, 10, 100, 100]


@pytest.mark.parametrize(("latency", "together"), [(0.1, [1, 1]), (1.0, [2])])
def test_whoever_is_nearly_as_far_comes_along_to_a_far_engine(
    latency: float, together: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = MemoryLog()
    with opened(log).lock("test") as lease, ThreadPoolExecutor(1) as pool:
        lease._writer.latency = latency
        other: list[object] = []

        def meanwhile(seconds: float) -> None:
            assert seconds == latency / 5
            if not other:
                other.append(pool.submit(lease.record, began("b")))
                while len(lease._queue) < 2:
                    pass

        monkeypatch.setattr(waiting, "sleep", meanwhile)
        lease.record(began("a"))
        if not other:
            lease.record(began("b"))
        pool.shutdown()
        assert [len(group) for group in events(log)] == together
