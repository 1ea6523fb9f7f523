"""A lease in memory: the base of durable ones, and all there is where nothing can be written."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from pushctl.state.events import Event, Fold, patch
from pushctl.state.state import PushRecord, State


class MemoryLease:
    """A state and the events since; the contract is `pushctl.state.interface.StateLease`.

    Nothing is durable. Whoever uses it as it is must create nothing: no later command would know.
    """

    def __init__(self, state: State) -> None:
        """Begin with a state as it was read."""
        self._mutex = threading.Lock()
        self._fold = Fold(state)

    @property
    def state(self) -> State:
        with self._mutex:
            return self._fold.state

    def push(self, id: str) -> PushRecord | None:
        with self._mutex:
            return self._fold.pushes.get(id)

    def in_doubt(self) -> Mapping[str, PushRecord]:
        with self._mutex:
            return dict(self._fold.in_doubt)

    @property
    def intents_ahead(self) -> int:
        return 0

    def still_held(self) -> bool:
        return True

    def move_to(self, address: str) -> None:
        """See `StateLease.move_to`; what is nowhere cannot move."""
        raise NotImplementedError

    def record(self, event: Event) -> None:
        with self._mutex:
            change = patch(self._fold.pushes, event)
            self._write(event)
            self._fold.apply(change)

    def close(self) -> None:
        """See `StateLease.close`."""

    def _write(self, event: Event) -> None:
        """Make an event durable, before it counts."""
