"""Who changed the state when, by which command: one JSON line per change, for people."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pushctl.store.lock import holder


@dataclass(frozen=True, slots=True)
class Entry:
    """One change. `at` is ISO 8601 in UTC; `run` is the URL of the CI run, if any."""

    at: str
    who: str
    host: str
    what: str
    run: str = ""

    def __str__(self) -> str:
        run = f", {self.run}" if self.run else ""
        return f"{self.what} ({self.who}@{self.host}, {self.at}{run})"


def append(path: Path, what: str, environ: Mapping[str, str]) -> None:
    """Add a line. What happened has happened: a full disk must not make it look as if not."""
    me = holder(what, environ)
    line = {"at": me.since, "who": me.who, "host": me.host, "what": what, "run": me.run}
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
    with contextlib.suppress(OSError):
        descriptor = os.open(path, flags, 0o600)
        try:
            os.write(descriptor, json.dumps(line).encode("ascii") + b"\n")
        finally:
            os.close(descriptor)


def last(path: Path) -> Entry | None:
    """Return the newest line; None if there is none that can be read."""
    return next(reversed(entries(path)), None)


def entries(path: Path) -> tuple[Entry, ...]:
    """Return all lines that can be read, the newest last."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ()
    found: list[Entry] = []
    for line in lines:
        with contextlib.suppress(ValueError, TypeError):
            found.append(Entry(**json.loads(line)))
    return tuple(found)
