"""A state in a chain whose entries are effects, on an engine that outlives the commands."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from unittest import mock

from msgspec.structs import replace

from pushctl.cli.project import state_engine
from pushctl.errors import StateError
from pushctl.state.chain import lease, waiting
from pushctl.state.chain.lease import ChainLease
from pushctl.state.chain.log import Done, NotSent, PutOutcome, SlotLog, Stored
from pushctl.state.chain.store import ChainStateStore
from pushctl.state.codec import encode_state
from tests.faults.effects import Crash, Effects
from tests.faults.engines import Place

FOREVER = 1e9
BEAT_EVERY = 10
"""Virtual seconds after which a command that only waits shows that it is alive."""


class ChainEngine:
    """What outlives a process: the entries, and whether the last one that wrote them is dead."""

    def __init__(self, place: Place, now: Callable[[], float]) -> None:
        self.place = place
        self._log = place.open()
        self._now = now
        self.orphaned = False
        self.leases: list[ChainLease] = []

    def state(self) -> dict[str, Any] | None:
        """Return the document of the state."""
        found = ChainStateStore(self._log).read()
        return encode_state(found) if found else None

    def unfinished(self) -> str:
        """Say what a command left behind; empty if nothing."""
        store = ChainStateStore(self._log)
        if store.read() is not None and store.interrupted():
            return "events follow the newest snapshot"
        held = None if self.orphaned else store.lock_info()  # an orphaned one ends by itself
        return f"the lock is held by {held}" if held else ""

    def waited(self) -> None:
        """Let whoever holds a lock show that it is alive."""
        for held in self.leases:
            held.beat()

    @contextlib.contextmanager
    def seen_by(self, effects: Effects, sleep: Callable[[float], None]) -> Iterator[None]:
        """Be the engine of every command that runs meanwhile."""
        before, self.leases = self.leases, []
        log = InterceptedLog(self.place.open(), effects, self)
        with (
            mock.patch.object(state_engine, "open_log", return_value=log),
            mock.patch.object(waiting, "uptime", self._now),
            mock.patch.object(waiting, "sleep", sleep),
            mock.patch.object(lease.ChainLease, "_live", lambda held: self.leases.append(held)),
        ):
            try:
                yield
            finally:
                self.leases = before
                if self.place.wire is not None:
                    self.place.wire.accept()
                self.orphaned = self.orphaned or effects.dead or effects.away


class InterceptedLog:
    """The contract is `pushctl.state.chain.log.SlotLog`."""

    address = "the engine"
    poll = 0.1

    def __init__(self, log: SlotLog, effects: Effects, engine: ChainEngine) -> None:
        self._log = log
        self._effects = effects
        self._engine = engine

    def read(self, after: int | None) -> Sequence[Stored]:
        if self._effects.dead:
            raise Crash("read")
        if self._effects.away:
            raise StateError("The state cannot be reached", self.address)
        # By the time that somebody comes back, a lock that was not given back has run out.
        age = FOREVER if self._engine.orphaned else None
        return [replace(item, age=age) for item in self._log.read(after)]

    def put(self, slot: int, body: bytes) -> PutOutcome:
        def do() -> PutOutcome:
            outcome = self._log.put(slot, body)
            if isinstance(outcome, Done):
                self._engine.orphaned = False
            return outcome

        if self._effects.away:
            return NotSent("out of reach")
        outcome: PutOutcome = self._effects.around(f"put {kind(body)}", do)
        return outcome

    def trim(self, slot: int) -> None:
        if not self._effects.dead:
            self._log.trim(slot)


def kind(body: bytes) -> str:
    """Name an entry by what is most telling in it."""
    records = [next(iter(record)) for record in json.loads(body)["records"]]
    names = ("claim", "take_over", "release", "snapshot", "event", "history")
    return next((name for name in names if name in records), "beat")
