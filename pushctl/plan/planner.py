"""From desired, recorded and actual to a plan, in one pure step.

settle, refresh, diff, adopt, count, guard: the same function serves `plan`, which only shows, and
`apply`, which has looked and waited before it calls this.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from pushctl.diagnostics import Diagnostic, EditedLine
from pushctl.plan.change import Blocked, BlockReason, Change, Create, creates_of, push_of
from pushctl.plan.coverage import lapsing_recurrences
from pushctl.plan.diff.diff import diff
from pushctl.plan.guards.audience_change import audience_changes
from pushctl.plan.guards.duplicate_tasks import (
    block_confusable,
    block_duplicates,
    duplicates,
    similar_tasks,
)
from pushctl.plan.guards.quota import Waiting, admit, quota_of, room_of
from pushctl.plan.guards.rules import diagnostic
from pushctl.plan.guards.thresholds import Thresholds, check_thresholds
from pushctl.plan.guards.undeclared_renames import still_written, undeclared_renames
from pushctl.plan.inputs import PlanContext
from pushctl.plan.plan import Plan, valid_until
from pushctl.plan.reconcile.adopt import adopt
from pushctl.plan.reconcile.in_doubt import Settled, Timeouts, settle
from pushctl.plan.reconcile.listing import Listing
from pushctl.plan.reconcile.refresh import Refreshed, refresh
from pushctl.push.push import Push
from pushctl.push.task import ActualTask
from pushctl.schedule.service_schedule import local_day
from pushctl.state.labels import with_labels
from pushctl.state.state import State


class PlanRequest(Struct, frozen=True):
    """Everything a plan is made from besides the state and the look at the service.

    `soonest` lets the tasks wait for which the quota has no room. `adopts` maps an entry to the
    task it takes over. `only` and `exclude` restrict the plan to some entries. `whole` tells that
    the newest tasks were made by an apply that went to its end. `judge` leaves out of the plan's
    findings what the policy or an entry accepts; `diagnostics`, those about the manifest, are
    judged already. `not_included` says where an id stands in a file that is not of the manifest.
    """

    app: str
    workspace: str
    env: str | None
    timezone: dt.tzinfo
    desired: tuple[Push, ...]
    context: PlanContext
    limits: Thresholds
    manifest_digest: str
    policy_digest: str
    quota_limit: int = 100
    weigh_deliveries: bool = False
    soonest: bool = False
    timeouts: Timeouts = field(default_factory=Timeouts)
    hashed: bool = False
    adopts: Mapping[str, str] = field(default_factory=dict)
    only: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    diagnostics: tuple[Diagnostic, ...] = ()
    whole: bool = False
    judge: Callable[[Iterable[Diagnostic]], Iterable[Diagnostic]] = tuple
    not_included: Callable[[str], EditedLine | None] = lambda id: None


def make_plan(request: PlanRequest, state: State, listing: Listing | None) -> Plan:
    """Return the plan. Without a look (offline) the state is taken at its word."""
    request = _by_service_clock(request, listing)
    now, zone = request.context.now, request.context.horizon.zone
    settled, refreshed = reconcile(request, state, listing)
    changes = _changes(request, refreshed, listing.actual if listing else ())
    room = room_of(
        refreshed.state,
        refreshed.unmanaged,
        changes,
        limit=request.quota_limit,
        now=now,
        zone=zone,
        weigh_deliveries=request.weigh_deliveries,
    )
    waiting: tuple[Waiting, ...] = ()
    if request.soonest:
        changes, waiting = admit(changes, room)
    plan = Plan(
        app=request.app,
        workspace=request.workspace,
        env=request.env,
        lineage=state.lineage,
        serial=state.serial,
        manifest_digest=request.manifest_digest,
        policy_digest=request.policy_digest,
        created_at=now,
        valid_until=valid_until(
            changes, now=now, zone=zone, danger_window=request.context.options.margin
        ),
        timezone=request.timezone,
        service_zone=zone,
        changes=changes,
        quota=quota_of(changes, room),
        offline=listing is None,
        hashed=request.hashed,
        drift=refreshed.drift,
        doubts=settled.open,
        unmanaged=refreshed.unmanaged,
        wanted=len(request.desired),
        reach=audience_changes(
            changes, settled.state, label=request.context.label, now=now, whole=request.whole
        ),
        recorded={id: len(record.live) for id, record in settled.state.pushes.items()},
        waiting=waiting,
    )
    found = _findings(request, refreshed, plan)
    return replace(plan, diagnostics=(*request.diagnostics, *request.judge(found)))


def _by_service_clock(request: PlanRequest, listing: Listing | None) -> PlanRequest:
    """Go by the clock that delivers, where it is known to differ from this machine's."""
    if listing is None or not listing.ahead:
        return request
    now = int(request.context.now + listing.ahead)
    return replace(request, context=replace(request.context, now=now))


def _findings(request: PlanRequest, refreshed: Refreshed, plan: Plan) -> tuple[Diagnostic, ...]:
    """Return what is to be said of a plan as a whole, and of its changes beside the state."""
    now, zone, pushes = plan.created_at, plan.service_zone, refreshed.state.pushes
    wanted = {push.id for push in request.desired}
    return (
        *duplicates(plan.changes, refreshed, zone),
        *similar_tasks(plan.changes, refreshed.state, refreshed.unmanaged, now=now, zone=zone),
        *check_thresholds(plan, request.limits),
        *_lapses(request, refreshed.state, plan),
        *undeclared_renames(
            plan.changes,
            pushes,
            now,
            zone=zone,
            wanted=wanted,
            label=request.context.label,
        ),
        *still_written(plan.changes, wanted, request.not_included),
    )


def _changes(
    request: PlanRequest, refreshed: Refreshed, actual: Sequence[ActualTask]
) -> tuple[Change, ...]:
    """Return what has to change, and may: adopted, not beside its double, and asked for."""
    now, zone = request.context.now, request.context.horizon.zone
    changes = diff(request.desired, refreshed.state, request.context)
    changes = tuple(_with_adoption(change, refreshed.state, actual, request) for change in changes)
    changes = block_confusable(changes, refreshed.state, now, zone)
    changes = block_duplicates(changes, refreshed, zone)
    return tuple(change for change in changes if _selected(change, request))


def _lapses(request: PlanRequest, state: State, plan: Plan) -> Iterator[Diagnostic]:
    """Warn of recurrences that fall silent soon and that this plan does nothing about."""
    helped = {change.id for change in plan.changes if creates_of(change)}
    for item in lapsing_recurrences(request.desired, state.pushes, request.context):
        if item.id not in helped and item.missing is not None:
            silent = item.missed[0] if item.missed else item.missing
            day = local_day(silent, request.timezone)
            detail = (
                f"Nothing is scheduled of {item.id} from {day} on, and this plan does not change "
                "that."
            )
            fix = "apply without --target and --exclude, and make room if it waits for some"
            yield diagnostic("PSH216", detail, fix=fix, push=item.id)


def reconcile(
    request: PlanRequest, state: State, listing: Listing | None
) -> tuple[Settled, Refreshed]:
    """Settle and refresh the state by a look; without one, believe it.

    From here on, people have the names that are in force, whatever they were recorded under.
    """
    now, zone = request.context.now, request.context.horizon.zone
    people = (target for push in request.desired for target in push.targets)
    state = with_labels(state, hashed=request.hashed, people=people)
    if listing is None:
        return Settled(state, (), ()), Refreshed(state, (), (), ())
    settled = settle(state, listing, timeouts=request.timeouts, zone=zone)
    refreshed = refresh(
        settled.state, listing.actual, now=now, zone=zone, grace=request.timeouts.settle_time
    )
    return settled, refreshed


def _with_adoption(
    change: Change, state: State, actual: Sequence[ActualTask], request: PlanRequest
) -> Change:
    """Put an adoption in the place of the creation that it makes unnecessary."""
    task_id = request.adopts.get(change.id)
    late = isinstance(change, Blocked) and change.cause is BlockReason.PAST
    push = push_of(change)
    if task_id is None or push is None or not (isinstance(change, Create) or late):
        return change
    rivals = [id for id, wanted in request.adopts.items() if wanted == task_id]
    held = ((id, task) for id, record in state.pushes.items() for task in record.tasks)
    owners = [id for id, task in held if task.task_id == task_id]
    found = adopt(
        push,
        state.pushes.get(change.id),
        task_id,
        actual,
        generation=state.next_generation(change.id),
        labels=[request.context.label(target) for target in push.targets],
        now=request.context.now,
        zone=request.context.horizon.zone,
        owners=[id for id in dict.fromkeys((*owners, *rivals)) if id != change.id],
    )
    return found or change


def _selected(change: Change, request: PlanRequest) -> bool:
    wanted = not request.only or _named(change.id, request.only)
    return wanted and not _named(change.id, request.exclude)


def _named(id: str, names: frozenset[str]) -> bool:
    """Tell whether an entry is meant; `promo` means every instance `promo[...]` as well."""
    return id in names or id.partition("[")[0] in names
