"""Why an entry changes, in words: the reasons that a plan shows, and the fields that differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from pushctl.plan.change import FieldChange, field_changes
from pushctl.plan.diff.task_reuse import is_superseded
from pushctl.plan.inputs import PlanContext
from pushctl.push.push import Push
from pushctl.schedule.recurrence import Recurrence, instants_from
from pushctl.schedule.service_schedule import OneShot
from pushctl.state.state import Phase, PushRecord, TaskRecord
from pushctl.text.plural import some

ROUTINE = frozenset(
    {
        "up to date",
        "delivered",
        "being delivered",
        "already sent",
        "disabled",
        "no deliveries left",
        "nothing is due within the service's reach yet",
    }
)
"""Reasons for doing nothing that nobody needs to be told."""

BY_A_CALENDAR = "its times have changed, by a calendar or the manifest's zone"
"""Why an entry changes of which no field does."""

PEOPLE_SHOWN = 5


def create_reason(push: Push, record: PushRecord | None) -> str:
    """Say why an entry that has nothing scheduled gets tasks."""
    if record is None:
        return "new"
    if not record.tasks:
        return "not created yet"
    if record.stopped:
        return "it was stopped, and this edit lets it run again"
    sent = any(task.phase is Phase.SENT for task in record.tasks)
    if sent and not isinstance(push.schedule, Recurrence):
        return "sends again"
    if record.fingerprint == push.fingerprint:
        return "not scheduled any more"
    return "changed while nothing was scheduled"


def noop_reason(push: Push, context: PlanContext) -> str:
    """Say why an entry with nothing scheduled gets nothing now."""
    if isinstance(push.schedule, Recurrence):
        end = context.horizon.end(context.now)
        if next(instants_from(push.schedule, end + 1), None) is not None:
            return "nothing is due within the service's reach yet"
    return "no deliveries left"


def changed_field(fields: Sequence[FieldChange]) -> str:
    """Name the first of some fields that changed."""
    paths = [item.path for item in fields if not item.path.startswith("to.")]
    return f"{some(paths)} changed" if paths else "what it compiles to changed"


def replace_reason(
    push: Push,
    record: PushRecord,
    fields: Sequence[FieldChange],
    cancels: Sequence[TaskRecord],
    fits: Sequence[TaskRecord],
    context: PlanContext,
) -> str:
    """Say why some tasks of an entry go, or others join those that stay (`fits`)."""
    if any(task.fingerprint != push.content for task in cancels):
        moved = not fields and isinstance(push.schedule, OneShot)
        return (moved and context.zone_data) or changed_field(fields)
    if record.fingerprint != push.fingerprint:
        return changed_field(fields) if fields else BY_A_CALENDAR
    if any(item.path == "to" for item in fields):
        return "targets changed"
    slots = {task.slot for task in fits}
    if any(task.slot not in slots for task in cancels):
        twice = all(any(is_superseded(task, other, context) for other in fits) for task in cancels)
        return "scheduled twice" if twice else context.zone_data or "its times have changed"
    if any(task.phase is Phase.CANCELLED for task in record.tasks):
        return "a part of it is not scheduled any more"
    return "a part of it is not scheduled yet"


# --- fields ---------------------------------------------------------------------------------------


def changed_fields(
    push: Push, record: PushRecord, places: Mapping[int, frozenset[str]], labels: Sequence[str]
) -> tuple[FieldChange, ...]:
    """Return the fields that differ, the people last."""
    fields = field_changes(record.spec, push.spec)
    before, after = set[str]().union(*places.values()), set(labels)
    return (*fields, *_people(before, after)) if before != after else fields


def _people(before: Set[str], after: Set[str]) -> Iterator[FieldChange]:
    """Say how many there were and are, and name who came and who went."""
    yield FieldChange("to", len(before), len(after))
    for path, names in (("to.joined", after - before), ("to.left", before - after)):
        if names:
            shown = sorted(names)[:PEOPLE_SHOWN]
            more = [f"and {len(names) - len(shown)} more"] if len(names) > len(shown) else []
            listed = ", ".join([*shown, *more])
            yield FieldChange(path, *((None, listed) if path == "to.joined" else (listed, None)))
