"""What a process remembers of its data file is never older than the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from pushctl.sandbox.clock import frozen_at
from pushctl.sandbox.faults import FaultRule
from pushctl.sandbox.storage.database import Database
from pushctl.sandbox.storage.store import Session, Store
from pushctl.sandbox.storage.task import Task

NOW = 1_796_090_400.0
NOW_MS = 1_796_090_400_000


def store_on(path: Path | None) -> Store:
    return Store(Database(path), frozen_at(NOW), {})


@pytest.fixture
def store() -> Iterator[Store]:
    made = store_on(None)
    yield made
    made.close()


def task(due_ms: int) -> Task:
    texts = ("A", "w", "name", "title", "content")
    return Task(*texts, 3, 1, {"u": "k"}, {"ExpiredSeconds": "60"}, (due_ms,), ("k",))


def shown(store: Store) -> tuple[Any, ...]:
    with store.session() as session:
        delivered = session.db.execute("SELECT count(*) FROM deliveries").fetchone()[0]
        faults = len(session.match_faults("PushSimple", lambda _: True).kinds)
        return session.now, session.knobs["quota.limit"], faults, delivered


def set_clock(session: Session) -> None:
    session.set_clock(frozen_at(NOW + 60))
    session.fire_due()


CHANGES: list[Callable[[Session], object]] = [
    set_clock,
    lambda session: session.set_knobs({"quota.limit": 7}),
    lambda session: session.add_fault(FaultRule("*", "http-500")),
    lambda session: session.delete_faults(),
    lambda session: session.fire_next(1),
    lambda session: session.reset(),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_rolled_back_is_forgotten(store: Store, change: Callable[[Session], None]) -> None:
    with store.session() as session:
        session.add_task(task(NOW_MS + 60_000), 0)
        session.add_fault(FaultRule("*", "slow", seconds=1.0))
    before = shown(store)

    with suppress(ZeroDivisionError), store.session() as session:
        change(session)
        raise ZeroDivisionError
    assert shown(store) == before
    with store.session() as session:
        change(session)
    assert shown(store) != before


@pytest.mark.parametrize("change", CHANGES)
def test_what_another_process_changes_is_seen(
    tmp_path: Path, change: Callable[[Session], None]
) -> None:
    one, two = store_on(tmp_path / "s.db"), store_on(tmp_path / "s.db")
    with one.session() as session:
        session.add_task(task(NOW_MS + 60_000), 0)
        session.add_fault(FaultRule("*", "slow", seconds=1.0))
    before = shown(two)
    with one.session() as session:
        change(session)

    assert shown(two) == shown(one) != before
    one.close()
    two.close()


def test_a_task_that_another_process_adds_is_fired_by_this_one(tmp_path: Path) -> None:
    one, two = store_on(tmp_path / "s.db"), store_on(tmp_path / "s.db")
    with two.session() as session:
        session.add_task(task(NOW_MS + 600_000), 0)
    with one.session() as session:
        session.add_task(task(NOW_MS + 60_000), 0)
    with two.session() as session:
        session.set_clock(frozen_at(NOW + 60))
    assert shown(two)[-1] == 1
    one.close()
    two.close()


def test_an_earlier_task_is_fired_before_a_later_one(store: Store) -> None:
    for due in (60_000, 30_000):
        with store.session() as session:
            session.add_task(task(NOW_MS + due), 0)
    for seconds, delivered in ((29, 0), (30, 1), (59, 1), (60, 2)):
        with store.session() as session:
            session.set_clock(frozen_at(NOW + seconds))
        assert shown(store)[-1] == delivered


def test_nothing_is_read_anew_while_nothing_changes(store: Store) -> None:
    shown(store)
    read: list[str] = []
    with store.session() as session:
        session.db.set_trace_callback(read.append)
    with store.session():
        pass
    assert read == ["COMMIT", "BEGIN IMMEDIATE", "PRAGMA data_version", "COMMIT"]
