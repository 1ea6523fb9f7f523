"""What forbids a plan as a whole: thresholds, the quota, a list that cannot be true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pushctl.core.change import cancels_of, creates_of
from pushctl.core.plan import Plan
from pushctl.core.refresh import DriftKind
from pushctl.diagnostics import Diagnostic, Severity

MANY = 10
"""Entries from which on a share of cancelled ones is worth a refusal (octoDNS's number)."""

QUOTA_WARNING = 0.8


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds in force. `max_cancels` is an absolute number, `cancel_share` a share of 1."""

    max_cancels: int | None = None
    cancel_share: float = 0.3
    force: bool = False


def guard(plan: Plan, limits: Limits) -> tuple[Diagnostic, ...]:
    """Return the findings about a whole plan; one of severity error forbids applying it."""
    return tuple(_findings(plan, limits))


def _findings(plan: Plan, limits: Limits) -> Iterator[Diagnostic]:
    yield from _quota(plan)
    if not limits.force:
        yield from _cancels(plan, limits)
        yield from _vanished(plan)


def _quota(plan: Plan) -> Iterator[Diagnostic]:
    quota = plan.quota
    grows = any(len(creates_of(change)) > len(cancels_of(change)) for change in plan.changes)
    adds = grows or quota.after > quota.now
    if quota.peak > quota.limit and adds:
        yield Diagnostic(
            Severity.ERROR,
            "PSH601",
            "The plan needs more scheduled tasks than the service allows",
            f"Now {quota.now}, after {quota.after}, at the peak {quota.peak}, allowed "
            f"{quota.limit}. Nothing has been sent.",
            fix="remove or shorten pushes, or raise `app.quota.limit` if the service grants more",
        )
    elif quota.after >= QUOTA_WARNING * quota.limit and plan.effective:
        yield Diagnostic(
            Severity.WARNING,
            "PSH602",
            "The quota is nearly used up",
            f"{quota.after} of {quota.limit} scheduled tasks will be in use.",
        )


def _cancels(plan: Plan, limits: Limits) -> Iterator[Diagnostic]:
    touched = sum(bool(cancels_of(change)) for change in plan.changes)
    if not plan.wanted and touched > 1 and limits.max_cancels is None:
        yield _too_many(touched, "the manifest has no pushes at all")
        return
    total = len(plan.recorded)
    if limits.max_cancels is not None:
        if touched > limits.max_cancels:
            yield _too_many(touched, f"at most {limits.max_cancels} allowed")
    elif total >= MANY and touched > limits.cancel_share * total:
        share = f"{touched / total:.0%} of {total}, at most {limits.cancel_share:.0%} allowed"
        yield _too_many(touched, share)


def _too_many(touched: int, why: str) -> Diagnostic:
    return Diagnostic(
        Severity.ERROR,
        "PSH605",
        "The plan cancels or replaces unusually many pushes",
        f"{touched} pushes would be cancelled or replaced ({why}).",
        fix=f"if that is intended, apply with --max-cancels {touched} or --force",
    )


def _vanished(plan: Plan) -> Iterator[Diagnostic]:
    """A list without a single one of our tasks is more likely wrong than true."""
    gone = [item for item in plan.drift if item.kind is DriftKind.GONE]
    expected = sum(plan.recorded.values())
    if len(gone) >= 3 and len(gone) == expected:
        yield Diagnostic(
            Severity.ERROR,
            "PSH606",
            "The service lists none of the recorded tasks",
            f"All {expected} scheduled tasks are missing from the service's list. Creating them "
            "again could deliver each of them twice.",
            fix="check app, workspace and credentials; if they were really cancelled, use --force",
        )
