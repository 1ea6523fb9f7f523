"""The contract of state engines. A new engine is a sub-package beside `file` that implements it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from pushctl.state.events import Event
from pushctl.state.history import HistoryEntry
from pushctl.state.state import PushRecord, State
from pushctl.text import timestamps

RECEIVING = "state migrate, receiving"
"""The operation under which a place is locked that does not have all of a moving state yet."""


class LockInfo(Struct, frozen=True):
    """Who holds a lock. All empty if the lock is held and nobody knows by whom.

    `since` is ISO 8601 in UTC, and so is `seen`: the last sign of life, where holders give any;
    `run` is the URL of the CI run, if any.
    """

    who: str = ""
    host: str = ""
    pid: int = 0
    operation: str = ""
    since: str = ""
    run: str = ""
    seen: str = ""

    def __str__(self) -> str:
        return self.text()

    def text(self, zone: dt.tzinfo | None = None) -> str:
        """Say who it is, with times of a zone; without one as they were written down."""
        if replace(self, seen="") == LockInfo():
            return "another process"
        begun, seen = (
            timestamps.recorded(text, zone) if zone else text for text in (self.since, self.seen)
        )
        run = f", {self.run}" if self.run else ""
        since = f"since {begun}" + (f", last seen {seen}" if seen else "")
        return f"{self.who}@{self.host} (pid {self.pid}, {self.operation}, {since}{run})"


class Recovered(Struct, frozen=True):
    """A state put together from what an engine still has.

    `complete` tells that nothing recorded is missing from it. `found` says, one line for each part
    of the engine's storage, what was used and what was not.
    """

    state: State
    complete: bool
    found: tuple[str, ...] = ()


class StateLease(Protocol):
    """The exclusive right to change one state, held between `lock` and its end."""

    @property
    def state(self) -> State:
        """The state as it is after everything recorded so far."""

    def push(self, id: str) -> PushRecord | None:
        """Return what is recorded of one entry; None if nothing is."""

    def in_doubt(self) -> Mapping[str, PushRecord]:
        """Return the entries with a call of unknown outcome.

        Must not take time that grows with the number of all entries.
        """

    @property
    def intents_ahead(self) -> int:
        """How many intents are worth recording at a time, because the engine is far; 0 if near."""

    def move_to(self, address: str) -> None:
        """Make it the last thing ever recorded here that the state lives at an address now.

        Raises what `record` raises, and then the state stays here.
        """

    def still_held(self) -> bool:
        """Tell whether nobody else can have the lock by now. Asked right before a call leaves."""

    def record(self, event: Event) -> None:
        """Make one event durable.

        When this returns, the event must survive any crash and be seen by every `read`. The outcome
        of a call that can be looked up may be so later: before any further intent is, and within
        two seconds. May be called from several threads at once. Must raise `StateConflictError` if
        the lock was taken away, `StateError` if the event could not be written (then it must be
        taken as not recorded), KeyError if the event does not fit the state.
        """

    def close(self) -> None:
        """Make everything recorded part of the snapshot, and raise its serial by one.

        May be called twice. Must not touch anything if nothing was recorded. Must raise
        `StateConflictError` if something was recorded and the lock was taken away since.
        """


class StateStore(Protocol):
    """Where one recorded state lives."""

    @property
    def address(self) -> str:
        """Where that is, for people; must not hold a secret."""

    @property
    def call_delay(self) -> float:
        """How many seconds after its intent was begun a call may leave at the latest."""

    def read(self) -> State | None:
        """Return the state with every recorded event applied; None if there never was one.

        Must not take the lock or write. Raises `StateFormatError` if what is stored is damaged or
        of a newer pushctl, `StateConflictError` if it is of another service, `StateError` if it
        cannot be reached.
        """

    def read_at(self, slot: int) -> State | None:
        """Return the state as it was after an entry of a chain; None if there was none yet.

        Raises `StateError` if that entry is not kept, or only the newest state is.
        """

    def interrupted(self) -> bool:
        """Tell whether the last lease ended without `close`. Raises what `read` raises."""

    def lock(self, operation: str, *, timeout: float = 0.0) -> AbstractContextManager[StateLease]:
        """Take the lock, waiting up to `timeout` seconds; `operation` is shown to others.

        Must raise `StateLockedError`, which names the holder. Also raises what `read` raises. The
        first lease of a store that holds nothing begins with `new_state`. The end of the context
        must close the lease and release the lock, also after an error.
        """

    def lock_info(self) -> LockInfo | None:
        """Return who holds the lock now; None if nobody does. Must not take the lock."""

    def unlock(self) -> None:
        """Take the lock away from whoever holds it.

        When this returns, the former holder must not be able to record anything any more, and all
        that it has recorded must be there for the next lease. Raises `StateLockedError` if the lock
        cannot be taken away, `StateError` if the engine fails.
        """

    def new_state(self) -> State:
        """Return an empty state with a lineage of its own; stores nothing.

        Raises `StateError` if the store was not told about which app and workspace it is.
        """

    def recover(self) -> Recovered | None:
        """Put a state together from all that is left, also where `read` fails; stores nothing.

        None if there is nothing to start from. Must raise `StateFormatError` if a newer pushctl
        wrote it.
        """

    def overwrite(
        self, operation: str, make: Callable[[], State], *, timeout: float = 0.0
    ) -> State:
        """Store a state in place of one that cannot be read; return it, its serial raised by one.

        `make` is called once the lock is held, for which `timeout` is in seconds. What was stored
        must be kept as a copy. Must be safe to repeat after a crash at any point. Raises
        `StateLockedError`, `StateError`.
        """

    def receive(
        self, state: State, history: Sequence[HistoryEntry]
    ) -> AbstractContextManager[None]:
        """Store a state that lived elsewhere; others may write it from the end of the context on.

        Not so after a crash or an error within; then it must be possible to receive it again.
        Raises `StateConflictError` if another state is here, `StateLockedError`, `StateError`.
        """

    def history(self) -> tuple[HistoryEntry, ...]:
        """Return what commands did to the state, the newest last, without what cannot be read."""

    def append_history(self, entry: HistoryEntry) -> None:
        """Add an entry, completed with when it is and who this process runs for.

        Must not raise: what a command did has happened, whether it can be written down or not.
        """
