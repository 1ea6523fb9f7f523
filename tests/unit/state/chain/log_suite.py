"""What every engine of a chain must do, as tests: `pushctl.state.chain.log.SlotLog`, and the whole
contract of a state on top of it.

An engine runs them in a module that provides a fixture `open_log`, which returns a function that
opens the same, at first empty, place anew each time; and that imports `*` from here.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from pushctl.state.chain.log import Done, SlotLog, Taken
from pushctl.state.chain.store import ChainStateStore
from tests.unit.state.store_suite import *  # noqa: F403
from tests.unit.state.store_suite import Case

OpenLog = Callable[[], SlotLog]

WITHOUT_STATE = {"claim", "release", "take_over"}


def entry(slot: int, text: str = "", nonce: str = "0") -> bytes:
    """Return a body as engines may expect it: JSON on one line, with slot, lineage and serial."""
    data = {"slot": slot, "lineage": "lineage", "serial": 0, "nonce": nonce, "text": text}
    return json.dumps(data, separators=(",", ":")).encode()


@pytest.fixture
def case(open_log: OpenLog) -> Case:
    def again() -> ChainStateStore:
        return ChainStateStore(open_log(), app="app", workspace="workspace")

    def stored() -> list[object]:
        """All but who had the lock, and the empty state that a chain begins with."""
        entries = [json.loads(item.body) for item in open_log().read(0)]
        told = [record for entry in entries for record in entry["records"]]
        kept = [record for record in told if not record.keys() & WITHOUT_STATE]
        return [item for item in kept if item.get("snapshot", {}).get("state", {}).get("serial", 1)]

    return Case(again(), again, stored)


def bodies(log: SlotLog, after: int | None = 0) -> list[tuple[int, bytes]]:
    return [(item.slot, item.body) for item in log.read(after)]


def test_an_empty_log_has_no_entries(open_log: OpenLog) -> None:
    assert bodies(open_log(), None) == bodies(open_log(), 0) == []


def test_entries_are_read_in_order_from_anywhere(open_log: OpenLog) -> None:
    log = open_log()
    for slot in range(1, 12):
        assert log.put(slot, entry(slot)) == Done()
    every = [(slot, entry(slot)) for slot in range(1, 12)]
    assert bodies(log) == bodies(open_log()) == bodies(open_log(), None) == every
    assert bodies(log, 4) == bodies(open_log(), 4) == every[4:]
    assert bodies(log, 11) == bodies(open_log(), 11) == []


def test_a_number_is_given_once(open_log: OpenLog) -> None:
    first, second = open_log(), open_log()
    assert first.put(1, entry(1, "first")) == Done()
    assert second.put(1, entry(1, "second")) == Taken()
    assert first.put(1, entry(1, "first")) == Taken()
    assert second.put(2, entry(2, "second")) == Done()
    assert first.put(2, entry(2, "first")) == Taken()
    assert bodies(open_log()) == [(1, entry(1, "first")), (2, entry(2, "second"))]


def test_of_many_writers_one_gets_a_number(open_log: OpenLog) -> None:
    logs = [open_log() for _ in range(8)]
    for slot in range(1, 6):
        together = threading.Barrier(len(logs))

        def put(number: int, slot: int = slot, together: threading.Barrier = together) -> object:
            together.wait()
            return logs[number].put(slot, entry(slot, str(number)))

        with ThreadPoolExecutor(len(logs)) as pool:
            outcomes = list(pool.map(put, range(len(logs))))
        winners = [number for number, outcome in enumerate(outcomes) if outcome == Done()]
        assert len(winners) <= 1
        kept = bodies(open_log(), slot - 1)
        if not winners:  # whoever might have it was not told
            assert logs[0].put(slot, entry(slot, "0")) in (Done(), Taken())
            continue
        assert kept == [(slot, entry(slot, str(winners[0])))]


def test_an_entry_keeps_every_character(open_log: OpenLog) -> None:
    body = entry(1, 'a "quoted" \\ text, € 双十一 \U0001f389 \t')
    assert open_log().put(1, body) == Done()
    assert bodies(open_log()) == [(1, body)]


def test_an_entry_may_be_large(open_log: OpenLog) -> None:
    body = entry(1, "x" * 3_000_000)
    assert open_log().put(1, body) == Done()
    assert open_log().put(2, entry(2)) == Done()
    assert bodies(open_log()) == [(1, body), (2, entry(2))]


def test_after_a_trim_the_newest_entries_are_read(open_log: OpenLog) -> None:
    log = open_log()
    for slot in range(1, 8):
        log.put(slot, entry(slot))
    log.trim(5)
    begin, *rest = [slot for slot, _ in bodies(open_log(), None)]
    assert begin <= 5
    assert [begin, *rest] == list(range(begin, 8))
    assert bodies(open_log(), 4) == [(slot, entry(slot)) for slot in (5, 6, 7)]


def test_a_trim_frees_no_number(open_log: OpenLog) -> None:
    log, late = open_log(), open_log()
    for slot in range(1, 6):
        log.put(slot, entry(slot))
    log.trim(5)
    for slot in range(1, 6):
        assert late.put(slot, entry(slot, "late")) == Taken()
    assert log.put(6, entry(6)) == Done()


def test_the_address_holds_no_secret(open_log: OpenLog) -> None:
    assert "secret" not in open_log().address
    assert open_log().poll > 0
