"""What an engine must do: keep numbered entries, of which exactly one writer gets each number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct


class Stored(Struct, frozen=True):
    """An entry as it is kept. `age` is how many seconds ago the engine took it, by its own clock;
    None where the engine does not tell."""

    slot: int
    body: bytes
    age: float | None = None


class Done(Struct, frozen=True):
    """The entry is durable on the engine, and nobody else's can ever have its number."""


class Taken(Struct, frozen=True):
    """Something has the number already: another entry, or this one after an answer was lost."""


class NotSent(Struct, frozen=True):
    """The engine certainly does not have the entry, and will not get it from this attempt."""

    reason: str


class Unknown(Struct, frozen=True):
    """The engine may have the entry, or may get it later."""

    reason: str


PutOutcome = Done | Taken | NotSent | Unknown


class SlotLog(Protocol):
    """A chain of entries on an engine, counted from 1 without gaps.

    Everything but the bytes is built on top of it, once: what is in an entry, who may write the
    next one, what the state is.
    """

    @property
    def address(self) -> str:
        """Where it is, for people; must not hold a secret."""

    @property
    def poll(self) -> float:
        """How many seconds to wait before it is read again by whoever waits for the lock."""

    def read(self, after: int | None) -> Sequence[Stored]:
        """Return every entry whose number is higher than `after`, in order, without gaps.

        Must show every entry whose `put` was answered before the call began. With None it may begin
        at the number that `trim` was told last, or at an earlier one; and at the former it may
        begin in any case, if the engine keeps nothing that was trimmed. Raises `StateError` if the
        engine cannot be reached or refuses, `StateFormatError` if there is a gap or damage.
        """

    def put(self, slot: int, body: bytes) -> PutOutcome:
        """Store an entry of at most a few megabytes under the number that follows the last one.

        Must be an atomic decision of the engine, and durable when it answers `Done`. Must not
        repeat itself. Raises `StateError` for what no later attempt can mend, such as a missing
        permission; then the entry must not be stored.
        """

    def trim(self, slot: int) -> None:
        """Note that whoever wants the newest state needs nothing before an entry. Must not raise.

        Earlier entries should stay readable for 90 days if they can. Must never free a number.
        """
