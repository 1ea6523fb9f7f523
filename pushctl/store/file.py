"""The state as files beside the manifest: snapshot, previous snapshot, journal, lock.

Reading takes the snapshot and applies the journal that follows it. Writing appends to the journal;
the snapshot is only replaced when a lease ends, and when the next one finds that it did not.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pushctl.core.codec import FormatError, NewerFormatError, decode_state, encode_state
from pushctl.core.state import Event, PushRecord, State, advance, patch, retire
from pushctl.errors import StateConflictError, StateError, StateFormatError
from pushctl.store import history, journal
from pushctl.store.durable import replace_file, sync_folder
from pushctl.store.journal import Base, JournalWriter
from pushctl.store.lock import FileLock, HeldLock, Holder, holder

READS = 20
"""How often the files are read again because a lease ended in between."""


class FileStateStore:
    """A state in one folder; the contract is `pushctl.ports.StateStore`."""

    def __init__(self, folder: Path, *, app: str, workspace: str, name: str = "pushctl") -> None:
        """Use the state files called `name` in `folder`, for one app's workspace.

        If the state file is a link, everything lives where it leads: whoever keeps the state on a
        volume wants its journal and its lock there too.
        """
        self._app = app
        self._workspace = workspace
        self._named = folder / f"{name}.state.json"
        self.path = Path(os.path.realpath(self._named))
        if self._named.is_symlink():
            folder, name = self.path.parent, self.path.name.removesuffix(".json")
            name = name.removesuffix(".state")
        self.backup = folder / f"{name}.state.backup.json"
        self._journal = folder / f"{name}.state.journal"
        self._history = folder / f"{name}.state.history"
        self._lock = FileLock(folder / f"{name}.state.lock")

    def read(self) -> State | None:
        """See `StateStore.read`."""
        return self._recovered()[0]

    def holder(self) -> Holder | None:
        """Return who holds the lock now, None if nobody does."""
        return self._lock.holder()

    def locked(self) -> bool:
        """Tell whether somebody holds the lock now."""
        return self._lock.held()

    def note(self, what: str) -> None:
        """Write down for people what a command did."""
        history.append(self._history, what, os.environ)

    def last_change(self) -> str:
        """Say which command changed the state last, and who ran it; empty if nobody knows."""
        found = history.last(self._history)
        return f"last changed by {found}" if found else ""

    def unlock(self) -> None:
        """Take the lock away from whoever holds it; its next write will be refused."""
        self._lock.break_()

    @contextlib.contextmanager
    def lock(self, operation: str, *, timeout: float = 0.0) -> Iterator[FileLease]:
        """See `StateStore.lock`."""
        with self._lock.hold(holder(operation, os.environ), timeout=timeout) as held:
            state, unfolded = self._recovered()
            if state is None:
                state = State(str(uuid.uuid4()), self._app, self._workspace)
            lease = FileLease(self, held, state, unfolded=unfolded)
            try:
                yield lease
            finally:
                lease.close()

    def _recovered(self) -> tuple[State | None, bool]:
        """Return the state, and whether its snapshot lacks events that the journal has."""
        snapshot, found = self._files()
        if snapshot is None and found is None:
            self._check_never_was()
            return None, False
        if snapshot is None:
            assert found is not None
            base = found.base
            if base.serial:
                raise StateFormatError(
                    "The state file is missing",
                    f"{self._journal.name} follows snapshot {base.serial}, which is not here",
                    fix=f"restore {self.path.name} from {self.backup.name} or from your backup",
                )
            snapshot = State(base.lineage, base.app, base.workspace)
        self._check_owner(snapshot)
        if found is not None and found.base.lineage != snapshot.lineage:
            raise StateFormatError(
                "The journal belongs to another state",
                f"{self._journal.name} does not follow {self.path.name}",
                fix="put back the files that belong together",
            )
        if found is not None and found.base.serial > snapshot.serial:
            raise StateFormatError(
                "The state file is older than its journal",
                f"{self.path.name} is snapshot {snapshot.serial}, its journal follows "
                f"{found.base.serial}",
                fix=f"put back the newest {self.path.name}",
            )
        return self._replayed(snapshot, found)

    def _files(self) -> tuple[State | None, journal.Journal | None]:
        """Read snapshot and journal as of one moment, though a lease may end while we read."""
        for _ in range(READS):
            mark = _mark(self.path)
            snapshot = self._snapshot()
            found = journal.read(self._journal)
            if _mark(self.path) == mark:
                return snapshot, found
        raise StateError(
            "The state file keeps changing", f"{self.path.name} is written all the time"
        )

    def _check_link(self) -> None:
        if self._named.is_symlink():
            raise StateFormatError(
                "The state file is a link that leads nowhere",
                f"{self._named.name} points to {self.path}",
                fix="mount what it points to, or delete the link if nothing was ever applied",
            )

    def _check_never_was(self) -> None:
        if self.backup.exists():
            raise StateFormatError(
                "The state file is missing",
                f"{self.path.name} is not here, the snapshot before it is",
                fix=f"restore {self.path.name}, if need be from {self.backup.name}; without it "
                "everything would be created again",
            )

    def _replayed(self, snapshot: State, found: journal.Journal | None) -> tuple[State, bool]:
        base = Base(snapshot.lineage, snapshot.serial, snapshot.app, snapshot.workspace)
        events = journal.replay(found, base)
        state = snapshot
        try:
            for event in events:
                state = advance(state, event)
        except KeyError as error:
            raise StateFormatError(
                "The journal does not fit its state", f"{self._journal.name}: no {error}"
            ) from error
        if not events:
            return snapshot, False
        return replace(state, serial=snapshot.serial + 1), True

    def _snapshot(self) -> State | None:
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            self._check_link()
            return None
        except OSError as error:
            raise StateError(
                "The state file cannot be read", f"{self.path}: {error.strerror}"
            ) from error
        try:
            return decode_state(json.loads(raw))
        except NewerFormatError as error:
            raise StateFormatError(
                "The state file was written by a newer pushctl",
                f"{self.path.name}: {error}",
                fix="upgrade pushctl; an older one must not touch this file",
            ) from error
        except (FormatError, ValueError, RecursionError) as error:
            raise StateFormatError(
                "The state file is damaged",
                f"{self.path.name}: {_short(error)}",
                fix=self._way_back(),
            ) from error

    def _way_back(self) -> str:
        if not self.backup.exists():
            return f"put {self.path.name} back from your own backup or version control"
        return (
            f"compare it with {self.backup.name}, the snapshot before it, and put back the good "
            "one; do not delete it, or everything would look new"
        )

    def _check_owner(self, state: State) -> None:
        if (state.app, state.workspace) != (self._app, self._workspace):
            raise StateConflictError(
                "The state belongs to another app or workspace",
                f"{self.path.name} is about {state.app}/{state.workspace}, the manifest about "
                f"{self._app}/{self._workspace}",
                fix="use --env, or a folder of its own for each workspace",
            )

    def save(self, state: State, *, allowed: Callable[[], None]) -> None:
        """Replace the snapshot, keep the previous one, drop the journal that it now contains.

        `allowed` raises if the lock was taken away; it is asked as late as possible.
        """
        text = json.dumps(encode_state(state), indent=2, ensure_ascii=False) + "\n"
        try:
            self._keep_previous()
            replace_file(self.path, text.encode("utf-8", "surrogatepass"), allowed=allowed)
            allowed()
            self._journal.unlink(missing_ok=True)
            sync_folder(self.path.parent)
        except OSError as error:
            raise StateError(
                "The state file cannot be written",
                f"{self.path}: {error.strerror or error}; nothing is lost, the journal has it",
                fix="free some space or make the folder writable, then run the command again",
            ) from error

    def _keep_previous(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            replace_file(self.backup, self.path.read_bytes())

    def writer(self, state: State) -> JournalWriter:
        """Return the writer of the journal that follows `state`'s snapshot.

        Drops a journal without events, or with events that the snapshot holds already: all that a
        crash may have left behind once the snapshot is up to date.
        """
        try:
            self._journal.unlink(missing_ok=True)
        except OSError as error:
            raise StateError(
                "The journal cannot be dropped", f"{self._journal}: {error.strerror or error}"
            ) from error
        base = Base(state.lineage, state.serial, state.app, state.workspace)
        return JournalWriter(self._journal, base)


class FileLease:
    """The right to change a file state; the contract is `pushctl.ports.StateLease`."""

    def __init__(
        self,
        store: FileStateStore,
        held: HeldLock,
        state: State,
        *,
        unfolded: bool,
    ) -> None:
        """Begin with a recovered state; what an earlier command left unfolded is folded first."""
        self._store = store
        self._held = held
        self._mutex = threading.Lock()
        self._base = state
        self._pushes: dict[str, PushRecord] = dict(state.pushes)
        self._retired = dict(state.retired)
        self._in_doubt = {id: push for id, push in state.pushes.items() if push.in_doubt}
        self._dirty = False
        if unfolded:
            store.save(state, allowed=held.check)
        self._writer = store.writer(state)

    @property
    def state(self) -> State:
        """See `StateLease.state`."""
        with self._mutex:
            return replace(self._base, pushes=dict(self._pushes), retired=dict(self._retired))

    def push(self, id: str) -> PushRecord | None:
        """See `StateLease.push`."""
        with self._mutex:
            return self._pushes.get(id)

    def in_doubt(self) -> Mapping[str, PushRecord]:
        """See `StateLease.in_doubt`."""
        with self._mutex:
            return dict(self._in_doubt)

    def record(self, event: Event) -> None:
        """See `StateLease.record`."""
        with self._mutex:
            change = patch(self._pushes, event)
            self._held.check()
            self._writer.append(event)
            self._dirty = True
            # Once more: only an event that was there before somebody took the lock is seen by them.
            self._held.check()
            for id, record in change.pushes.items():
                if record is None:
                    self._pushes.pop(id, None)
                else:
                    self._pushes[id] = record
                if record is not None and record.in_doubt:
                    self._in_doubt[id] = record
                else:
                    self._in_doubt.pop(id, None)
            self._retired = retire(self._retired, change.retired)

    def close(self) -> None:
        """See `StateLease.close`."""
        state = self.state
        with self._mutex:
            self._writer.close()
            if not self._dirty:
                return
            self._dirty = False
        folded = replace(state, serial=state.serial + 1)
        self._store.save(folded, allowed=self._held.check)


def _mark(path: Path) -> tuple[int, int, int] | None:
    """Return what changes whenever a file is replaced; None if there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_dev, found.st_ino, found.st_mtime_ns)


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
