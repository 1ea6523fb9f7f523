"""The right to append to a chain: events in groups, signs of life in between."""

from __future__ import annotations

import contextlib
import threading

from msgspec.structs import replace

from pushctl.errors import PushctlError, StateMovedError
from pushctl.state.chain import waiting
from pushctl.state.chain.chain import KEPT_HISTORY, Held
from pushctl.state.chain.entry import Moved, Record, Release, Snapshot
from pushctl.state.chain.writer import ChainWriter
from pushctl.state.codec import decode_event, encode_event, readable
from pushctl.state.events import (
    CancelConfirmed,
    CancelFailed,
    CreateConfirmed,
    CreateDoubted,
    CreateFailed,
    Event,
    patch,
)
from pushctl.state.history import HistoryEntry
from pushctl.state.memory_lease import MemoryLease
from pushctl.state.state import Phase, State

OUTCOMES = (CreateConfirmed, CreateFailed, CreateDoubted, CancelConfirmed, CancelFailed)

IDLE = 1.0
"""Seconds after which what nobody waits for is written without waiting for more."""

NEAR = 0.025
"""An engine that stores an entry in fewer seconds is asked once per call."""

FAR = 0.15
"""From this many seconds on many intents go into one entry."""


class ChainLease(MemoryLease):
    """The lock on a chain; the contract is `pushctl.state.interface.StateLease`.

    Whoever records an intent waits until it is stored, together with all that waits at that time.
    The outcome of a call does not wait: it is in the same entry as the next intent, or in an
    earlier one, and is stored after a second without any. What a crash takes of it is settled by
    looking at the service. That of an immediate push, which cannot be looked up, waits.
    """

    def __init__(self, writer: ChainWriter, held: Held, state: State) -> None:
        """Begin with the claim in force, whose entry `writer` appended, and the state after it."""
        super().__init__(state)
        self._writer = writer
        self._held = held
        self._turn = threading.Lock()
        self._queue: list[Record] = []
        self._queued = self._stored = 0
        self._dirty = False
        self._broken: PushctlError | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._live, name="pushctl-state", daemon=True)
        self._thread.start()

    @property
    def intents_ahead(self) -> int:
        return 0 if self._writer.latency <= NEAR else 10 if self._writer.latency < FAR else 100

    def still_held(self) -> bool:
        age = waiting.uptime() - self._writer.began
        return self._broken is None and age < self._held.claim.seconds / 3

    def record(self, event: Event) -> None:
        readable(event, encode_event, decode_event)
        with self._mutex:
            self._check()
            self._fold.apply(patch(self._fold.pushes, event))
            self._dirty = True
            mine = self._enqueue(event)
        if not _can_wait(event):
            with self._turn:
                if self._stored < mine and self._writer.latency >= FAR:
                    waiting.sleep(self._writer.latency / 5)  # whoever is nearly as far comes along
                self._write_until(mine)

    @property
    def history(self) -> tuple[HistoryEntry, ...]:
        """What commands did, as far as it is stored."""
        return self._writer.before.history

    def note(self, entry: HistoryEntry) -> None:
        """Add an entry of the history, which goes along with whatever is written next."""
        with self._mutex:
            if self._broken is None:
                self._enqueue(entry)

    def move_to(self, address: str) -> None:
        self._ended.set()
        self._thread.join()
        self._fold_up(Release(), Moved(address))
        self._broken = StateMovedError.between(self._writer.log.address, address)

    def close(self) -> None:
        self._fold_up()

    def end(self) -> None:
        """Fold what was recorded and give the lock back. Called once.

        Raises what `close` raises. Without a release the lock ends by itself.
        """
        self._ended.set()
        self._thread.join()
        try:
            self._fold_up(Release())
        except PushctlError:
            if self._dirty:
                raise

    def _fold_up(self, *more: Record) -> None:
        with self._turn:
            with self._mutex:
                if self._dirty:
                    self._check()
                    self._enqueue(self._snapshot())
                for record in more:
                    self._enqueue(record)
                mine = self._queued
            self._write_until(mine)
            with self._mutex:
                self._dirty = False

    def _snapshot(self) -> Snapshot:
        chain = self._writer.before
        state = replace(self._fold.state, serial=chain.serial + 1)
        noted = (record for record in self._queue if isinstance(record, HistoryEntry))
        history = (*chain.history, *noted)[-KEPT_HISTORY:]
        return Snapshot(state, self._held.claim, history)

    def _enqueue(self, record: Record) -> int:
        self._queue.append(record)
        self._queued += 1
        return self._queued

    def _write_until(self, mine: int) -> None:
        """Store all that waits, unless somebody else has stored what is `mine` already."""
        if self._stored >= mine:
            return
        with self._mutex:
            self._check()
            batch, self._queue = tuple(self._queue), []
            upto = self._queued
        self._append(batch)
        self._stored = upto

    def _append(self, batch: tuple[Record, ...]) -> None:
        try:
            slot = self._writer.append(
                batch, claim=self._held.slot, patience=self._held.claim.seconds / 3
            )
        except PushctlError as error:
            self._broken = error
            raise
        if any(isinstance(record, Snapshot) for record in batch):
            self._writer.log.trim(slot)

    def _check(self) -> None:
        """Raise what ended this lease."""
        if self._broken is not None:
            raise type(self._broken)(
                self._broken.summary, self._broken.detail, fix=self._broken.fix
            )

    def _live(self) -> None:
        while not self._ended.wait(min(IDLE, self._held.claim.seconds / 6)):
            self.beat()

    def beat(self) -> None:
        """Show that this process is alive if that is due, and write what nobody waits for."""
        silent = waiting.uptime() - self._writer.began
        due = silent >= self._held.claim.seconds / 6
        alone = silent >= 2 * self._writer.latency  # or an intent comes and takes it along
        if self._broken is None and (due or (self._queue and alone)):
            with contextlib.suppress(PushctlError), self._turn:  # whoever records next is told
                self._write_until(self._queued + (due and not self._queue))


def _can_wait(event: Event) -> bool:
    sent = isinstance(event, CreateConfirmed) and event.phase is Phase.SENT
    return isinstance(event, OUTCOMES) and not sent
