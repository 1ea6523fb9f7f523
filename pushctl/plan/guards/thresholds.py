"""What forbids a plan as a whole: thresholds, the quota, a list that cannot be true.

Every threshold says its number, the limit, where the limit comes from, and what to type if the
number is intended. `--force` lifts the thresholds and nothing else: whatever is unsafe, not merely
unusual, is a `Blocked` change long before it gets here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from math import floor
from typing import TYPE_CHECKING

from msgspec import Struct

from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.plan.change import Create, cancels_of, creates_of
from pushctl.plan.guards.audience_change import AudienceChange
from pushctl.plan.guards.rules import diagnostic
from pushctl.plan.plan import Plan
from pushctl.plan.reconcile.refresh import DriftKind
from pushctl.push.push import Source
from pushctl.text.plural import count, some

if TYPE_CHECKING:
    from fractions import Fraction

MANY = 10
"""Entries, or targets of one, from which on a share is worth a refusal (octoDNS's number)."""

QUOTA_WARNING = 0.8

OF_CHANGES = frozenset(
    {
        *("PSH216", "PSH504", "PSH601", "PSH602", "PSH604", "PSH605", "PSH608"),
        *("PSH802", "PSH803"),
        *("PSH609", "PSH610", "PSH611", "PSH612", "PSH613", "PSH614", "PSH615"),
    }
)
"""Findings about what a plan would do; of a plan that only looks they say nothing."""


class Thresholds(Struct, frozen=True):
    """The thresholds in force.

    `max_...` are numbers that a person typed for this run; each takes the place of what the policy
    says about the same thing. The policy's are `cancel_share` (of the scheduled entries), `creates`
    and `audience` (numbers, None for no limit) and `audience_change` (a share of the targets that a
    push had). `force` lifts them all.
    """

    max_cancels: int | None = None
    max_creates: int | None = None
    max_audience: int | None = None
    cancel_share: float = 0.3
    creates: int | None = None
    audience: int | None = None
    audience_change: float = 0.5
    force: bool = False


class _Threshold(Struct, frozen=True):
    """A number, and where it comes from."""

    number: int
    origin: str


def check_thresholds(plan: Plan, limits: Thresholds) -> tuple[Diagnostic, ...]:
    """Return the findings about a whole plan; one of severity error forbids applying it."""
    found = (*_quota(plan), *_waiting(plan))
    if limits.force:
        return found
    unusual = (*_creates(plan, limits), *_cancels(plan, limits), *_audiences(plan, limits))
    return (*found, *unusual, *_vanished(plan))


def _quota(plan: Plan) -> Iterator[Diagnostic]:
    quota = plan.quota
    grows = any(len(creates_of(change)) > len(cancels_of(change)) for change in plan.changes)
    adds = grows or quota.after > quota.now
    if quota.peak > quota.limit and adds:
        yield diagnostic(
            "PSH601",
            f"Now {quota.now}, after {quota.after}, at the peak {quota.peak}, allowed "
            f"{quota.limit}. Nothing has been sent.",
            fix="remove or shorten pushes, let later ones wait (`app.quota.overflow: soonest`), or "
            "raise `app.quota.limit` if the service grants more",
        )
    elif quota.after >= QUOTA_WARNING * quota.limit and plan.effective:
        detail = f"{quota.after} of {quota.limit} scheduled tasks will be in use."
        yield diagnostic("PSH602", detail)


def _waiting(plan: Plan) -> Iterator[Diagnostic]:
    if not plan.waiting:
        return
    tasks = sum(item.tasks for item in plan.waiting)
    first = dt.datetime.fromtimestamp(min(item.first for item in plan.waiting), plan.timezone)
    wait = "1 task waits" if tasks == 1 else f"{tasks} tasks wait"
    detail = f"{wait} for room, due from {first:%Y-%m-%d %H:%M} {plan.timezone} on."
    late = [item.id for item in plan.waiting if item.late]
    fix = "apply again when scheduled pushes are over"
    if late:
        detail += f" Unless you make room, these are missed: {some(late)}."
        fix = "raise `app.quota.limit` if the service grants more, or take out what comes later"
    yield diagnostic("PSH608", detail, fix=fix)


# --- how many pushes ------------------------------------------------------------------------------


def _creates(plan: Plan, limits: Thresholds) -> Iterator[Diagnostic]:
    """Mind a number only: a share would stand in the way of an apply that ended halfway."""
    limit = _number("creates", limits.max_creates, limits.creates)
    made = sum(isinstance(change, Create) for change in plan.changes)
    if limit is not None and made > limit.number:
        detail = f"{made} {_would(made)} be created, and {_at_most(limit)}."
        yield _unusual("PSH604", detail, option=f"--max-creates {made}")


def _cancels(plan: Plan, limits: Thresholds) -> Iterator[Diagnostic]:
    touched = sum(bool(cancels_of(change)) for change in plan.changes)
    limit = _cancel_limit(plan, limits) if touched else None
    if limit is not None and touched > limit.number:
        detail = f"{touched} {_would(touched)} be cancelled or replaced, and {_at_most(limit)}."
        yield _unusual("PSH605", detail, option=f"--max-cancels {touched}")


def _cancel_limit(plan: Plan, limits: Thresholds) -> _Threshold | None:
    if limits.max_cancels is not None:
        return _Threshold(limits.max_cancels, "--max-cancels")
    if not plan.wanted:
        return _Threshold(1, "the manifest has no pushes at all")
    # Not all that is recorded: what was delivered long ago would make any share look small.
    scheduled = sum(bool(live) for live in plan.recorded.values())
    if scheduled < MANY:
        return None
    origin = f"{_percent(limits.cancel_share)} of {scheduled} that are scheduled"
    return _Threshold(
        floor(_exactly(limits.cancel_share) * scheduled), f"`policy.max_cancels`, {origin}"
    )


# --- how many people ------------------------------------------------------------------------------


def _audiences(plan: Plan, limits: Thresholds) -> Iterator[Diagnostic]:
    limit = _number("audience", limits.max_audience, limits.audience)
    option = f"--max-audience {max((item.after for item in plan.reach), default=0)}"
    large = [item for item in plan.reach if limit is not None and item.after > limit.number]
    if limit is not None and large:
        sizes = [f"{item.id} would have {item.after} targets" for item in large]
        yield _size(large, f"{some(sizes, '; ')}; {_at_most(limit)}.", option)
    if limits.max_audience is not None:
        return
    rest = [item for item in plan.reach if item not in large]
    bound = f"at most {_percent(limits.audience_change)} may change (`policy.max_audience_change`)"
    for resumed in (False, True):
        found = [item for item in rest if _differs(item, limits, resumed=resumed)]
        if found:
            told = f"{some([_told(item) for item in found], '; ')}; {bound}."
            yield _halfway(found, told) if resumed else _size(found, told, option)


def _differs(item: AudienceChange, limits: Thresholds, *, resumed: bool) -> bool:
    """Count who joined or left, not the sum: another file of the same length is an accident too.

    What was created lately and grows may be an apply that ended halfway, and is `resumed`.
    """
    if item.known < MANY or not (item.joined or item.left):
        return False
    most = _exactly(limits.audience_change) * item.known
    joined, left = item.joined > most, item.left > most
    excused = item.lately and not left
    return (joined or left) and excused is resumed


def _exactly(share: float) -> Fraction:
    """Return a share exactly as it is written: 0.29 of 100 are 29."""
    from fractions import Fraction  # noqa: PLC0415  (most plans cancel nothing)

    return Fraction(str(share))


def _told(item: AudienceChange) -> str:
    came = f"{item.joined} joined, {item.left} left"
    return f"{item.id} would have {item.after} targets instead of {item.before} ({came})"


def _size(items: Sequence[AudienceChange], detail: str, option: str) -> Diagnostic:
    source = items[0].source
    return _unusual("PSH504", detail, option=option, source=source, push=_only(items))


def _only(items: Sequence[AudienceChange]) -> str | None:
    return items[0].id if len(items) == 1 else None


def _halfway(items: Sequence[AudienceChange], detail: str) -> Diagnostic:
    """Only warn: to complete what a crash cut short must not need an override."""
    return diagnostic(
        "PSH504",
        f"{detail} It was created only lately, so this may be the rest of it.",
        Range.at(items[0].source.file, items[0].source.line),
        fix="unless an apply ended halfway, look at the audience before going on",
        severity=Severity.WARNING,
        push=_only(items),
    )


# --- the words ------------------------------------------------------------------------------------


def _number(name: str, typed: int | None, policy: int | None) -> _Threshold | None:
    if typed is not None:
        return _Threshold(typed, f"--max-{name}")
    return None if policy is None else _Threshold(policy, f"`policy.max_{name}`")


def _unusual(
    code: str,
    detail: str,
    *,
    option: str,
    source: Source | None = None,
    push: str | None = None,
) -> Diagnostic:
    return diagnostic(
        code,
        detail,
        None if source is None else Range.at(source.file, source.line),
        fix=f"if that is intended, plan and apply with {option} (--force lifts every threshold)",
        push=push,
    )


def _at_most(limit: _Threshold) -> str:
    return f"at most {limit.number} may be ({limit.origin})"


def _would(number: int) -> str:
    return "push would" if number == 1 else "pushes would"


def _percent(share: float) -> str:
    return f"{share * 100:g}%"


# --- the list -------------------------------------------------------------------------------------


def _vanished(plan: Plan) -> Iterator[Diagnostic]:
    """Doubt a list without a single one of our tasks, if something would be made again by it."""
    gone = [item for item in plan.drift if item.kind is DriftKind.GONE]
    # What is in doubt is not missed by anybody, and must not make the others look found.
    expected = sum(plan.recorded.values()) - len(plan.doubts)
    again = {change.id for change in plan.changes if creates_of(change)}
    if len(gone) == expected and any(item.id in again for item in gone):
        yield diagnostic(
            "PSH606",
            f"All that was scheduled ({count(expected, 'task')}) is missing from the service's "
            "list. Creating it again could deliver it twice.",
            fix="check app, workspace and credentials; if they were really cancelled, use --force",
        )
