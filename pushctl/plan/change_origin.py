"""Where each change of a plan comes from.

Two plans are made from the same state at the same moment: one from the manifest as it is now, one
from an earlier version of it (the base). What both would do has nothing to do with the edits: it is
due to the clock, to the service, or to a base that was never applied. What only the new plan does
must come from what differs between the two versions, and `Trace` says from which lines.
"""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.plan.change import (
    Adopt,
    Blocked,
    BlockReason,
    Cancel,
    Change,
    Create,
    Forget,
    NoOp,
    Rename,
    Renew,
    Replace,
    cancels_of,
)
from pushctl.plan.inputs import Context
from pushctl.plan.origin import OWN, Cause, Edits, Lines, Origin
from pushctl.plan.plan import Plan, deed
from pushctl.plan.planner import Wishes
from pushctl.schedule.recurrence import Recurrence, coming
from pushctl.state.state import State


def explained(
    plan: Plan, base: Plan, edits: Edits, state: State, wishes: Wishes
) -> dict[str, Origin]:
    """Return the origin of every change, and of every edit that changes nothing, by id.

    `base` is the plan of the earlier version from the same `state` at the same moment.
    """
    anyway = {_key(change) for change in base.effective}
    found: dict[str, Origin] = {}
    for change in plan.changes:
        origin: Origin | None
        trace = edits.entries.get(change.id)
        if not isinstance(change, NoOp) and _key(change) in anyway:
            origin = Origin(_anyway(change, plan, state, wishes))
        elif trace is not None:
            origin = Origin(trace.cause, trace.lines)
        elif not isinstance(change, NoOp):
            origin = _by_settings(change, edits)
        else:
            continue
        # A renamed entry has two changes; what cannot be explained is not hidden by the other.
        if change.id not in found or found[change.id].cause is not Cause.UNEXPLAINED:
            found[change.id] = origin
    return found


def _key(change: Change) -> str:
    blocked = str(change.cause) if isinstance(change, Blocked) else ""
    return repr([deed(change), blocked])


def _by_settings(change: Change, edits: Edits) -> Origin:
    """An entry that says the same as before, and is treated differently."""
    named = _named(change, edits)
    if named:
        return Origin(Cause.EDITED, named)
    general = tuple(item for item in edits.settings if item.part not in OWN)
    return Origin(Cause.AFAR, general) if general else Origin(Cause.FOLLOWS)


def _named(change: Change, edits: Edits) -> tuple[Lines, ...]:
    """Return the changed lines of the list that this kind of change is ordered in."""
    match change:
        case Rename():
            part = "moved"
        case Forget():
            part = "removed"
        case Adopt():
            part = "adopt"
        case _:
            return ()
    return tuple(item for item in edits.settings if item.part == part)


def _anyway(change: Change, plan: Plan, state: State, wishes: Wishes) -> Cause:
    """Say why something happens that the base would do as well."""
    if isinstance(change, Renew):
        return Cause.CLOCK
    if isinstance(change, Blocked) and change.cause is BlockReason.IN_DOUBT:
        return Cause.DOUBT
    if change.id in {item.id for item in plan.doubts}:
        return Cause.DOUBT
    if change.id in {item.id for item in plan.drift}:
        return Cause.DRIFT
    record = state.pushes.get(change.id)
    if isinstance(change, Cancel) and record is not None and record.stopped:
        return Cause.STOPPED
    if _within_reach_now(change, state, wishes.context):
        return Cause.CLOCK
    if record is not None and _completes(change, record.fingerprint):
        return Cause.UNFINISHED
    if wishes.soonest and isinstance(change, Create | Replace) and not cancels_of(change):
        return Cause.CLOCK
    return Cause.UNEXPLAINED


def _within_reach_now(change: Change, state: State, context: Context) -> bool:
    """Tell whether a recurrence begins later than the service took it when it was last asked."""
    if not isinstance(change, Create) or not isinstance(change.push.schedule, Recurrence):
        return False
    first = next(coming(change.push.schedule, context.now), None)
    return first is not None and first > context.horizon.end(_last_call(state))


def _last_call(state: State) -> int:
    """Return when something was last created (epoch seconds), 0 if never."""
    made = (task.created_at for record in state.pushes.values() for task in record.tasks)
    return max((at for at in made if at is not None), default=0)


def _completes(change: Change, fingerprint: str) -> bool:
    """Tell whether the same content for the same people was applied before, but not all of it."""
    if not isinstance(change, Create | Replace):
        return False
    people = any(item.path == "to" for item in change.fields)
    return change.push.fingerprint == fingerprint and not people


def idle(plan: Plan) -> Iterator[NoOp]:
    """Yield the entries that were edited and of which nothing is to be done."""
    acting = {change.id for change in plan.effective}
    for change in plan.changes:
        if isinstance(change, NoOp) and change.id in plan.origins and change.id not in acting:
            yield change
