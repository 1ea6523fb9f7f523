"""What a look at everything around a manifest found, as values. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from shlex import quote

from pushctl.state.state import State
from pushctl.text.plural import some


class Verdict(StrEnum):
    """How one thing stands. `NOTE` needs nobody; `BAD` stops the next apply, or should."""

    GOOD = "ok"
    NOTE = "note"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, what was found, and what to type if it is not well."""

    name: str
    verdict: Verdict
    text: str
    fix: str | None = None


SKEW_NOTE = 5.0
"""Seconds of difference between two clocks that are worth a word."""

SKEW_BAD = 120.0
"""Seconds from which on settling compares moments that cannot be compared (`core.settle`)."""


def of_entries(state: State, *, typed: str) -> Iterator[Check]:
    """Look at what is recorded: calls without an outcome, and pushes that are stopped.

    `typed` is how a command begins.
    """
    doubtful = [id for id, record in state.pushes.items() if record.in_doubt]
    if doubtful:
        yield Check(
            "outcomes",
            Verdict.BAD,
            f"{len(doubtful)} in doubt: {some(doubtful)}",
            f"{typed} apply looks for them; what stays: {typed} state resolve {quote(doubtful[0])}",
        )
    else:
        yield Check("outcomes", Verdict.GOOD, "no call without an outcome")
    stopped = [id for id, record in state.pushes.items() if record.stopped]
    if stopped:
        yield Check(
            "stopped",
            Verdict.NOTE,
            f"{len(stopped)} stopped: {some(stopped)}",
            f"{typed} resume {quote(stopped[0])}",
        )


def of_clock(offset: float | None) -> Check:
    """Judge how far this machine's clock is from the service's (seconds, positive if behind)."""
    if offset is None:
        return Check("clock", Verdict.UNKNOWN, "the service did not tell its time")
    side = "behind" if offset > 0 else "ahead of"
    text = f"{abs(offset):.0f} s {side} the service's"
    if abs(offset) < SKEW_NOTE:
        return Check("clock", Verdict.GOOD, "agrees with the service's")
    verdict = Verdict.BAD if abs(offset) >= SKEW_BAD else Verdict.NOTE
    return Check("clock", verdict, text, "set this machine's clock (NTP)")


def worst(checks: Iterable[Check]) -> Verdict:
    """Return the most pressing verdict."""
    order = [Verdict.GOOD, Verdict.NOTE, Verdict.UNKNOWN, Verdict.BAD]
    return max((check.verdict for check in checks), key=order.index, default=Verdict.GOOD)
