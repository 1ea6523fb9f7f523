"""The state as files beside the manifest: snapshot, journal, lock, and both of the time before."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from pushctl.atomic_write import replace_file, sync_folder
from pushctl.errors import (
    IncompleteStateError,
    StateConflictError,
    StateError,
    StateFormatError,
    StateMovedError,
)
from pushctl.regular_file import read_regular
from pushctl.state.events import Event, advance
from pushctl.state.file import git_conflict, journal, snapshot
from pushctl.state.file import history as history_file
from pushctl.state.file.journal import Base, JournalWriter
from pushctl.state.file.lock import FileLock, HeldLock
from pushctl.state.file.paths import beside, environment, paths
from pushctl.state.file.recovery import recover, serials
from pushctl.state.file.snapshot import RESTORE
from pushctl.state.history import HistoryEntry
from pushctl.state.interface import RECEIVING, LockInfo, Recovered
from pushctl.state.memory_lease import MemoryLease
from pushctl.state.state import State
from pushctl.state.whoami import lock_info, signed

READS = 20
"""How often the files are read again because a lease ended in between."""


class FileStateStore:
    """A state in one folder; the contract is `pushctl.state.interface.StateStore`."""

    def __init__(
        self,
        folder: Path,
        *,
        app: str | None = None,
        workspace: str | None = None,
        name: str = "pushctl",
        check: Callable[[State], object] = lambda state: None,
        zone: dt.tzinfo | None = None,
    ) -> None:
        """Use the state files called `name` in `folder`; a new state is for `app` and `workspace`.

        `check` is asked about whatever is read, and raises if the state is not the one meant.
        Errors about the lock are in times of `zone`.
        """
        self._app = app
        self._workspace = workspace
        self._check = check
        self.paths = paths(folder, name)
        self._lock = FileLock(self.paths.lock, self.paths.gate, zone)
        self.reached: int | None = None
        """The serial of the snapshot that has, or will have, all that was recorded through this."""

    @property
    def path(self) -> Path:
        """Where the snapshot is."""
        return self.paths.state

    @property
    def address(self) -> str:
        return str(self.path)

    @property
    def call_delay(self) -> float:
        """See `StateStore.call_delay`; nobody gets the lock of a process that lives."""
        return 0.0

    def read(self) -> State | None:
        return self._recovered()[0]

    def read_at(self, slot: int) -> State | None:
        """See `StateStore.read_at`; nothing but the newest state is kept."""
        fix = "move it where every entry is kept: pushctl state migrate"
        raise StateError("Files keep no earlier states", self.address, fix=fix)

    def interrupted(self) -> bool:
        return self._recovered()[1]

    def recover(self) -> Recovered | None:
        return recover(self.paths)

    def lock_info(self) -> LockInfo | None:
        return self._lock.holder()

    def unlock(self) -> None:
        self._lock.break_()

    def append_history(self, entry: HistoryEntry) -> None:
        signed_entry = replace(signed(entry, os.environ), serial=self.reached)
        history_file.append(self.paths.history, signed_entry)

    def history(self) -> tuple[HistoryEntry, ...]:
        return history_file.entries(self.paths.history)

    @contextlib.contextmanager
    def lock(self, operation: str, *, timeout: float = 0.0) -> Iterator[FileLease]:
        with self._lock.hold(lock_info(operation, os.environ), timeout=timeout) as held:
            state, unfolded = self._recovered()
            if state is None:
                state = self.new_state()
            lease = FileLease(self, held, state, unfolded=unfolded)
            try:
                yield lease
            finally:
                lease.close()

    def new_state(self) -> State:
        if self._app is None or self._workspace is None:
            there = beside(self.paths.named)
            raise StateError(
                "Nothing is recorded here",
                f"there is no {self.paths.named.name}"
                + (f", but {' and '.join(there)}" if there else ""),
                fix=" or ".join(f"--env {name}" for name in map(environment, there) if name)
                or "run it in the folder of the manifest, with the --env it was applied with",
            )
        return State(str(uuid.uuid4()), self._app, self._workspace)

    def overwrite(
        self, operation: str, make: Callable[[], State], *, timeout: float = 0.0
    ) -> State:
        """See `StateStore.overwrite`; the copies are called after the time (UTC)."""
        with self._lock.hold(lock_info(operation, os.environ), timeout=timeout) as held:
            snapshot.check_here(self.path, self.paths.backup)
            state = make()
            newest = max(serials(self.paths).values())
            state = replace(state, serial=max(state.serial, newest) + 1)
            with self._writing(held, "what was there is still there"):
                stamp = self._put_aside()
                if git_conflict.first_mark(self.paths.history):
                    whole = git_conflict.MARK.sub(b"", read_regular(self.paths.history))
                    replace_file(self.paths.history, whole)
                snapshot.write(self.paths.state, state)
                snapshot.write(self.paths.backup, state)  # a second way back, at once
                self._drop(self.paths.journal, self.paths.backup_journal)
            if self._recovered() != (state, False):
                raise StateError(
                    "The state was written, and reads as something else",
                    f"{self.path}; what was there is in *.aside-{stamp}",
                    fix="look whether something else writes into this folder, then run it again",
                )
            self.reached = state.serial
            return state

    def _put_aside(self) -> str:
        """Keep a copy of every file that holds the state; return what ends their names."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        for path, kept in self.paths.aside(stamp):
            with contextlib.suppress(FileNotFoundError):
                replace_file(kept, read_regular(path))
        return stamp

    def _drop(self, *paths: Path) -> None:
        for path in paths:
            path.unlink(missing_ok=True)
        sync_folder(self.paths.state.parent)

    # --- moving -----------------------------------------------------------------------------------

    @contextlib.contextmanager
    def receive(self, state: State, history: Sequence[HistoryEntry]) -> Iterator[None]:
        """See `StateStore.receive`: until its end only the backup is there, which is refused."""
        with self._lock.hold(lock_info(RECEIVING, os.environ), timeout=0.0) as held:
            if not self._is_free(state.lineage):
                fix = "move its files away if nobody needs them"
                raise StateConflictError("There is a state already", f"at {self.path}", fix=fix)
            newest = max(serials(self.paths).values())
            state = replace(state, serial=max(state.serial, newest) + 1)
            with self._writing(held, "what was there is in *.aside-*"):
                self._put_aside()
                snapshot.write(self.paths.backup, state)
                self._drop(self.path, self.paths.journal, self.paths.backup_journal)
            known = self.history()
            for entry in (replace(item, slot=None) for item in history):
                if entry not in known:
                    history_file.append(self.paths.history, entry)
            yield
            with self._writing(held, "pushctl state restore does it"):
                snapshot.write(self.path, state)
                sync_folder(self.path.parent)

    def _is_free(self, lineage: str) -> bool:
        """Tell whether no state is here but what an earlier try to receive this one left."""
        try:
            return self._recovered()[0] is None
        except StateMovedError:
            return True
        except StateFormatError:
            kept = None if os.path.lexists(self.path) else snapshot.read(self.paths.backup)
            return kept is not None and kept.lineage == lineage

    def close_for(self, address: str, state: State, held: HeldLock) -> None:
        """Put the address in the place of the state; raises what `save` raises."""
        with self._writing(held, "what was there is in *.aside-*"):
            self._put_aside()
            snapshot.write_moved(self.path, state, address)
            snapshot.write_moved(self.paths.backup, state, address)
            self._drop(self.paths.journal, self.paths.backup_journal)

    def _recovered(self) -> tuple[State | None, bool]:
        """Return the state, and whether its snapshot lacks events that the journal has."""
        found, follows, told = self._files()
        if found is None:
            beside = (self.paths.backup, self.paths.backup_journal)
            if not (follows or any(told.values()) or any(map(os.path.lexists, beside))):
                return None, False
            if follows is None or follows.base.serial:
                detail = f"{self.path.name} is not here, what belongs to it is"
                fix = f"put it back, or: {RESTORE}; without it everything would be created again"
                raise StateFormatError("The state file is missing", detail, fix=fix)
            found = State(follows.base.lineage, follows.base.app, follows.base.workspace)
        if follows is not None and follows.base.lineage != found.lineage:
            detail = f"{self.paths.journal.name} does not follow {self.path.name}"
            fix = f"put back the files that belong together, or: {RESTORE}"
            raise StateFormatError("The journal belongs to another state", detail, fix=fix)
        state, unfolded = self._replayed(found, follows)
        self._check(state)
        self._check_newest(found, state, told)
        return state, unfolded

    def _files(self) -> tuple[State | None, journal.Journal | None, Mapping[Path, int]]:
        """Read everything as of one moment, though a lease may end while we read."""
        for _ in range(READS):
            for path in (self.path, self.paths.journal, self.paths.history):
                git_conflict.check(path)
            mark = _mark(self.path)
            found = snapshot.read(self.path)
            if found is None and os.path.islink(self.paths.named):
                detail = f"{self.paths.named.name} points to {self.path}"
                fix = "mount what it points to, or delete the link if nothing was ever applied"
                summary = "The state file is a link that leads nowhere"
                raise StateFormatError(summary, detail, fix=fix)
            # Before the journal, which has each event before the history tells of it.
            told = serials(self.paths)
            follows = journal.read(self.paths.journal)
            if _mark(self.path) == mark:
                return found, follows, told
        detail = f"{self.path.name} is written all the time"
        raise StateError("The state file keeps changing", detail, fix="run it again")

    def _check_newest(self, found: State, state: State, told: Mapping[Path, int]) -> None:
        """Refuse a snapshot that is older than what the files beside it tell of.

        The history alone may tell of the snapshot that the journal still has to become.
        """
        for path, serial in told.items():
            if serial > (state if path == self.paths.history else found).serial:
                raise IncompleteStateError(
                    "The state file is an older copy",
                    f"{self.path.name} is snapshot {found.serial}, {path.name} tells of {serial}",
                    fix=f"put back the newest {self.path.name}, or: {RESTORE}",
                )
        if history_file.apart(self.paths.history, found):
            detail = f"{self.paths.history.name} tells of both, {self.path.name} is one of them"
            fix = f"{RESTORE}, then: pushctl state rebuild"
            raise IncompleteStateError("Two applies followed the same state", detail, fix=fix)

    def _replayed(self, found: State, follows: journal.Journal | None) -> tuple[State, bool]:
        if follows is None or follows.base.serial < found.serial or not follows.events:
            return found, False
        try:
            state = advance(found, *follows.events)
        except KeyError as error:
            raise StateFormatError(
                "The journal does not fit its state",
                f"{self.paths.journal.name}: no {error}",
                fix=RESTORE,
            ) from error
        return replace(state, serial=found.serial + 1), True

    def save(self, state: State, held: HeldLock) -> None:
        """Replace the snapshot; the previous one and the journal that led from it are kept.

        Together they are the new snapshot once more, for `state restore`.
        """
        with self._writing(held, "nothing is lost, the journal has it"):
            with contextlib.suppress(FileNotFoundError):
                replace_file(self.paths.backup, self.path.read_bytes())
            snapshot.write(self.path, state)
            with contextlib.suppress(FileNotFoundError):
                os.replace(self.paths.journal, self.paths.backup_journal)
            sync_folder(self.path.parent)

    @contextlib.contextmanager
    def _writing(self, held: HeldLock, comfort: str) -> Iterator[None]:
        """Write while nobody can take the lock away; raises `StateError`."""
        try:
            with held.writing():
                yield
        except OSError as error:
            detail = f"{self.path}: {error.strerror or error}; {comfort}"
            fix = "free some space or make the folder writable, then run the command again"
            raise StateError("The state file cannot be written", detail, fix=fix) from error

    def writer(self, state: State, held: HeldLock) -> JournalWriter:
        """Return the writer of the journal that follows `state`'s snapshot.

        Clears away a journal without events, or with events that the snapshot holds already: all
        that a crash may have left behind once the snapshot is up to date.
        """
        base = Base(state.lineage, state.serial, state.app, state.workspace)
        with self._writing(held, "nothing is lost"):
            left = journal.read(self.paths.journal)
            if left is not None and left.events and left.base.serial == state.serial - 1:
                os.replace(self.paths.journal, self.paths.backup_journal)
            else:
                self.paths.journal.unlink(missing_ok=True)
        return JournalWriter(self.paths.journal, base)


class FileLease(MemoryLease):
    """The right to change a file state; the contract is `pushctl.state.interface.StateLease`."""

    def __init__(
        self, store: FileStateStore, held: HeldLock, state: State, *, unfolded: bool
    ) -> None:
        """Begin with a recovered state; what an earlier command left unfolded is folded first."""
        super().__init__(state)
        self._store = store
        self._held = held
        self._dirty = False
        if unfolded:
            store.save(state, held)
        self._writer = store.writer(state, held)
        store.reached = state.serial

    def move_to(self, address: str) -> None:
        self.close()
        self._store.close_for(address, self._store.read() or self.state, self._held)

    def still_held(self) -> bool:
        return self._held.is_current()

    def _write(self, event: Event) -> None:
        # Whoever takes the lock away waits for this, and so sees the event.
        with self._held.writing():
            self._writer.append(event)
        if not self._dirty:
            self._dirty, self._store.reached = True, (self._store.reached or 0) + 1

    def close(self) -> None:
        state = self.state
        with self._mutex:
            self._writer.close()
            if not self._dirty:
                return
            self._dirty = False
        folded = replace(state, serial=state.serial + 1)
        self._store.save(folded, self._held)


def _mark(path: Path) -> tuple[int, int, int] | None:
    """Return what changes whenever a file is replaced; None if there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_dev, found.st_ino, found.st_mtime_ns)
