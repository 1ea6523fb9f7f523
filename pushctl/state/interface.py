"""What every state engine offers, those of the tests included."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from pushctl.state.events import Event
from pushctl.state.state import PushRecord, State


class StateLease(Protocol):
    """The exclusive right to change one state, held between `lock` and its end."""

    @property
    def state(self) -> State:
        """The state as it is after everything recorded so far."""
        ...

    def push(self, id: str) -> PushRecord | None:
        """Return what is recorded of one entry; None if nothing is."""
        ...

    def in_doubt(self) -> Mapping[str, PushRecord]:
        """Return the entries with a call of unknown outcome, without a look at all the others."""
        ...

    def record(self, event: Event) -> None:
        """Make one event durable.

        When this returns, the event survives any crash. May be called from several threads at
        once. Raises `StateConflictError` if the lock was taken away, `StateError` if the event
        could not be written (then it must be taken as not recorded).
        """
        ...

    def close(self) -> None:
        """Fold everything recorded into the snapshot. Safe to call twice."""
        ...


class StateStore(Protocol):
    """Where the recorded state lives."""

    def read(self) -> State | None:
        """Return the state with every recorded event applied; None if there never was one.

        Takes no lock and writes nothing. Raises `StateFormatError`, `StateError`.
        """
        ...

    def lock(self, operation: str, *, timeout: float = 0.0) -> AbstractContextManager[StateLease]:
        """Take the lock, waiting up to `timeout` seconds.

        Raises `StateLockedError`, which names the holder. The first lease of a store that holds
        nothing begins a new, empty state. Leaving the context folds and releases.
        """
        ...
