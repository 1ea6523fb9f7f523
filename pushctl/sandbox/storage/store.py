"""Reads and writes what the sandbox remembers, as rows of its database."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import msgspec

from pushctl.sandbox.clock import Clock, to_milliseconds
from pushctl.sandbox.faults import NO_FAULTS, ActiveFaults, FaultRule
from pushctl.sandbox.knobs import Knobs, KnobValue
from pushctl.sandbox.storage.database import Database
from pushctl.sandbox.storage.known import Known
from pushctl.sandbox.storage.phones import Phones
from pushctl.sandbox.storage.snapshots import Snapshots
from pushctl.sandbox.storage.task import BROADCAST, Task

WAITING, EXECUTED, CANCELLED = 0, 1, 2
_KEPT_REQUESTS = 20_000
_MAX_ENTRY = 64 * 1024  # characters
_WAITING_ROWS = (
    "SELECT o.seq, o.task, o.push_ms, t.created_ms, t.targets, t.texts, t.kind FROM occurrences o"
    f" JOIN tasks t ON t.seq = o.task WHERE o.status = {WAITING}"
)
_DELIVERED = (
    "INSERT INTO deliveries (task, occurrence, due_ms, at_ms, real, target, msgkey, title, content)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_TABLES = (
    "tasks",
    "occurrences",
    "msgkeys",
    "deliveries",
    "requests",
    "faults",
    "templates",
    "waiting",
    "messages",
)


Texts = Mapping[str, Mapping[str, object]]  # parameters of their own, by target


class Session:
    """One transaction: the clock and the knobs as they are, and the rows to read and change.

    `now` and `real_time` (the machine's own time) are epoch seconds, `now_ms` is milliseconds.
    """

    def __init__(
        self, db: sqlite3.Connection, real_time: float, known: Known, listed: dict[str, Any]
    ) -> None:
        known.read(db)
        self.db, self.real_time = db, real_time
        self._known, self._listed = known, listed
        self._show(known.clock)
        self.knobs = known.knobs

    @property
    def phones(self) -> Phones:
        """The phones there are."""
        return Phones(self.db, self.knobs, self._known.seed)

    @property
    def apps(self) -> Sequence[tuple[str, str]]:
        """The named apps with their workspaces, an empty workspace for all of an app."""
        return self._known.apps

    def forget(self) -> None:
        """Makes the next session read anew what was written past this class."""
        self._known.forget()

    def set_clock(self, clock: Clock) -> None:
        """Stores a clock for every process and every later start."""
        self._set_meta("clock", clock.to_json())
        self._show(clock)

    def _show(self, clock: Clock) -> None:
        self.clock = clock
        self.now = clock.now(self.real_time)
        self.now_ms = to_milliseconds(self.now)

    def set_knobs(self, changes: Mapping[str, KnobValue]) -> None:
        """Stores checked overrides besides those there are."""
        self._known.overrides = {**self._known.overrides, **changes}
        self._set_meta("knobs", json.dumps(self._known.overrides))
        self.knobs = Knobs(self._known.overrides)

    def set_seed(self, seed: Mapping[str, Any]) -> None:
        """Makes the phones what a seed file says, unless they were made of just that before."""
        if seed != self._known.seed:
            self._known.seed, self._known.phoned = seed, True
            self._set_meta("seed", json.dumps(seed))
            self.phones.plant()

    def _set_meta(self, key: str, value: str) -> None:
        self._known.forget()
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def new_id(self) -> str:
        """Returns 32 hex digits: at random, or the next of those that the seed's number gives."""
        if self._known.seed is None:
            return os.urandom(16).hex()
        row = self.db.execute(
            "INSERT INTO meta VALUES ('ids', 1) ON CONFLICT DO UPDATE SET value = value + 1"
            " RETURNING value"
        ).fetchone()
        return hashlib.sha256(f"{self._known.seed['number']} {row[0]}".encode()).hexdigest()[:32]

    def register_phone(self, token: str, **facts: object) -> None:
        """Notes facts of the phone with a token: user, vendor, platform, system or number.

        One that is new is always online. What was kept for the user or the token is delivered.
        """
        self._known.forget()
        self._known.phoned = True
        self.phones.register(token, self.now_ms, facts)

    def fire_due(self) -> int:
        """Delivers everything due by now, in order; returns how many messages that were."""
        if self._known.due_ms is not None and self.now_ms < self._known.due_ms:
            return 0
        self._known.due_ms = None
        due = f"{_WAITING_ROWS} AND o.push_ms <= ? ORDER BY o.push_ms, o.seq"
        rows = self.db.execute(due, (self.now_ms,)).fetchall()
        return sum(self._fire(row, row["push_ms"]) for row in rows)

    def next_due(self) -> int | None:
        """Returns when the earliest waiting occurrence is due (epoch milliseconds)."""
        waiting = f"SELECT min(push_ms) FROM occurrences WHERE status = {WAITING}"
        found: int | None = self.db.execute(waiting).fetchone()[0]
        return found

    def fire_next(self, task: int) -> None:
        """Delivers the earliest waiting occurrence of a task now, due or not."""
        earliest = f"{_WAITING_ROWS} AND o.task = ? ORDER BY o.push_ms LIMIT 1"
        for row in self.db.execute(earliest, (task,)).fetchall():
            self._fire(row, self.now_ms)

    def _fire(self, row: sqlite3.Row, due: int) -> int:
        self.set_status([row["seq"]], row["task"], EXECUTED)
        targets = json.loads(row["targets"])
        if row["kind"] == BROADCAST:
            targets = self._audience(row["task"])
        texts = json.loads(row["texts"]) if row["texts"] else {}
        sent = (row["task"], row["seq"], due, max(due, row["created_ms"]))
        return self._deliver(sent, targets, texts)

    def _deliver(
        self, sent: tuple[int, int, int, int], targets: Mapping[str, str], texts: Texts
    ) -> int:
        """Stores a delivery to each target; `sent` is its task, occurrence, due and own time."""
        for target, msgkey in targets.items():
            own = texts.get(target, {})
            row = (*sent, self.real_time, target, msgkey, own.get("Title"), own.get("Content"))
            delivery = self.db.execute(_DELIVERED, row).lastrowid or 0
            if self._known.phoned:
                self.phones.deliver(delivery, sent[-1])
        return len(targets)

    def _audience(self, task: int) -> dict[str, str]:
        if not self._known.phoned:
            return {}
        facts = "SELECT delivery_type, params FROM tasks WHERE seq = ?"
        delivery_type, text = self.db.execute(facts, (task,)).fetchone()
        params = json.loads(text)
        reached = self.phones.audience(delivery_type, params)
        return dict.fromkeys(reached, str(params.get("Msgkey")))

    def set_status(self, occurrences: Sequence[int], task: int, status: int) -> None:
        """Marks waiting occurrences of one task as executed or cancelled."""
        self.db.executemany(
            "UPDATE occurrences SET status = ? WHERE seq = ?", [(status, o) for o in occurrences]
        )
        self.db.execute(
            "UPDATE tasks SET pending = pending - ? WHERE seq = ?", (len(occurrences), task)
        )

    def add_task(self, task: Task, create_type: int) -> str:
        """Stores a task with all its occurrences; returns the id it got.

        One without a strategy is delivered.
        """
        task_id, at_once = self.new_id(), task.strategy_type == 0
        cursor = self.db.execute(
            "INSERT INTO tasks (id, app, workspace, name, title, content, delivery_type,"
            " strategy_type, create_type, created_ms, created_real, pending, targets, params,"
            " kind, template, texts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(task_id, task.app, task.workspace, task.name, task.title, task.content),
                *(task.delivery_type, task.strategy_type, create_type, self.now_ms, self.real_time),
                0 if at_once else len(task.fire_times_ms),
                *(_json(task.targets), _json(task.params), task.kind, task.template),
                _json(task.texts) if task.texts else None,
            ),
        )
        seq = cursor.lastrowid or 0
        for key in task.message_keys:
            row = (task.app, task.workspace, key, seq)
            self.db.execute("INSERT OR IGNORE INTO msgkeys VALUES (?, ?, ?, ?)", row)
        occurrence = 0
        for fire_ms in task.fire_times_ms:
            # Only a loop has children: anything else is its own single occurrence.
            child = self.new_id() if task.strategy_type == 2 else task_id
            occurrence = self._add_occurrence(child, seq, fire_ms, EXECUTED if at_once else WAITING)
        if at_once:
            targets = self._audience(seq) if task.kind == BROADCAST else task.targets
            self._deliver((seq, occurrence, self.now_ms, self.now_ms), targets, task.texts)
        return task_id

    def _add_occurrence(self, id: str, task: int, fire_ms: int, status: int) -> int:
        if status == WAITING and self._known.due_ms is not None:
            self._known.due_ms = min(self._known.due_ms, fire_ms)
        insert = "INSERT INTO occurrences (id, task, push_ms, status) VALUES (?, ?, ?, ?)"
        return self.db.execute(insert, (id, task, fire_ms, status)).lastrowid or 0

    def count_waiting(self, app: str, workspace: str, *, occurrences: bool) -> int:
        """Counts the scheduled tasks, or their occurrences, that are still waiting."""
        row = self.db.execute(
            "SELECT tasks, occurrences FROM waiting WHERE app = ? AND workspace = ?",
            (app, workspace),
        ).fetchone()
        return int(row["occurrences" if occurrences else "tasks"]) if row else 0

    def listed(self, where: str, values: Sequence[object], order: str) -> Sequence[int]:
        """Returns the numbers of the occurrences that match, in order.

        Who asks page by page asks for the same again: until one is added or no longer waits, the
        last answer is returned.
        """
        last, waiting = self.db.execute(
            "SELECT (SELECT max(seq) FROM occurrences), (SELECT sum(occurrences) FROM waiting)"
        ).fetchone()
        asked = (where, *values, order, last, waiting)
        if self._listed.get("asked") != asked:
            found = self.db.execute(
                "SELECT o.seq FROM occurrences o JOIN tasks t ON t.seq = o.task"
                f" WHERE {where} ORDER BY {order}",
                values,
            )
            self._listed.update(asked=asked, numbers=array("q", (row[0] for row in found)))
        numbers: Sequence[int] = self._listed["numbers"]
        return numbers

    def tasks_by_msgkey(self, app: str, workspace: str, keys: Iterable[str]) -> dict[str, str]:
        """Returns the id of the first task that used each key, for keys used before."""
        found: dict[str, str] = {}
        for key in keys:
            row = self.db.execute(
                "SELECT t.id FROM msgkeys m JOIN tasks t ON t.seq = m.task"
                " WHERE m.app = ? AND m.workspace = ? AND m.msgkey = ? ORDER BY m.task LIMIT 1",
                (app, workspace, key),
            ).fetchone()
            if row is not None:
                found[key] = row[0]
        return found

    def match_faults(self, op: str, contains: Callable[[str], bool]) -> ActiveFaults:
        """Returns the faults that hit a call and counts them; `contains` tests for a text in it."""
        if not self._known.faults:
            return NO_FAULTS
        disruption: FaultRule | None = None
        modifiers: list[FaultRule] = []
        for rule in self._known.faults:
            if rule.times == 0 or rule.op not in ("*", op):
                continue  # used up, or about another operation
            if disruption is not None and not rule.modifier:
                continue
            if rule.match is not None and not contains(rule.match):
                continue
            if not self._count_down(rule):
                continue
            if rule.modifier:
                modifiers.append(rule)
            else:
                disruption = rule
        return ActiveFaults(disruption, tuple(modifiers))

    def _count_down(self, rule: FaultRule) -> bool:
        self._known.forget()
        if rule.after > 0:
            self.db.execute("UPDATE faults SET after = after - 1 WHERE id = ?", (rule.id,))
            return False
        self.db.execute(
            "UPDATE faults SET hits = hits + 1, times = times - 1 WHERE id = ?", (rule.id,)
        )
        return True

    def add_fault(self, rule: FaultRule) -> FaultRule:
        """Stores a rule; returns it with its id."""
        self._known.forget()
        cursor = self.db.execute(
            "INSERT INTO faults (op, kind, times, after, match, seconds, effect, hits)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            (rule.op, rule.kind, rule.times, rule.after, rule.match, rule.seconds, rule.effect),
        )
        return replace(rule, id=cursor.lastrowid or 0)

    def faults(self) -> list[FaultRule]:
        """Returns every rule there was when the session began, used-up ones included."""
        return self._known.faults

    def delete_faults(self, fault: int | None = None) -> int:
        """Deletes one rule or all; returns how many."""
        self._known.forget()
        if fault is None:
            return self.db.execute("DELETE FROM faults").rowcount
        return self.db.execute("DELETE FROM faults WHERE id = ?", (fault,)).rowcount

    def log_request(self, entry: Mapping[str, object]) -> None:
        """Appends to the request log, whose entries and number are bounded."""
        text = _json(entry)
        if len(text) > _MAX_ENTRY:
            params = json.dumps(entry.get("params"))[: _MAX_ENTRY // 2]
            text = json.dumps({**entry, "params": {"truncated": params}})
        cursor = self.db.execute(
            "INSERT INTO requests (real, at_ms, entry) VALUES (?, ?, ?)",
            (self.real_time, self.now_ms, text),
        )
        last = cursor.lastrowid or 0
        if last % 1000 == 0:
            self.db.execute("DELETE FROM requests WHERE seq <= ?", (last - _KEPT_REQUESTS,))

    def reset(self, *, whole: bool = False) -> None:
        """Deletes everything; the clock and the knobs only as a `whole`."""
        if whole:
            self.db.execute("DELETE FROM meta WHERE key <> 'seed'")
            self.set_clock(Clock())
            self._known.overrides, self.knobs = {}, Knobs({})
        self.db.execute("DELETE FROM meta WHERE key = 'ids'")
        for table in _TABLES:
            self.db.execute(f"DELETE FROM {table}")
        self._known.forget()
        self.phones.plant()


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


class Store:
    """Sessions on a database; `clock` is for a data file without one, `knobs` are overrides.

    `seed` is what a seed file says.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock | None,
        knobs: Mapping[str, KnobValue],
        seed: Mapping[str, Any] | None = None,
    ) -> None:
        self._database = database
        self._known = Known()
        self._listed: dict[str, Any] = {}
        self._in_memory: dict[str, sqlite3.Connection] = {}
        with database.transaction() as connection:
            shown = (clock or Clock()).to_json()
            connection.execute("INSERT OR IGNORE INTO meta VALUES ('clock', ?)", (shown,))
            session = Session(connection, time.time(), Known(), {})
            if knobs:
                session.set_knobs(knobs)
            if seed is not None:
                session.set_seed(seed)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Yields a session in which everything due is delivered; an exception rolls it back.

        Raises DatabaseClosedError.
        """
        with self._database.transaction() as connection:
            session = Session(connection, time.time(), self._known, self._listed)
            session.fire_due()
            yield session

    @contextmanager
    def snapshots(self) -> Iterator[Snapshots]:
        """Yields the snapshots, while there is no session; raises DatabaseClosedError."""
        with self._database.idle() as connection:
            self._known.forget()
            self._listed.clear()
            yield Snapshots(connection, self._database.path, self._in_memory)

    def close(self) -> None:
        """Waits for the session in flight; later ones raise DatabaseClosedError."""
        self._database.close()
        for copy in self._in_memory.values():
            copy.close()
