"""Appends entries to a chain: settles lost answers, and notices that somebody else was faster."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from pushctl.errors import StateConflictError, StateError, StateFormatError, StateMovedError
from pushctl.state.chain import waiting
from pushctl.state.chain.chain import Chain, follow
from pushctl.state.chain.entry import Claim, Entry, Record, Seal, checksum, encode
from pushctl.state.chain.log import Done, NotSent, SlotLog, Stored, Taken
from pushctl.state.decoding import FormatError, NewerFormatError
from pushctl.state.events import Event

RESTORE = "pushctl state restore"

PATIENCE = 15.0
"""Seconds for which an engine that cannot be reached is tried again where nobody holds the lock."""

PAUSES = (0.0, 0.1, 0.3, 1.0, 3.0)
"""Seconds to wait before each further attempt; the last one is repeated."""

AGAIN = "run the command again; it continues from what was recorded"


class ChainWriter:
    """The end of a chain, as this process knows it. Not safe to use from several threads at once.

    `before` is the chain without the events that were appended here since it was read; they change
    nothing but its state. `began` is the uptime at which the newest entry that was acknowledged was
    sent: from then on others wait for another one.
    """

    def __init__(self, log: SlotLog, seal: Seal | None) -> None:
        """Begin without knowing anything."""
        self.log = log
        self.seal = seal
        self.before = Chain()
        self._own: list[Stored] = []
        self.began = float("-inf")
        self.latency = 0.0
        self.body = b""

    @property
    def chain(self) -> Chain:
        """The chain up to its newest entry."""
        if self._own:
            self.chain = follow(self.before, self._own, self.seal)
        return self.before

    @chain.setter
    def chain(self, chain: Chain) -> None:
        self.before, self._own = chain, []

    def refresh(self) -> Sequence[Stored]:
        """Read what was appended since, and return it.

        Raises `StateError`, `StateFormatError`, and `StateConflictError` for an older chain.
        """
        known = self.chain
        stored = self.log.read(known.last - 1 if known.last else None)
        if known.last and stored and stored[0].slot > known.last:
            known = Chain()  # what this process knows has been trimmed since
        elif known.last:
            if not stored or checksum(stored[0].body) != known.tip:
                detail = f"{self.log.address}: entry {known.last} was there and is not any more"
                fix = "look whether somebody restored an old backup of it, then run it again"
                raise StateConflictError("The state is not what it was", detail, fix=fix)
            known = replace(known, age=stored[0].age)
            stored = stored[1:]
        try:
            self.chain = self._followed(known, stored)
        except NewerFormatError as error:
            raise newer(self.log.address, error) from error
        except FormatError as error:
            detail = f"{self.log.address}: {error}"
            raise StateFormatError("The state is damaged", detail, fix=RESTORE) from error
        return stored

    def _followed(self, known: Chain, stored: Sequence[Stored]) -> Chain:
        if known.last or not stored or stored[0].slot == 1:
            return follow(known, stored, self.seal)
        try:
            return follow(known, stored, self.seal)
        except NewerFormatError:
            raise
        except FormatError:  # it may have been trimmed in the middle of the newest snapshot's lease
            return follow(known, self.log.read(0), self.seal)

    def append(
        self,
        records: tuple[Record, ...],
        *,
        claim: int | None = None,
        patience: float = PATIENCE,
        lineage: str = "",
    ) -> int:
        """Append an entry and return its slot.

        `claim` is the slot of the claim that it is written under, unless it is one. Goes on for
        `patience` seconds while the engine cannot be reached. Raises `StateConflictError` if what
        came in between does not allow it any more, `StateError` if it could not be stored: then
        nothing may rely on it, though it may still turn up.
        """
        nonce, deadline, attempt = secrets.token_hex(8), waiting.uptime() + patience, 0
        while True:
            entry = self._next(records, nonce, claim, lineage)
            body = self.body = encode(entry, self.seal)
            began = waiting.uptime()
            outcome = self.log.put(entry.slot, body)
            self.latency = waiting.uptime() - began
            if isinstance(outcome, Done):
                self._own.append(Stored(entry.slot, body))
                if not all(isinstance(record, Event) for record in records):
                    self.before = self.chain
            if isinstance(outcome, Done) or (
                not isinstance(outcome, NotSent) and self._caught_up(nonce, deadline)
            ):
                self.began = began
                return entry.slot
            self._allowed(entry, claim)
            if waiting.uptime() >= deadline:
                why = "it is written all the time" if isinstance(outcome, Taken) else outcome.reason
                detail = f"{self.log.address}: {why}"
                raise StateError("The state cannot be written", detail, fix=AGAIN)
            waiting.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
            attempt += 1

    def _next(
        self, records: tuple[Record, ...], nonce: str, claim: int | None, lineage: str
    ) -> Entry:
        chain, last = self.before, self._own[-1] if self._own else None
        slot = (last.slot if last else chain.last) + 1
        return Entry(
            slot=slot,
            lineage=lineage or chain.lineage,
            serial=chain.serial,
            previous=checksum(last.body) if last else chain.tip,
            nonce=nonce,
            at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            claim=slot if any(isinstance(record, Claim) for record in records) else claim,
            records=records,
        )

    def _caught_up(self, nonce: str, deadline: float) -> bool:
        """Read what is there; tell whether the entry with a nonce is."""
        attempt = 0
        while True:
            try:
                stored = self.refresh()
            except (StateConflictError, StateFormatError):
                raise
            except StateError:
                if waiting.uptime() >= deadline:
                    raise
                waiting.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
                attempt += 1
            else:
                return any(f'"nonce":"{nonce}"'.encode() in item.body for item in stored)

    def _allowed(self, entry: Entry, claim: int | None) -> None:
        """Raise `StateConflictError` if what was read in between took the lock away."""
        if self.chain.moved:
            raise StateMovedError.between(self.log.address, self.chain.moved)
        if entry.claim == entry.slot and self.chain.last >= entry.slot:
            raise StateConflictError("Somebody else was faster", self.log.address)
        if claim is not None and (self.chain.held is None or self.chain.held.slot != claim):
            by = f" by {self.chain.held.claim.holder}" if self.chain.held else ""
            detail = f"the lock was taken over{by} while this one was running"
            raise StateConflictError("The lock was taken away", detail, fix=AGAIN)


def newer(address: str, error: NewerFormatError) -> StateFormatError:
    """Say that this version must not touch a state."""
    fix = "upgrade pushctl; an older one must not touch this state"
    summary = "The state was written by a newer pushctl"
    return StateFormatError(summary, f"{address}: {error}", fix=fix)
