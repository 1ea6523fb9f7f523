"""Where recorded states are, and how a copy of one is made."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pushctl.sandbox import Sandbox
from tests.acceptance.cli import Here, Ran

STATES = Path(__file__).parent / "recorded_states"
SANDBOX = Path(".pushctl") / "sandbox.db"
NOT_KEPT = ("requests",)
PRAGMAS = ("application_id", "user_version")


@dataclass(frozen=True)
class Copy(Here):
    """A folder with a manifest whose clock stands still, in an environment or in none."""

    now: str = ""
    env: str | None = None

    def pushctl(self, *arguments: str) -> Ran:
        chosen = ("--env", self.env) if self.env else ()
        return self.run("--now", self.now, *chosen, *arguments)

    @property
    def state_file(self) -> Path:
        name = f"pushctl.{self.env}" if self.env else "pushctl"
        return self.folder / f"{name}.state.json"

    def fingerprints(self) -> dict[str, str]:
        shown = self.pushctl("state", "show")
        assert shown.code == 0, shown
        return {id: push["fingerprint"] for id, push in shown.json["pushes"].items()}

    def files(self) -> dict[str, bytes]:
        """The files that hold the state, by name."""
        found = self.folder.glob("*.state.*")
        passing = (".lock", ".gate", ".history")
        return {path.name: path.read_bytes() for path in found if path.suffix not in passing}

    def calls(self) -> list[str]:
        """What the service was asked for, apart from its list, in this order."""
        with contextlib.closing(sqlite3.connect(self.folder / SANDBOX)) as database:
            rows = database.execute("SELECT entry FROM requests ORDER BY seq").fetchall()
        names = [json.loads(row[0])["op"] for row in rows]
        return [name for name in names if not name.startswith("Query")]


def facts(case: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((STATES / case / "case.json").read_text("utf-8"))
    return found


def restored(case: str, folder: Path) -> Copy:
    """Put manifest, state and service back as they were recorded."""
    for part in ("manifest", "state"):
        shutil.copytree(STATES / case / part, folder, dirs_exist_ok=True)
    (folder / SANDBOX).parent.mkdir()
    with contextlib.closing(sqlite3.connect(folder / SANDBOX)) as database:
        database.executescript((STATES / case / "sandbox.sql").read_text("utf-8"))
    known = facts(case)
    return Copy(folder, known["now"], known["env"])


def desired(case: str, folder: Path) -> dict[str, str]:
    """Return the fingerprints of what the manifest wants, as a first apply would record them."""
    known = facts(case)
    shutil.copytree(STATES / case / "manifest", folder, dirs_exist_ok=True)
    new_service(folder, known["begun"])
    copy = Copy(folder, known["begun"], known["env"])
    applied = copy.pushctl("apply", "--yes", "--force")
    assert applied.code == 0, applied
    return copy.fingerprints()


def headline(ran: Ran) -> str:
    """Return the sentence that a plan ends with."""
    first, stop, _ = ran.out.rstrip().rpartition("\n")[2].partition(".")
    return first + stop


def new_service(folder: Path, now: str) -> None:
    """Make an embedded sandbox whose clock stands still."""
    (folder / SANDBOX).parent.mkdir()
    Sandbox(folder / SANDBOX, now=now).start().close()


def dump(folder: Path) -> str:
    """Return an embedded sandbox as SQL, without its logs."""
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        with contextlib.closing(sqlite3.connect(folder / SANDBOX)) as original:
            original.backup(database)
        for table in NOT_KEPT:
            database.execute(f"DELETE FROM {table}")
            database.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        database.commit()
        marks = [
            f"PRAGMA {name}={database.execute(f'PRAGMA {name}').fetchone()[0]};" for name in PRAGMAS
        ]
        return "\n".join([*database.iterdump(), *marks]) + "\n"
