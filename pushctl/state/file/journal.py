"""An append-only file of events: one line per event, durable before `append` returns."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct, to_builtins

from pushctl.atomic_write import sync_folder
from pushctl.errors import StateConflictError, StateError, StateFormatError
from pushctl.portable import open_file, sync
from pushctl.regular_file import read_regular
from pushctl.state.codec import decode_event, encode_event, read_fields, readable
from pushctl.state.decoding import FormatError, decoded, mapping
from pushctl.state.events import Event
from pushctl.state.file.git_conflict import MARK
from pushctl.state.file.snapshot import RESTORE, contents

T = TypeVar("T")


class Base(Struct, frozen=True):
    """The snapshot that a journal follows: a journal that was folded is not applied twice."""

    lineage: str
    serial: int
    app: str
    workspace: str


class Journal(Struct, frozen=True):
    """What a journal file holds; `lost` counts the lines that cannot be read."""

    base: Base
    events: tuple[Event, ...]
    lost: int = 0


def read(path: Path) -> Journal | None:
    """Return the journal at a path; None if there is none, or none that got as far as a line.

    Raises `StateFormatError` if a line other than the last is damaged.
    """
    found, wrong = _journal(contents(path, "journal", follow=False) or b"")
    if wrong:
        fix = f"{RESTORE}, which keeps a copy of it"
        raise StateFormatError("The journal is damaged", f"{path.name}: {wrong[0]}", fix=fix)
    return found


def _journal(raw: bytes) -> tuple[Journal | None, list[str]]:
    """Return what can be read, and what is wrong with the lines that cannot.

    A crash cuts the last line short: its event never took effect. What has its end was changed.
    """
    base: Base | None = None
    events: list[Event] = []
    wrong: list[str] = []
    for number, line in enumerate(raw.splitlines(keepends=True), 1):
        document = _parse(line)
        try:
            if number == 1:
                base = _base(document)
            else:
                events.append(decode_event(document))
        except FormatError as error:
            why = error if document else "not what was written"
            wrong += [f"line {number}: {why}"] if line.endswith(b"\n") else []
    return (Journal(base, tuple(events), len(wrong)) if base else None), wrong


def base(path: Path) -> Base | None:
    """Return what a journal follows; None if nothing can be read. Decodes one line only."""
    try:
        return _base(_parse(read_regular(path, follow=False).partition(b"\n")[0]))
    except (OSError, FormatError):
        return None


def _base(document: Any) -> Base:
    return decoded("the first line", lambda data: read_fields(Base, mapping(data, "it")), document)


def remains(path: Path) -> Journal | None:
    """Return every event whose own line is whole; None without a first line that can be read."""
    try:
        return _journal(MARK.sub(b"", read_regular(path, follow=False)))[0]
    except OSError:
        return None


def _parse(line: bytes) -> dict[str, Any] | None:
    checksum, _, text = line.rstrip(b"\r\n").partition(b" ")
    if checksum.decode("ascii", "replace") != _checksum(text):
        return None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _line(value: T, encode: Callable[[T], Any], decode: Callable[[Any], T]) -> bytes:
    # ASCII only, so that no character of a title can be taken for the end of a line.
    text = readable(value, encode, decode, separators=(",", ":"), allow_nan=False)
    return _checksum(text).encode("ascii") + b" " + text + b"\n"


def _checksum(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:16]


class JournalWriter:
    """Writes a journal that does not exist yet. Safe to use from several threads."""

    def __init__(self, path: Path, base: Base) -> None:
        """Prepare a journal that follows `base`; the first event creates the file."""
        self._path = path
        self._base = base
        self._end = 0
        self._named = False
        self._torn = False
        self._descriptor: int | None = None
        self._lock = threading.Lock()

    def append(self, event: Event) -> None:
        """Make an event durable; raises `StateError` if that did not work."""
        line = _line(event, encode_event, decode_event)
        with self._lock:
            try:
                self._begin()
                self._write(line)
            except FileExistsError as error:
                raise StateConflictError(
                    "Somebody else writes the journal",
                    f"{self._path.name} appeared while this command held the lock",
                    fix="run the command again; it continues from what was recorded",
                ) from error
            except OSError as error:
                detail = f"{self._path}: {error.strerror or error}"
                fix = "free some space or make the folder writable, then run the command again"
                raise StateError("The journal cannot be written", detail, fix=fix) from error

    def _begin(self) -> None:
        """Create the file, its first line and its name, whatever of it is still to do.

        Never opens a file that is there: it could only belong to somebody who took the lock away.
        """
        if self._torn:
            raise OSError(errno.EIO, "an earlier write failed half-way")
        if self._descriptor is None:
            self._descriptor = open_file(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        if self._end == 0:
            self._write(_line(self._base, to_builtins, _base))
        if not self._named:
            sync_folder(self._path.parent)
            self._named = True

    def _write(self, line: bytes) -> None:
        """Append a whole line or nothing: what a full disk cut short is taken back.

        After a failed sync nobody knows what is on the disk, so nothing more is written.
        """
        assert self._descriptor is not None
        written = 0
        try:
            while written < len(line):
                written += os.pwrite(self._descriptor, line[written:], self._end + written)
            self._torn = True
            sync(self._descriptor)
            self._torn = False
        except OSError:
            self._take_back()
            raise
        self._end += len(line)

    def _take_back(self) -> None:
        assert self._descriptor is not None
        try:
            os.ftruncate(self._descriptor, self._end)
        except OSError:
            self._torn = True

    def close(self) -> None:
        """Let go of the file for good. Safe to call twice."""
        with self._lock:
            self._torn = True
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None
