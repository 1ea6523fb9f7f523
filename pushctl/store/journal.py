"""An append-only file of events: one line per event, durable before `append` returns.

Each line carries a checksum of its own, so a line that a crash cut short is recognised and ignored;
a damaged line *before* the last one is damage, not a crash, and is reported. The first line says
which snapshot the events follow, so that a journal which was folded already is never applied twice.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pushctl.core.codec import FormatError, decode_event, encode_event
from pushctl.core.state import Event
from pushctl.errors import StateError, StateFormatError
from pushctl.store.durable import sync_folder


@dataclass(frozen=True, slots=True)
class Base:
    """The snapshot that a journal follows."""

    lineage: str
    serial: int
    app: str
    workspace: str


@dataclass(frozen=True, slots=True)
class Journal:
    """What a journal file holds. `length` is how many bytes of it are whole lines."""

    base: Base
    events: tuple[Event, ...]
    length: int


def read(path: Path) -> Journal | None:
    """Return the journal at a path; None if there is none, or none that got as far as a line.

    Raises `StateFormatError` if a line other than the last is damaged.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StateError("The journal cannot be read", f"{path}: {error.strerror}") from error
    documents, length = _lines(path, raw)
    if not documents:
        return None
    try:
        base = Base(**documents[0])
        events = tuple(decode_event(document) for document in documents[1:])
    except (FormatError, TypeError) as error:
        raise _damaged(path, str(error)) from error
    return Journal(base, events, length)


def _lines(path: Path, raw: bytes) -> tuple[list[Any], int]:
    documents: list[Any] = []
    length = 0
    lines = raw.splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        document = _parse(line)
        if document is None:
            if number < len(lines):
                raise _damaged(path, f"line {number} is not what was written")
            break
        documents.append(document)
        length += len(line)
    return documents, length


def _parse(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        return None
    checksum, _, text = line.rstrip(b"\n").partition(b" ")
    if checksum.decode("ascii", "replace") != _checksum(text):
        return None
    document = json.loads(text)
    return document if isinstance(document, dict) else None


def _line(document: Any) -> bytes:
    # ASCII only, so that no character of a title can be taken for the end of a line.
    text = json.dumps(document, separators=(",", ":")).encode("ascii")
    return _checksum(text).encode("ascii") + b" " + text + b"\n"


def _checksum(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:16]


def _damaged(path: Path, why: str) -> StateFormatError:
    return StateFormatError(
        "The journal is damaged",
        f"{path.name}: {why}",
        fix=f"keep a copy of {path.name}; see docs/recovery.md before deleting it",
    )


class JournalWriter:
    """Appends to a journal. Safe to use from several threads."""

    def __init__(self, path: Path, base: Base, *, resume_at: int | None = None) -> None:
        """Begin a journal that follows `base`, or resume one after its first whole bytes."""
        self._path = path
        self._base = base
        self._end = 0 if resume_at is None else resume_at
        self._descriptor: int | None = None
        self._lock = threading.Lock()

    def append(self, event: Event) -> None:
        """Make an event durable; raises `StateError` if that did not work."""
        with self._lock:
            try:
                if self._descriptor is None:
                    self._open()
                self._write(_line(encode_event(event)))
            except OSError as error:
                raise StateError(
                    "The journal cannot be written",
                    f"{self._path}: {error.strerror or error}",
                    fix="free some space or make the folder writable, then run the command again",
                ) from error

    def _open(self) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        self._descriptor = os.open(self._path, flags, 0o600)
        os.ftruncate(self._descriptor, self._end)
        if self._end == 0:
            base = {
                "lineage": self._base.lineage,
                "serial": self._base.serial,
                "app": self._base.app,
                "workspace": self._base.workspace,
            }
            self._write(_line(base))
            sync_folder(self._path.parent)

    def _write(self, line: bytes) -> None:
        """Append a whole line or nothing: what a full disk cut short is taken back."""
        assert self._descriptor is not None
        try:
            written = 0
            while written < len(line):
                written += os.pwrite(self._descriptor, line[written:], self._end + written)
            os.fsync(self._descriptor)
        except OSError:
            os.ftruncate(self._descriptor, self._end)
            raise
        self._end += len(line)

    def close(self) -> None:
        """Let go of the file. Safe to call twice."""
        with self._lock:
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None


def replay(journal: Journal | None, base: Base) -> Sequence[Event]:
    """Return the events that a snapshot does not hold yet."""
    if journal is None or journal.base.lineage != base.lineage or journal.base.serial < base.serial:
        return ()
    return journal.events
