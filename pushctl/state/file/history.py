"""The history beside a state file: one JSON line per change."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from pushctl.state.history import HistoryEntry, decode_entry, encode_entry


def append(path: Path, entry: HistoryEntry) -> None:
    """Add a line. What happened has happened: a full disk must not make it look as if not."""
    line = json.dumps(encode_entry(entry)).encode("ascii") + b"\n"
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
    with contextlib.suppress(OSError):
        descriptor = os.open(path, flags, 0o600)
        try:
            os.write(descriptor, line)
        finally:
            os.close(descriptor)


def entries(path: Path) -> tuple[HistoryEntry, ...]:
    """Return all lines that can be read, the newest last."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ()
    found: list[HistoryEntry] = []
    for line in lines:
        with contextlib.suppress(ValueError, RecursionError):
            found.append(decode_entry(json.loads(line)))
    return tuple(found)
