"""Rows in and out of the data file: what the sandbox remembers, without rules about it.

One reason to change: what is remembered.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import uuid4

from pushctl.sandbox import faults
from pushctl.sandbox.assumptions import Knobs, KnobValue
from pushctl.sandbox.clock import Clock, to_ms
from pushctl.sandbox.faults import Rule, Verdict
from pushctl.sandbox.world import Task

WAITING, EXECUTED, CANCELLED = 0, 1, 2
_KEPT_REQUESTS = 20_000
_MAX_ENTRY = 64 * 1024


class Session:
    """One transaction's view: the clock and the knobs as they are, and the rows to change."""

    def __init__(self, connection: sqlite3.Connection, real: float) -> None:
        self.db = connection
        self.real = real
        meta = dict(connection.execute("SELECT key, value FROM meta").fetchall())
        self.clock = Clock.load(meta["clock"]) if "clock" in meta else Clock()
        self.overrides: dict[str, KnobValue] = json.loads(meta.get("knobs", "{}"))
        self.knobs = Knobs(self.overrides)
        self.now = self.clock.now(real)
        self.now_ms = to_ms(self.now)

    def set_clock(self, clock: Clock) -> None:
        """Keeps a clock for every process and every later start."""
        self._put("clock", clock.dump())
        self.clock = clock
        self.now = clock.now(self.real)
        self.now_ms = to_ms(self.now)

    def start_clock(self, clock: Clock) -> None:
        """Keeps a clock unless the file has one already."""
        self.db.execute("INSERT OR IGNORE INTO meta VALUES ('clock', ?)", (clock.dump(),))

    def set_knobs(self, changes: Mapping[str, KnobValue]) -> None:
        """Merges checked overrides."""
        self.overrides.update(changes)
        self._put("knobs", json.dumps(self.overrides))
        self.knobs = Knobs(self.overrides)

    def _put(self, key: str, value: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def fire_due(self) -> None:
        """Executes everything due by now, in order, into the delivery log."""
        rows = self.db.execute(
            "SELECT o.seq, o.task, o.push_ms, t.created_ms, t.targets FROM occurrences o"
            " JOIN tasks t ON t.seq = o.task WHERE o.status = 0 AND o.push_ms <= ?"
            " ORDER BY o.push_ms, o.seq",
            (self.now_ms,),
        ).fetchall()
        for row in rows:
            self._fire(row)

    def fire_next(self, task: int) -> None:
        """Executes a task's soonest waiting occurrence now, due or not."""
        row = self.db.execute(
            "SELECT o.seq, o.task, ? AS push_ms, t.created_ms, t.targets FROM occurrences o"
            " JOIN tasks t ON t.seq = o.task WHERE o.status = 0 AND o.task = ?"
            " ORDER BY o.push_ms LIMIT 1",
            (self.now_ms, task),
        ).fetchone()
        if row is not None:
            self._fire(row)

    def _fire(self, row: sqlite3.Row) -> None:
        due = row["push_ms"]
        at = max(due, row["created_ms"])
        self.set_status([row["seq"]], row["task"], EXECUTED)
        self.db.executemany(
            "INSERT INTO deliveries (task, occurrence, due_ms, at_ms, real, target, msgkey)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (row["task"], row["seq"], due, at, self.real, target, msgkey)
                for target, msgkey in json.loads(row["targets"]).items()
            ],
        )

    def set_status(self, occurrences: Sequence[int], task: int, status: int) -> None:
        """Ends waiting occurrences of one task."""
        self.db.executemany(
            "UPDATE occurrences SET status = ? WHERE seq = ?", [(status, o) for o in occurrences]
        )
        self.db.execute(
            "UPDATE tasks SET pending = pending - ? WHERE seq = ?", (len(occurrences), task)
        )

    def add_task(self, task: Task, create_type: int) -> str:
        """Stores an accepted task with all its occurrences; the id it got."""
        task_id = uuid4().hex
        cursor = self.db.execute(
            "INSERT INTO tasks (id, app, workspace, name, title, content, delivery_type,"
            " strategy_type, create_type, created_ms, created_real, pending, targets, params)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(task_id, task.app, task.workspace, task.name, task.title, task.content),
                *(task.delivery_type, task.strategy_type, create_type, self.now_ms, self.real),
                *(len(task.moments), json.dumps(task.targets), json.dumps(task.params)),
            ),
        )
        seq = cursor.lastrowid
        # Only a loop has children: anything else is its own single occurrence.
        ids = [task_id] if task.strategy_type != 2 else [uuid4().hex for _ in task.moments]
        self.db.executemany(
            "INSERT INTO occurrences (id, task, push_ms, status) VALUES (?, ?, ?, 0)",
            [(child, seq, moment) for child, moment in zip(ids, task.moments, strict=True)],
        )
        self.db.executemany(
            "INSERT OR IGNORE INTO msgkeys VALUES (?, ?, ?, ?)",
            [(task.app, task.workspace, key, seq) for key in task.targets.values()],
        )
        return task_id

    def waiting(self, app: str, workspace: str, *, occurrences: bool) -> int:
        """How much of the quota is used."""
        what = "total(pending)" if occurrences else "count(*)"
        row = self.db.execute(
            f"SELECT {what} FROM tasks WHERE app = ? AND workspace = ? AND pending > 0"
            " AND strategy_type > 0",
            (app, workspace),
        ).fetchone()
        return int(row[0])

    def tasks_by_msgkey(self, app: str, workspace: str, keys: Iterable[str]) -> dict[str, str]:
        """The id of the earliest task that used each message key, for keys used before."""
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

    def pick_faults(self, op: str, contains: Callable[[str], bool]) -> Verdict:
        """Counts the rules that match a call and says which hit it; `contains` tests a text."""
        rows = self.db.execute("SELECT * FROM faults ORDER BY id").fetchall()
        disruption: Rule | None = None
        modifiers: list[Rule] = []
        for row in rows:
            rule = Rule(**dict(row))
            if not faults.fits(rule, op) or (disruption is not None and not rule.modifier):
                continue
            if rule.match is not None and not contains(rule.match):
                continue
            if not self._count_down(rule):
                continue
            if rule.modifier:
                modifiers.append(rule)
            else:
                disruption = rule
        return Verdict(disruption, tuple(modifiers))

    def _count_down(self, rule: Rule) -> bool:
        if rule.after > 0:
            self.db.execute("UPDATE faults SET after = after - 1 WHERE id = ?", (rule.id,))
            return False
        self.db.execute(
            "UPDATE faults SET hits = hits + 1, times = times - 1 WHERE id = ?", (rule.id,)
        )
        return True

    def add_fault(self, rule: Rule) -> Rule:
        """Stores a rule; the same with its id."""
        cursor = self.db.execute(
            "INSERT INTO faults (op, kind, times, after, match, seconds, effect, hits)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            (
                *(rule.op, rule.kind, rule.times, rule.after, rule.match),
                *(rule.seconds, rule.effect),
            ),
        )
        row = self.db.execute("SELECT * FROM faults WHERE id = ?", (cursor.lastrowid,)).fetchone()
        return Rule(**dict(row))

    def faults(self) -> list[Rule]:
        """Every rule, used-up ones included."""
        rows = self.db.execute("SELECT * FROM faults ORDER BY id").fetchall()
        return [Rule(**dict(row)) for row in rows]

    def delete_faults(self, fault: int | None = None) -> int:
        """Removes one rule or all; how many there were."""
        if fault is None:
            return self.db.execute("DELETE FROM faults").rowcount
        return self.db.execute("DELETE FROM faults WHERE id = ?", (fault,)).rowcount

    def nonce_is_new(self, nonce: str, real: float, keep: int) -> bool:
        """Remembers a nonce for `keep` seconds; False when it is still remembered."""
        self.db.execute("DELETE FROM nonces WHERE expires < ?", (real,))
        safe = nonce.encode("utf-8", "backslashreplace").decode("utf-8")
        cursor = self.db.execute("INSERT OR IGNORE INTO nonces VALUES (?, ?)", (safe, real + keep))
        return cursor.rowcount == 1

    def log_request(self, entry: Mapping[str, object]) -> None:
        """Appends to the request log, cut to 64 KB; the log itself is bounded too."""
        text = json.dumps(entry)
        if len(text) > _MAX_ENTRY:
            params = json.dumps(entry.get("params"))[: _MAX_ENTRY // 2]
            text = json.dumps({**entry, "params": {"truncated": params}})
        cursor = self.db.execute(
            "INSERT INTO requests (real, at_ms, entry) VALUES (?, ?, ?)",
            (self.real, self.now_ms, text),
        )
        last = cursor.lastrowid or 0
        if last % 1000 == 0:
            self.db.execute("DELETE FROM requests WHERE seq <= ?", (last - _KEPT_REQUESTS,))

    def reset(self) -> None:
        """Forgets everything but the clock and the knobs."""
        for table in ("tasks", "occurrences", "msgkeys", "deliveries", "requests", "faults"):
            self.db.execute(f"DELETE FROM {table}")
        self.db.execute("DELETE FROM nonces")
