"""What an entry itself forbids: protection, `on_change: forbid`, and the danger window."""

from __future__ import annotations

from collections.abc import Sequence

from pushctl.plan.change import Blocked, BlockReason, Cancel, Change, Replace
from pushctl.plan.inputs import PlanContext
from pushctl.push.push import OnChange, Push
from pushctl.schedule.service_schedule import next_delivery
from pushctl.state.state import PushRecord, TaskRecord
from pushctl.text.duration import span


def protect(
    change: Change, push: Push | None, record: PushRecord | None, context: PlanContext
) -> Change:
    """Turn a change that its entry forbids, or that comes too close to a delivery, into a block."""
    if record is None or not isinstance(change, Replace | Cancel):
        return change
    edited = push is not None and push.fingerprint != record.fingerprint
    if not change.cancels and not edited:
        return change
    id = change.id
    # Of the record too, as the fix says: to unprotect a push takes an apply of its own. Unless
    # nothing else was edited (time zones were, or a calendar), or it could never be unprotected.
    alone = isinstance(change, Replace) and not change.fields
    if (push is not None and push.meta.protect) or (record.meta.protect and not alone):
        reason = f"it is protected ({change.reason})"
        fix = f"take `protect: true` out of {id} and apply that first"
        return Blocked(id, push, BlockReason.PROTECTED, reason, fix)
    if push is not None and push.on_change is OnChange.FORBID and isinstance(change, Replace):
        reason = f"it says `on_change: forbid` ({change.reason})"
        return Blocked(
            id, push, BlockReason.FORBIDDEN, reason, "undo the edit, or give it a new id"
        )
    near = _nearest(change.cancels, context)
    if near is not None and not context.options.now_or_never:
        reason = f"its next delivery is only {span(near)} away ({change.reason})"
        fix = "wait until it is delivered, or apply with --now-or-never"
        return Blocked(id, push, BlockReason.DANGER_WINDOW, reason, fix)
    return change


def _nearest(tasks: Sequence[TaskRecord], context: PlanContext) -> int | None:
    """Return the seconds to the next delivery of any task, if that is inside the danger window."""
    waits = [
        at - context.now
        for task in tasks
        if (at := next_delivery(task.schedule, context.now, context.horizon.zone)) is not None
    ]
    nearest = min(waits, default=None)
    return nearest if nearest is not None and nearest < context.options.danger_window else None
