"""What every `StateStore` must do; the store in memory and the one in files run the same tests."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from pushctl.errors import StateLockedError
from pushctl.push.task import Slot
from pushctl.state.events import CancelBegan, CreateBegan, CreateConfirmed, PushForgotten
from pushctl.state.file.store import FileStateStore
from pushctl.state.interface import StateStore
from pushctl.state.state import Phase, State
from tests.builders import NOW, desired, task
from tests.fakes import MemoryStateStore

SLOT = Slot(0, 0, 1)


@dataclass(frozen=True)
class Case:
    """A place for a state. `again` opens a second store on it, as another process would."""

    store: StateStore
    again: Callable[[], StateStore]
    untouched: Callable[[], object]


@pytest.fixture(params=["memory", "file"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    if request.param == "memory":
        memory = MemoryStateStore()
        return Case(memory, lambda: memory, memory.read)

    def opened() -> StateStore:
        return FileStateStore(tmp_path, app="app", workspace="workspace")

    def files() -> object:
        kept = [path for path in sorted(tmp_path.iterdir()) if path.suffix != ".lock"]
        return [(path.name, path.stat().st_mtime_ns, path.read_bytes()) for path in kept]

    return Case(opened(), opened, files)


def began(id: str = "promo") -> CreateBegan:
    push = desired(id)
    record = task(push, phase=Phase.CREATING)
    return CreateBegan(id, record, push.fingerprint, push.spec, push.meta)


def seen(case: Case) -> State:
    found = case.again().read()
    assert found is not None
    return found


def test_read_of_nothing_is_none(case: Case) -> None:
    assert case.store.read() is None
    assert case.untouched() in ([], None)


def test_lock_of_nothing_begins_an_empty_state(case: Case) -> None:
    with case.store.lock("test") as lease:
        assert lease.state.pushes == {}
        assert lease.state.serial == 0
        assert lease.state.lineage
        assert lease.push("promo") is None
    assert case.store.read() is None


def test_record_is_durable_when_it_returns(case: Case) -> None:
    with case.store.lock("test") as lease:
        lease.record(began())
        assert seen(case).pushes == lease.state.pushes
        lease.record(CreateConfirmed("promo", SLOT, "T1", "R1", NOW))
        assert seen(case).pushes["promo"].tasks[0].task_id == "T1"
        assert lease.push("promo") == seen(case).pushes["promo"]


def test_record_keeps_the_lineage_from_the_first_event_on(case: Case) -> None:
    with case.store.lock("test") as lease:
        lease.record(began())
        lineage = lease.state.lineage
        assert seen(case).lineage == lineage
    assert seen(case).lineage == lineage


def test_record_refuses_what_does_not_fit_and_goes_on(case: Case) -> None:
    with case.store.lock("test") as lease:
        with pytest.raises(KeyError):
            lease.record(CancelBegan("promo", SLOT))
        assert case.again().read() is None
        lease.record(began())
    assert list(seen(case).pushes) == ["promo"]


def test_close_folds_once(case: Case) -> None:
    with case.store.lock("test") as lease:
        lease.record(began())
        lease.record(began("other"))
        assert lease.state.serial == 0
        lease.close()
        lease.close()
    assert seen(case).serial == 1
    with case.store.lock("test") as lease:
        assert lease.state == seen(case)
        lease.record(PushForgotten("other"))
    assert (seen(case).serial, seen(case).retired) == (2, {"other": 1})


def test_close_without_events_touches_nothing(case: Case) -> None:
    with case.store.lock("test") as lease:
        lease.record(began())
    before = case.untouched()
    with case.store.lock("test"):
        pass
    assert case.untouched() == before


def test_close_folds_also_when_the_command_fails(case: Case) -> None:
    def fail() -> None:
        with case.store.lock("test") as lease:
            lease.record(began())
            raise ValueError("the command")

    with pytest.raises(ValueError, match="the command"):
        fail()
    assert seen(case).serial == 1
    with case.store.lock("test"):
        pass


def test_lock_excludes_and_names_the_holder(case: Case) -> None:
    with (
        case.store.lock("apply of ann"),
        pytest.raises(StateLockedError, match="apply of ann"),
        case.again().lock("other"),
    ):
        pass
    with case.again().lock("other"):
        pass


def test_read_needs_no_lock_and_writes_nothing(case: Case) -> None:
    with case.store.lock("test") as lease:
        lease.record(began())
        before = case.untouched()
        assert seen(case) == seen(case)
        assert case.untouched() == before
    before = case.untouched()
    assert seen(case).serial == 1
    assert case.untouched() == before


def test_record_from_several_threads(case: Case) -> None:
    ids = [f"p{number}" for number in range(40)]
    with case.store.lock("test") as lease, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda id: lease.record(began(id)), ids))
        assert sorted(seen(case).pushes) == sorted(ids)
    assert sorted(seen(case).pushes) == sorted(ids)


def test_in_doubt_holds_exactly_the_calls_without_an_outcome(case: Case) -> None:
    with case.store.lock("test") as lease:
        assert lease.in_doubt() == {}
        lease.record(began())
        lease.record(began("other"))
        assert set(lease.in_doubt()) == {"promo", "other"}
        lease.record(CreateConfirmed("promo", SLOT, "T1", "R1", NOW))
        assert set(lease.in_doubt()) == {"other"}
    with case.again().lock("test") as lease:
        assert set(lease.in_doubt()) == {"other"}
        lease.record(PushForgotten("other"))
        assert lease.in_doubt() == {}
