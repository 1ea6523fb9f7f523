"""The history beside a state file: one JSON line per change."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from pushctl.portable import open_file
from pushctl.regular_file import read_regular
from pushctl.state.history import HistoryEntry, decode_entry, encode_entry, newest
from pushctl.state.state import State


def append(path: Path, entry: HistoryEntry) -> None:
    """Add a line. What happened has happened: a full disk must not make it look as if not."""
    line = json.dumps(encode_entry(entry)).encode("ascii") + b"\n"
    with contextlib.suppress(OSError):
        descriptor = open_file(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            os.write(descriptor, line)
        finally:
            os.close(descriptor)


def entries(path: Path) -> tuple[HistoryEntry, ...]:
    """Return all lines that can be read, the newest last."""
    return tuple(_decoded(_lines(path)))


def serial(path: Path) -> int:
    """Return the newest serial that a history tells of; 0 if it tells of none."""
    told = (line for line in reversed(_lines(path)) if b'"serial"' in line)
    return next((entry.serial for entry in _decoded(told) if entry.serial), 0)


def apart(path: Path, state: State) -> list[HistoryEntry]:
    """Return what tells of another state under the same serial."""
    lines = (line for line in _lines(path) if b'"serial": %d' % state.serial in line)
    told = (entry for entry in _decoded(lines) if entry.serial == state.serial)
    made, ids = (None, newest(state)), state.pushes.keys()
    return [x for x in told if x.made not in made or not ids >= {*x.pushes.get("create", ())}]


def _lines(path: Path) -> list[bytes]:
    try:
        return read_regular(path).splitlines()
    except OSError:
        return []


def _decoded(lines: Iterable[bytes]) -> Iterator[HistoryEntry]:
    for line in lines:
        with contextlib.suppress(ValueError, RecursionError):
            yield decode_entry(json.loads(line))
