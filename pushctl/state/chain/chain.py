"""What the entries of a chain say together: the state, who holds the lock, what was done."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from pushctl.state.chain.entry import (
    Claim,
    Entry,
    Moved,
    Record,
    Release,
    Seal,
    Snapshot,
    TakeOver,
    checksum,
    decode,
)
from pushctl.state.chain.log import Stored
from pushctl.state.decoding import FormatError, NewerFormatError
from pushctl.state.events import Event, Fold, patch
from pushctl.state.history import HistoryEntry
from pushctl.state.state import State

NEVER = 10 * 365 * 86400.0
"""Seconds of a claim that nobody loses by being silent."""

KEPT_HISTORY = 200
"""How many entries of the history a snapshot carries along."""


class Held(Struct, frozen=True):
    """A claim in force, and the slot that it is in."""

    slot: int
    claim: Claim


class Chain(Struct, frozen=True):
    """A chain up to one entry.

    `last` is that entry's slot, 0 if there is none; `tip` its checksum. `state` is the one after
    all events, with the serial of the newest snapshot; None if there never was one. `unfolded`
    tells that events follow that snapshot. `moved` is the address that the state moved to.
    `seconds` is the longest that a holder since then may be silent. `at` is when the last entry was
    made (ISO 8601 in UTC) by its writer's clock, `age` how old it is (seconds), where the engine
    tells.
    """

    last: int = 0
    tip: str = ""
    state: State | None = None
    unfolded: bool = False
    held: Held | None = None
    history: tuple[HistoryEntry, ...] = ()
    moved: str = ""
    seconds: float = 0.0
    at: str = ""
    age: float | None = None

    @property
    def lineage(self) -> str:
        """The lineage of the state; empty if there is none."""
        return self.state.lineage if self.state else ""

    @property
    def serial(self) -> int:
        """The serial of the newest snapshot."""
        return self.state.serial if self.state else 0


def follow(chain: Chain, stored: Sequence[Stored], seal: Seal | None) -> Chain:
    """Return a chain with the entries that follow it.

    Begins anew at the newest snapshot among them; what is before it is not even decoded. Raises
    `FormatError` with the slot of an entry that is damaged, is missing, or was written by somebody
    who did not hold the lock; whatever `Seal.open` raises.
    """
    entries = _since_snapshot(stored, seal)
    if not entries:
        return chain
    if records := _from_snapshot(entries[0]):
        chain = Chain(entries[0].slot - 1, entries[0].previous)
        entries[0] = replace(entries[0], records=records)
    elif chain.state is None:
        raise FormatError(f"entry {stored[0].slot}: no snapshot is before it")
    fold = Fold(chain.state) if chain.state else None
    for entry, kept in zip(entries, stored[len(stored) - len(entries) :], strict=True):
        try:
            _check(chain, entry)
            for record in entry.records:
                match record:
                    case Snapshot():
                        fold = Fold(record.state)
                    case Claim() | Release() | TakeOver() | Moved() | HistoryEntry():
                        pass
                    case _:
                        assert fold is not None
                        fold.apply(patch(fold.pushes, record))
                chain = _after(chain, entry, record)
        except (FormatError, KeyError) as error:
            raise FormatError(f"entry {entry.slot}: {error}") from error
        tip = checksum(kept.body)
        chain = replace(chain, last=entry.slot, tip=tip, at=entry.at)
    assert fold is not None
    return replace(chain, state=fold.state, age=stored[-1].age)


def _since_snapshot(stored: Sequence[Stored], seal: Seal | None) -> list[Entry]:
    """Decode from the newest entry back to one with a snapshot, or to the first."""
    entries: list[Entry] = []
    for kept in reversed(stored):
        try:
            entries.append(decode(kept.body, seal))
            if entries[-1].slot != kept.slot:
                raise FormatError(f"it says that it is entry {entries[-1].slot}")
        except FormatError as error:
            raise type(error)(f"entry {kept.slot}: {error}") from error
        if _from_snapshot(entries[-1]):
            break
    return entries[::-1]


def _from_snapshot(entry: Entry) -> tuple[Record, ...]:
    """Return the records from the last snapshot on; none if there is no snapshot among them."""
    at = [index for index, record in enumerate(entry.records) if isinstance(record, Snapshot)]
    return entry.records[at[-1] :] if at else ()


def _check(chain: Chain, entry: Entry) -> None:
    """Raise `FormatError` for an entry that its writer had no right to append."""
    if (entry.slot, entry.previous) != (chain.last + 1, chain.tip):
        raise FormatError("it does not follow the one before it")
    if chain.moved:
        raise FormatError("the state had moved before")
    claims = any(isinstance(record, Claim) for record in entry.records)
    if claims or entry.claim is None or isinstance(next(iter(entry.records), None), Snapshot):
        return
    if chain.held is None or chain.held.slot != entry.claim:
        raise FormatError("its writer did not hold the lock")


def _after(chain: Chain, entry: Entry, record: Record) -> Chain:
    """Return the chain after a record, without what the fold knows."""
    match record:
        case Claim():
            if chain.held and chain.held.slot != record.over:
                raise FormatError("it takes a lock that somebody holds")
            taken = Held(entry.slot, record)
            return replace(chain, held=taken, seconds=_slowest(chain, record))
        case Release():
            return replace(chain, held=None)
        case TakeOver():
            kept = chain.held is None or chain.held.slot == record.claim
            return replace(chain, held=None if kept else chain.held)
        case Snapshot():
            held = Held(entry.claim, record.claim) if record.claim and entry.claim else None
            history = tuple(_placed(item, entry.slot) for item in record.history)
            return replace(
                chain,
                state=record.state,
                unfolded=False,
                held=held,
                history=history,
                seconds=_slowest(chain, record.claim),
            )
        case Moved():
            return replace(chain, moved=record.to)
        case HistoryEntry():
            history = (*chain.history, _placed(record, entry.slot))
            return replace(chain, history=history[-KEPT_HISTORY:])
        case _:
            if entry.claim is None:
                raise FormatError("its writer did not hold the lock")
            return replace(chain, unfolded=True)


def _slowest(chain: Chain, claim: Claim | None) -> float:
    """Return `Chain.seconds` after a claim; one that is never lost by silence makes no calls."""
    makes_calls = claim is not None and claim.seconds < NEVER
    return max(chain.seconds, claim.seconds) if claim and makes_calls else chain.seconds


def _placed(item: HistoryEntry, slot: int) -> HistoryEntry:
    return item if item.slot is not None else replace(item, slot=slot)


def salvage(stored: Sequence[Stored], seal: Seal | None) -> tuple[State | None, list[int]]:
    """Return the state that can still be read, and the slots of the entries that cannot.

    Events that fit nothing count as damaged, and so does what follows a gap. Raises
    `NewerFormatError`, and what `Seal.open` raises.
    """
    fold: Fold | None = None
    unfolded, last = False, 0
    damaged: list[int] = []
    for kept in stored:
        damaged += range(last + 1, kept.slot) if last else []
        last = kept.slot
        try:
            for record in decode(kept.body, seal).records:
                if isinstance(record, Snapshot):
                    fold, damaged, unfolded = Fold(record.state), [], False
                elif isinstance(record, Event) and fold is not None:
                    fold.apply(patch(fold.pushes, record))
                    unfolded = True
        except NewerFormatError:
            raise
        except (FormatError, KeyError):
            damaged.append(kept.slot)
    if fold is None:
        return None, damaged
    return replace(fold.state, serial=fold.state.serial + unfolded), damaged
