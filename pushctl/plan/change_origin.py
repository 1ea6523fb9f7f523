"""Where each change of a plan comes from, and what about that a reviewer has to know.

Two plans are made from the same state at the same moment: one from the manifest as it is now, one
from an earlier version of it (the base). What both would do has nothing to do with the edits: it is
due to the clock, to the service, or to a base that was never applied. What only the new plan does
comes from what differs between the two versions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pushctl.diagnostics import NOT_INCLUDED, Diagnostic, EditedLine, Range
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
    push_of,
)
from pushctl.plan.guards.rules import diagnostic
from pushctl.plan.inputs import PlanContext
from pushctl.plan.origin import FILES, OWN, Cause, Origin
from pushctl.plan.plan import Plan, action_facts
from pushctl.plan.planner import PlanRequest
from pushctl.schedule.recurrence import Recurrence, instants_from
from pushctl.state.state import State
from pushctl.text.plural import some

LISTS: Mapping[type, str] = {Rename: "moved", Forget: "removed", Adopt: "adopt"}
"""The list of the manifest in which a kind of change is ordered."""


def change_origins(
    plan: Plan,
    base: Plan,
    edits: Mapping[str, Origin],
    settings: Sequence[EditedLine],
    state: State,
    request: PlanRequest,
) -> dict[str, Origin]:
    """Return the origin of every change, and of every edit that changes nothing, by id.

    `base` is the plan of the earlier version from the same `state` at the same moment. `edits` maps
    the ids of entries that resolve differently to what was edited; `settings` are the edited lines
    of what is about no single entry, such as `policy`.
    """
    anyway = {_key(change) for change in base.effective}
    found: dict[str, Origin] = {}
    for change in plan.changes:
        if not isinstance(change, NoOp) and _key(change) in anyway:
            origin = Origin(_cause_without_edit(change, plan, state, request))
        elif change.id in edits:
            origin = edits[change.id]
        elif not isinstance(change, NoOp):
            origin = _from_settings(change, settings)
        else:
            continue
        # A renamed entry has two changes; what cannot be explained is not hidden by the other.
        if change.id not in found or found[change.id].cause is not Cause.UNEXPLAINED:
            found[change.id] = origin
    return found


def _key(change: Change) -> str:
    return repr([action_facts(change), str(change.cause) if isinstance(change, Blocked) else ""])


def _from_settings(change: Change, settings: Sequence[EditedLine]) -> Origin:
    """Return the origin of a change of an entry that says the same as before."""
    listed = LISTS.get(type(change))
    named = tuple(item for item in settings if listed is not None and item.part == listed)
    if named:
        return Origin(Cause.EDITED, named)
    general = tuple(item for item in settings if item.part not in OWN)
    return Origin(Cause.INDIRECT, general) if general else Origin(Cause.FOLLOWS)


def _cause_without_edit(change: Change, plan: Plan, state: State, request: PlanRequest) -> Cause:
    """Say why something happens that the base would do as well."""
    in_doubt = isinstance(change, Blocked) and change.cause is BlockReason.IN_DOUBT
    record = state.pushes.get(change.id)
    if isinstance(change, Renew):
        return Cause.CLOCK
    if in_doubt or change.id in {item.id for item in plan.doubts}:
        return Cause.DOUBT
    if change.id in {item.id for item in plan.drift}:
        return Cause.DRIFT
    if isinstance(change, Cancel) and record is not None and record.stopped:
        return Cause.STOPPED
    if isinstance(change, Replace) and change.reason == request.context.zone_data:
        return Cause.ZONE_DATA
    if _within_reach_now(change, state, request.context):
        return Cause.CLOCK
    if record is not None and _completes(change, record.fingerprint):
        return Cause.UNFINISHED
    if request.soonest and isinstance(change, Create | Replace) and not cancels_of(change):
        return Cause.CLOCK
    return Cause.UNEXPLAINED


def _within_reach_now(change: Change, state: State, context: PlanContext) -> bool:
    """Tell whether a recurrence begins later than the service took it when it was last asked."""
    if not isinstance(change, Create) or not isinstance(change.push.schedule, Recurrence):
        return False
    made = (task.created_at for record in state.pushes.values() for task in record.tasks)
    last_call = max((at for at in made if at is not None), default=0)
    first = next(instants_from(change.push.schedule, context.now), None)
    return first is not None and first > context.horizon.end(last_call)


def _completes(change: Change, fingerprint: str) -> bool:
    """Tell whether the same content for the same people was applied before, but not all of it."""
    if not isinstance(change, Create | Replace):
        return False
    people = any(item.path == "to" for item in change.fields)
    return change.push.fingerprint == fingerprint and not people


# --- findings -------------------------------------------------------------------------------------


def findings(plan: Plan) -> tuple[Diagnostic, ...]:
    """Return what is odd about where changes come from; an error forbids applying the plan."""
    return (
        *_unexplained(plan),
        *_indented(plan),
        *_indirect(plan),
        *_without_effect(plan),
    )


def _unexplained(plan: Plan) -> Iterator[Diagnostic]:
    ids = _with(plan, Cause.UNEXPLAINED)
    if ids:
        yield diagnostic(
            "PSH609",
            f"{some(ids)}: {plan.base} says the same, and it was never applied, or somebody "
            "applied something else since.",
            _place(plan, ids[0]),
            fix="apply that version first and plan again; `pushctl history` says who applied what",
            push=_only(ids),
        )


def _indented(plan: Plan) -> Iterator[Diagnostic]:
    for id in _with(plan, Cause.INDENTED):
        place = plan.origins[id].lines[0]
        what = "is gone: its lines" if place.former else "means something else: its lines"
        detail = f"{id} {what} are all still in {place.file}, but further in or out than before."
        fix = "put the indentation back, unless that is what was meant"
        yield diagnostic("PSH610", detail, _range(place), fix, push=id)


def _indirect(plan: Plan) -> Iterator[Diagnostic]:
    """Tell of every place that changes entries which do not mention it, and of how many."""
    through: dict[EditedLine | None, list[str]] = {}
    for id, origin in plan.origins.items():
        if origin.cause is Cause.INDIRECT and not origin.lines:
            through.setdefault(None, []).append(id)
        if origin.cause in (Cause.INDIRECT, Cause.EDITED):
            for lines in origin.lines:
                if lines.part not in OWN | FILES | {NOT_INCLUDED}:
                    through.setdefault(lines, []).append(id)
    for place, ids in sorted(through.items(), key=lambda item: item[0] or EditedLine("")):
        number = "1 push changes" if len(ids) == 1 else f"{len(ids)} pushes change"
        how = f"through `{place.part}`, {place}" if place else "through other lines"
        yield diagnostic(
            "PSH611",
            f"{number} {how}: {some(ids)}.",
            _range(place) if place is not None else None,
            fix="make sure that all of them are meant",
            push=_only(ids),
        )


def _without_effect(plan: Plan) -> Iterator[Diagnostic]:
    """Tell of the entries that were edited and of which nothing is to be done."""
    acting = {change.id for change in plan.effective}
    idle = [
        f"{change.id} ({change.reason})"
        for change in plan.changes
        if isinstance(change, NoOp) and change.id in plan.origins and change.id not in acting
    ]
    if idle:
        detail = f"Edited since {plan.base}, and there is nothing to do: {some(idle, '; ')}."
        yield diagnostic("PSH612", detail)


def _with(plan: Plan, cause: Cause) -> list[str]:
    return [id for id, origin in plan.origins.items() if origin.cause is cause]


def _only(ids: Sequence[str]) -> str | None:
    return ids[0] if len(ids) == 1 else None


def _range(line: EditedLine) -> Range | None:
    if line.former or not line.number:
        return None
    return Range.at(line.file, line.number)


def _place(plan: Plan, id: str) -> Range | None:
    change = next((item for item in plan.changes if item.id == id), None)
    push = None if change is None or isinstance(change, Rename) else push_of(change)
    return None if push is None else _range(EditedLine(push.source.file, push.source.line))
