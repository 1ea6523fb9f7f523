"""A state in a chain on an engine that teams share."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import uuid
from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from pushctl.errors import (
    ConfigError,
    PushctlError,
    StateConflictError,
    StateError,
    StateFormatError,
    StateLockedError,
    StateMovedError,
)
from pushctl.state.chain import waiting
from pushctl.state.chain.chain import KEPT_HISTORY, NEVER, Chain, Held, follow, salvage
from pushctl.state.chain.entry import Claim, Record, Release, Seal, Snapshot, TakeOver, checksum
from pushctl.state.chain.lease import ChainLease
from pushctl.state.chain.log import Done, SlotLog, Stored, Taken
from pushctl.state.chain.writer import ChainWriter, newer
from pushctl.state.decoding import FormatError, NewerFormatError
from pushctl.state.history import HistoryEntry
from pushctl.state.interface import RECEIVING, LockInfo, Recovered
from pushctl.state.state import State
from pushctl.state.whoami import lock_info, signed

LEASE = 90.0
"""Seconds without an entry of its holder after which a lock is free."""


class ChainStateStore:
    """A state on an engine; the contract is `pushctl.state.interface.StateStore`."""

    def __init__(
        self,
        log: SlotLog,
        *,
        app: str | None = None,
        workspace: str | None = None,
        seal: Seal | None = None,
        check: Callable[[State], object] = lambda state: None,
        seconds: float = LEASE,
        zone: dt.tzinfo | None = None,
    ) -> None:
        """Use the state in a chain; a new one is for `app` and `workspace`.

        `check` is asked about whatever is read, and raises if the state is not the one meant.
        `seconds` is how long this process may be silent before it loses a lock. Errors about the
        lock are in times of `zone`.
        """
        self._log = log
        self._app, self._workspace = app, workspace
        self._seal = seal
        self._check = check
        self._seconds = seconds
        self._zone = zone
        self._reader = ChainWriter(log, seal)
        self._lease: ChainLease | None = None
        self._reached: int | None = None

    @property
    def address(self) -> str:
        return self._log.address

    @property
    def call_delay(self) -> float:
        return max(self._seconds, self._reader.chain.seconds) / 3

    # --- reading ----------------------------------------------------------------------------------

    def chain(self) -> Chain:
        """Return the chain as it is now; raises what `read` raises."""
        self._reader.refresh()
        if self._reader.chain.moved:
            raise StateMovedError.between(self.address, self._reader.chain.moved)
        return self._reader.chain

    def read(self) -> State | None:
        return self._state(self.chain())

    def _state(self, chain: Chain) -> State | None:
        if chain.state is None or not (chain.serial or chain.unfolded):
            return None
        state = replace(chain.state, serial=chain.serial + chain.unfolded)
        self._check(state)
        return state

    def read_at(self, slot: int) -> State | None:
        stored = [item for item in self._log.read(0) if item.slot <= slot]
        if not stored or stored[-1].slot != slot:
            fix = "take one that `pushctl history` names"
            raise StateError("There is no such entry", f"{slot} at {self.address}", fix=fix)
        try:
            return self._state(follow(Chain(), stored, self._seal))
        except FormatError as error:
            detail = f"{self.address}: {error}"
            raise StateError("What was recorded then is not kept any more", detail) from error

    def interrupted(self) -> bool:
        return self.chain().unfolded

    def lock_info(self) -> LockInfo | None:
        chain = self.chain()
        if chain.held is None or _lapsed(chain, chain.held):
            return None
        return replace(chain.held.claim.holder, seen=chain.at)

    def history(self) -> tuple[HistoryEntry, ...]:
        """See `StateStore.history`; as it was when the state was read, if it was."""
        if self._lease is not None:
            return self._lease.history
        return (self._reader.chain if self._reader.chain.last else self.chain()).history

    def new_state(self) -> State:
        if self._app is None or self._workspace is None:
            fix = "look whether the manifest, --env or PUSHCTL_STATE names another address"
            raise StateError("Nothing is recorded here", f"at {self.address}", fix=fix)
        return State(str(uuid.uuid4()), self._app, self._workspace)

    # --- the lock ---------------------------------------------------------------------------------

    @contextlib.contextmanager
    def lock(self, operation: str, *, timeout: float = 0.0) -> Iterator[ChainLease]:
        writer, held = self._claim(operation, timeout)
        state = writer.chain.state
        assert state is not None
        lease = self._lease = ChainLease(writer, held, state)
        try:
            yield lease
        finally:
            self._lease = None
            lease.end()
            self._reached = writer.chain.serial

    def _claim(self, operation: str, timeout: float) -> tuple[ChainWriter, Held]:
        """Take the lock, waiting for its holder to give it back or to fall silent."""
        me = lock_info(operation, os.environ)
        deadline = waiting.uptime() + timeout
        seen, since = 0, waiting.uptime()
        while True:
            chain = self.chain()
            if chain.last != seen:
                seen, since = chain.last, waiting.uptime()
            held = chain.held
            if (
                held is None
                or _lapsed(chain, held)
                or waiting.uptime() - since >= held.claim.seconds
            ):
                self._state(chain)
                claim = Claim(me, self._seconds, held.slot if held else None)
                try:
                    return self._claimed(claim, chain)
                except StateMovedError:
                    raise
                except StateConflictError:
                    continue  # somebody else was faster
            if waiting.uptime() >= deadline:
                raise _locked(held, self._zone)
            left = min(deadline, since + held.claim.seconds) - waiting.uptime()
            waiting.sleep(max(0.0, min(self._log.poll, left)))

    def _claimed(self, claim: Claim, chain: Chain) -> tuple[ChainWriter, Held]:
        """Append a claim, and with it the snapshot that an earlier command did not get to."""
        records: tuple[Record, ...] = (claim,)
        state = chain.state or self.new_state()
        if chain.state is None or chain.unfolded:
            folded = replace(state, serial=state.serial + chain.unfolded)
            records = (claim, Snapshot(folded, claim, chain.history))
        writer, slot = self._began(chain, records, state.lineage)
        return writer, Held(slot, claim)

    def _began(
        self, chain: Chain, records: tuple[Record, ...], lineage: str
    ) -> tuple[ChainWriter, int]:
        """Append a claim, with what goes along with it, unless anything has followed the chain.

        Makes sure that the engine refuses its number to a second writer: it has the entry already.
        """
        writer = ChainWriter(self._log, self._seal)
        writer.chain = chain
        slot = writer.append(records, lineage=lineage)
        for _ in range(3):
            match self._log.put(slot, writer.body):
                case Taken():
                    return writer, slot
                case Done():
                    _give_back(writer)
                    detail = f"{self.address} gives the same number to two writers"
                    fix = "use an engine that `pushctl help state` names"
                    raise ConfigError("This place cannot keep a state safely", detail, fix=fix)
                case _:
                    waiting.sleep(self._log.poll)
        raise StateError("The state cannot be written", f"{self.address} does not answer")

    @contextlib.contextmanager
    def receive(self, state: State, history: Sequence[HistoryEntry]) -> Iterator[None]:
        """See `StateStore.receive`: until its end the state is locked, and for ever."""
        chain = self.chain()
        held = None if chain.held is None or _lapsed(chain, chain.held) else chain.held
        again = held is not None and held.claim.holder.operation == RECEIVING
        if held and not again:
            raise _locked(held, self._zone)
        follows = chain.lineage == state.lineage and chain.serial <= state.serial + 1
        if self._state(chain) and not (again and follows):
            fix = "choose another name in the address"
            raise StateConflictError("There is a state already", f"at {self.address}", fix=fix)
        over = chain.held.slot if chain.held else None
        claim = Claim(lock_info(RECEIVING, os.environ), NEVER, over)
        state = replace(state, serial=max(state.serial, chain.serial) + 1)
        kept = tuple(replace(item, slot=0) for item in history)[-KEPT_HISTORY:]
        records = (claim, Snapshot(state, claim, kept))
        writer, slot = self._began(chain, records, state.lineage)
        yield
        writer.append((Release(),), claim=slot)

    def unlock(self) -> None:
        held = self.chain().held
        if held is not None:
            by = lock_info("unlock", os.environ)
            self._reader.append((TakeOver(held.slot, by),))

    def append_history(self, entry: HistoryEntry) -> None:
        entry = replace(signed(entry, os.environ), serial=self._reached)
        if self._lease is not None:
            self._lease.note(entry)
            return
        with contextlib.suppress(PushctlError):
            if self.chain().state is not None:
                self._reader.append((entry,))

    # --- recovery ---------------------------------------------------------------------------------

    def recover(self) -> Recovered | None:
        stored = self._log.read(0)
        try:
            state, damaged = salvage(stored, self._seal)
        except NewerFormatError as error:
            raise newer(self.address, error) from error
        if state is None or not (state.serial or state.pushes):
            return None
        found = [f"{self.address}: {len(stored)} entries"]
        found += [f"entry {slot}: damaged, left out" for slot in damaged]
        return Recovered(state, not damaged, tuple(found))

    def overwrite(
        self, operation: str, make: Callable[[], State], *, timeout: float = 0.0
    ) -> State:
        """See `StateStore.overwrite`; what was stored stays in the entries before.

        Nobody can hold the lock of a chain that is damaged: there `make` is called first, and what
        it returns counts only if nothing was appended meanwhile.
        """
        stored = self._log.read(0)
        try:
            writer, held = self._claim(operation, timeout)
        except StateFormatError:
            state, _ = salvage(stored, self._seal)
            return self._overwritten(operation, make(), state.serial if state else 0, stored[-1])
        try:
            made = make()
        except BaseException:
            _give_back(writer)
            raise
        state = replace(made, serial=max(made.serial, writer.chain.serial) + 1)
        records = (Snapshot(state, held.claim, writer.chain.history), Release())
        slot = writer.append(records, claim=held.slot, lineage=state.lineage)
        return self._done(state, slot)

    def _overwritten(self, operation: str, made: State, serial: int, last: Stored) -> State:
        claim = Claim(lock_info(operation, os.environ), self._seconds)
        state = replace(made, serial=max(made.serial, serial) + 1)
        chain = Chain(last.slot, checksum(last.body))
        _, slot = self._began(chain, (claim, Snapshot(state, claim), Release()), state.lineage)
        return self._done(state, slot)

    def _done(self, state: State, slot: int) -> State:
        self._log.trim(slot)
        self._reader.chain = Chain()
        self._reached = state.serial
        return state


def _give_back(writer: ChainWriter) -> None:
    """Release the lock, as far as that works: it ends by itself otherwise."""
    if writer.chain.held is not None:
        with contextlib.suppress(PushctlError):
            writer.append((Release(),), claim=writer.chain.held.slot)


def _lapsed(chain: Chain, held: Held) -> bool:
    """Tell whether a holder has been silent for too long, by the engine's own clock."""
    return chain.age is not None and chain.age >= held.claim.seconds


def _locked(held: Held, zone: dt.tzinfo | None) -> StateLockedError:
    holder = held.claim.holder.text(zone)
    detail = f"held by {holder}, until it is silent for {int(held.claim.seconds)} s"
    fix = "wait for it (--lock-timeout 5m), or take the lock away: pushctl state unlock"
    if held.claim.holder.operation == RECEIVING:
        detail = f"held by {holder}, until the former place is closed"
        fix = "run the same `state migrate` again; it goes on from where it was cut short"
    return StateLockedError("The state is locked", detail, fix=fix)
