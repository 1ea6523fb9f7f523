"""What a look at everything around a manifest found, as values. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from enum import StrEnum
from shlex import quote

from msgspec import Struct

from pushctl.plan.reconcile.listing import (
    AGREEING_CLOCKS,
    CLOCK_SKEW,
    Listing,
    altered_task,
)
from pushctl.plan.reconcile.refresh import unmanaged_tasks
from pushctl.state.state import State
from pushctl.text.plural import some


class CheckResult(StrEnum):
    """How one thing stands. `NOTE` needs nobody; `BAD` stops the next apply, or should."""

    GOOD = "ok"
    NOTE = "note"
    BAD = "bad"
    UNKNOWN = "unknown"


class Check(Struct, frozen=True):
    """One thing that was looked at, what was found, and what to type if it is not well."""

    name: str
    verdict: CheckResult
    text: str
    fix: str | None = None


def check_entries(state: State, *, typed: str) -> Iterator[Check]:
    """Look at what is recorded: calls without an outcome, and pushes that are stopped.

    `typed` is how a command begins.
    """
    doubtful = [id for id, record in state.pushes.items() if record.in_doubt]
    if doubtful:
        yield Check(
            "outcomes",
            CheckResult.BAD,
            f"{len(doubtful)} in doubt: {some(doubtful)}",
            f"{typed} apply looks for them; what stays: {typed} state resolve {quote(doubtful[0])}",
        )
    else:
        yield Check("outcomes", CheckResult.GOOD, "no call without an outcome")
    stopped = [id for id, record in state.pushes.items() if record.stopped]
    if stopped:
        yield Check(
            "stopped",
            CheckResult.NOTE,
            f"{len(stopped)} stopped: {some(stopped)}",
            f"{typed} resume {quote(stopped[0])}",
        )


def check_list(state: State, seen: Listing, zone: dt.tzinfo) -> Iterator[Check]:
    """Look at what the service lists beside and instead of what is recorded. `zone` is its own."""
    others = [row.task_id for row in unmanaged_tasks(state, seen.actual)]
    if others:
        text = f"{len(others)} of nobody here: {some(others)}"
        why = "somebody else schedules here, so a call without an answer may need a person"
        if not state.lineage:
            text += ", and no state is here"
            why = "if a state was lost: pushctl state rebuild, which finds out what is whose"
        yield Check("other tasks", CheckResult.NOTE, text, why)
    altered = altered_task(state, seen.actual, zone)
    if altered is not None:
        text = f"the list shows {altered} otherwise than it was sent"
        why = "no call without an answer can be settled by such a list; tell the vendor's support"
        yield Check("list", CheckResult.BAD, text, why)


def check_clock(offset: float | None) -> Check:
    """Judge how far this machine's clock is from the service's (seconds, positive if behind)."""
    if offset is None:
        return Check("clock", CheckResult.UNKNOWN, "the service did not tell its time")
    side = "behind" if offset > 0 else "ahead of"
    text = f"{abs(offset):.0f} s {side} the service's"
    if abs(offset) < AGREEING_CLOCKS:
        return Check("clock", CheckResult.GOOD, "agrees with the service's")
    verdict = CheckResult.BAD if abs(offset) >= CLOCK_SKEW else CheckResult.NOTE
    return Check("clock", verdict, text, "set this machine's clock (NTP)")


def worst_result(checks: Iterable[Check]) -> CheckResult:
    """Return the most pressing verdict."""
    order = [CheckResult.GOOD, CheckResult.NOTE, CheckResult.UNKNOWN, CheckResult.BAD]
    return max((check.verdict for check in checks), key=order.index, default=CheckResult.GOOD)
