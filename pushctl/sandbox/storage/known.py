"""What a process knows of its data file without reading it for each call."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from pushctl.sandbox.clock import Clock
from pushctl.sandbox.faults import FaultRule
from pushctl.sandbox.knobs import Knobs, KnobValue


class Known:
    """What seldom changes: clock, knobs, apps, seed, faults. Who changes any calls `forget`.

    Nothing is due before `due_ms`. `phoned` tells whether there are phones or a seed file.
    """

    def __init__(self) -> None:
        self._version: int | None = None
        self.due_ms: float | None = None
        self.begun: tuple[Clock, Mapping[str, KnobValue], Sequence[tuple[str, str]]]
        self.begun = Clock(), {}, ()

    def forget(self) -> None:
        """Makes the next session read everything anew."""
        self._version = None

    def read(self, db: sqlite3.Connection) -> None:
        """Reads what is not known, or what another process may have changed."""
        version = db.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self._read(db)
            self._version, self.due_ms = version, None
        if self.due_ms is None:
            due = "SELECT min(push_ms) FROM occurrences WHERE status = 0"
            self.due_ms = db.execute(due).fetchone()[0] or math.inf

    def _read(self, db: sqlite3.Connection) -> None:
        meta = dict(db.execute("SELECT key, value FROM meta").fetchall())
        self.clock = Clock.from_json(meta["clock"]) if "clock" in meta else Clock()
        self.overrides: dict[str, KnobValue] = json.loads(meta.get("knobs", "{}"))
        self.knobs = Knobs(self.overrides)
        self.seed: Mapping[str, Any] | None = json.loads(meta.get("seed", "null"))
        phones = db.execute("SELECT 1 FROM phones").fetchone()
        self.phoned = self.seed is not None or phones is not None
        self.apps = [(row[0], row[1]) for row in db.execute("SELECT app, workspace FROM apps")]
        rows = db.execute("SELECT * FROM faults ORDER BY id").fetchall()
        self.faults = [FaultRule(**dict(row)) for row in rows]
