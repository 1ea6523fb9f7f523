"""A chain in memory, which can lose answers, be out of reach, and be set back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pushctl.errors import StateError
from pushctl.state.chain.log import Done, NotSent, PutOutcome, Stored, Taken, Unknown

Fault = Callable[[int, bytes], PutOutcome | None]


@dataclass
class MemoryLog:
    """The contract is `pushctl.state.chain.log.SlotLog`.

    `before` and `after` are asked before and after an entry is stored; what they return is answered
    in place of the truth. `clock` gives entries an age.
    """

    bodies: list[bytes] = field(default_factory=list)
    before: Fault = lambda slot, body: None
    after: Fault = lambda slot, body: None
    reachable: bool = True
    clock: Callable[[], float] | None = None
    exclusive: bool = True
    address: str = "memory"
    poll: float = 0.001
    start: int = 1

    def __post_init__(self) -> None:
        self.mutex = threading.Lock()
        self.times: list[float] = []

    def read(self, after: int | None) -> Sequence[Stored]:
        if not self.reachable:
            raise StateError("The state cannot be reached", "memory")
        begin = self.start - 1 if after is None else after
        with self.mutex:
            kept = enumerate(self.bodies, 1)
            return [Stored(n, body, self._age(n)) for n, body in kept if n > begin]

    def _age(self, slot: int) -> float | None:
        return self.clock() - self.times[slot - 1] if self.clock else None

    def put(self, slot: int, body: bytes) -> PutOutcome:
        if not self.reachable:
            return NotSent("out of reach")
        if answer := self.before(slot, body):
            return answer
        with self.mutex:
            if slot <= len(self.bodies):
                if self.exclusive:
                    return Taken()
                self.bodies[slot - 1] = body
                return Done()
            assert slot == len(self.bodies) + 1, "only the next number may be asked for"
            self.bodies.append(body)
            self.times.append(self.clock() if self.clock else 0.0)
        return self.after(slot, body) or Done()

    def trim(self, slot: int) -> None:
        self.start = slot


def lost(times: int = 1) -> Fault:
    """Lose so many answers."""
    left = iter(range(times))
    return lambda slot, body: Unknown("lost") if next(left, None) is not None else None


def unreachable(times: int = 1) -> Fault:
    """Be out of reach so many times."""
    left = iter(range(times))
    return lambda slot, body: NotSent("down") if next(left, None) is not None else None
