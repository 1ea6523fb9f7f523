"""What git leaves of a file that two branches changed, and what two states know together."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec.structs import replace

from pushctl.errors import IncompleteStateError
from pushctl.regular_file import read_regular
from pushctl.state.state import PushRecord, State
from pushctl.text.regex import regex

MARK = regex(rb"^(<{7}|\|{7}|={7}|>{7})[^\n]*\n?", re.MULTILINE)


def first_mark(path: Path) -> int | None:
    """Return the line (from 1) of the first marker in a file; None if there is none."""
    try:
        raw = read_regular(path)
    except OSError:
        return None
    found = MARK.search(raw) if b"<<<<<<<" in raw or b">>>>>>>" in raw else None
    return raw.count(b"\n", 0, found.start()) + 1 if found else None


def check(path: Path) -> None:
    """Raise `IncompleteStateError` if a file has markers."""
    if line := first_mark(path):
        detail = f"{path.name} (line {line}): two applies followed the same state"
        fix = "pushctl state restore, which takes what both sides have"
        raise IncompleteStateError("A merge conflict of git is in the state", detail, fix=fix)


def sides(raw: bytes) -> tuple[bytes, bytes]:
    """Return what a file was on either side."""
    first, *rest = MARK.split(raw)
    parts = list(zip(rest[::2], rest[1::2], strict=True))
    ours, theirs = ([text for mark, text in parts if mark[:1] in own] for own in (b"<>", b"=>"))
    return b"".join((first, *ours)), b"".join((first, *theirs))


def merged(one: State, other: State) -> tuple[State, list[str]]:
    """Return what two states know together, and the ids of which they know different things."""

    def progress(record: PushRecord) -> tuple[int, int, bool, int]:
        return record.generation, len(record.tasks), record.stopped, -len(record.live)

    older, newer = sorted((one, other), key=lambda state: state.serial)
    differ = [id for id, record in older.pushes.items() if newer.pushes.get(id, record) != record]
    further = {id: max(older.pushes[id], newer.pushes[id], key=progress) for id in differ}
    pushes = {**older.pushes, **newer.pushes, **further}
    raised = {id: max(at, newer.retired.get(id, 0)) for id, at in older.retired.items()}
    return replace(newer, pushes=pushes, retired={**newer.retired, **raised}), differ
