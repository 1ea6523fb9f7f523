"""From desired, recorded and actual to a plan, in one pure step.

settle, refresh, diff, adopt, count, guard: the same function serves `plan`, which only shows, and
`apply`, which has looked and waited before it calls this.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.plan.change import Blocked, BlockReason, Change, Create, creates_of, push_of
from pushctl.plan.coverage import lapsing
from pushctl.plan.diff.diff import diff
from pushctl.plan.guards.audience_change import reach
from pushctl.plan.guards.duplicate_tasks import (
    block_confusable,
    block_duplicates,
    duplicates,
    similar_tasks,
)
from pushctl.plan.guards.quota import Waiting, fit, quota, room_of
from pushctl.plan.guards.thresholds import Limits, guard
from pushctl.plan.guards.undeclared_renames import suspicions
from pushctl.plan.inputs import Context
from pushctl.plan.plan import Plan, valid_until
from pushctl.plan.reconcile.adopt import adoption
from pushctl.plan.reconcile.in_doubt import Settled, settle
from pushctl.plan.reconcile.refresh import Refreshed, refresh
from pushctl.push.push import DesiredPush
from pushctl.push.task import ActualTask
from pushctl.schedule.service_schedule import local_day
from pushctl.state.state import State


@dataclass(frozen=True, slots=True)
class Look:
    """What the service listed, and when the look began (epoch seconds)."""

    actual: tuple[ActualTask, ...]
    at: float


@dataclass(frozen=True, slots=True)
class Wishes:
    """Everything a plan is made from besides the state and the look at the service.

    `soonest` lets the tasks wait for which the quota has no room. `adopts` maps an entry to the
    task it takes over. `only` and `exclude` restrict the plan to some entries. `settle_time` is in
    seconds. `whole` tells that the newest tasks were made by an apply that went to its end. `judge`
    leaves out of the plan's findings what the policy or an entry accepts; `diagnostics`, those
    about the manifest, are judged already.
    """

    app: str
    workspace: str
    env: str | None
    timezone: dt.tzinfo
    desired: tuple[DesiredPush, ...]
    context: Context
    limits: Limits
    manifest_digest: str
    policy_digest: str
    quota_limit: int = 100
    weigh_deliveries: bool = False
    soonest: bool = False
    settle_time: float = 30.0
    hashed: bool = False
    adopts: Mapping[str, str] = field(default_factory=dict)
    only: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    diagnostics: tuple[Diagnostic, ...] = ()
    whole: bool = False
    judge: Callable[[Iterable[Diagnostic]], Iterable[Diagnostic]] = tuple


def make_plan(wishes: Wishes, state: State, look: Look | None) -> Plan:
    """Return the plan. Without a look (offline) the state is taken at its word."""
    now, zone = wishes.context.now, wishes.context.horizon.zone
    settled, refreshed = believed(wishes, state, look)
    changes = _changes(wishes, refreshed, look.actual if look else ())
    room = room_of(
        refreshed.state,
        refreshed.unmanaged,
        changes,
        limit=wishes.quota_limit,
        now=now,
        zone=zone,
        weigh_deliveries=wishes.weigh_deliveries,
    )
    waiting: tuple[Waiting, ...] = ()
    if wishes.soonest:
        changes, waiting = fit(changes, room)
    plan = Plan(
        app=wishes.app,
        workspace=wishes.workspace,
        env=wishes.env,
        lineage=state.lineage,
        serial=state.serial,
        manifest_digest=wishes.manifest_digest,
        policy_digest=wishes.policy_digest,
        created_at=now,
        valid_until=valid_until(
            changes, now=now, zone=zone, danger_window=wishes.context.intent.margin
        ),
        timezone=wishes.timezone,
        service_zone=zone,
        changes=changes,
        quota=quota(changes, room),
        offline=look is None,
        hashed=wishes.hashed,
        drift=refreshed.drift,
        doubts=settled.open,
        unmanaged=refreshed.unmanaged,
        wanted=len(wishes.desired),
        reach=reach(
            changes, settled.state, label=wishes.context.label, now=now, whole=wishes.whole
        ),
        recorded={id: len(record.live) for id, record in settled.state.pushes.items()},
        waiting=waiting,
    )
    found = _findings(wishes, refreshed, plan)
    return replace(plan, diagnostics=(*wishes.diagnostics, *wishes.judge(found)))


def _findings(wishes: Wishes, refreshed: Refreshed, plan: Plan) -> tuple[Diagnostic, ...]:
    """Return what is to be said of a plan as a whole, and of its changes beside the state."""
    now, zone, pushes = plan.created_at, plan.service_zone, refreshed.state.pushes
    return (
        *duplicates(plan.changes, refreshed, zone),
        *similar_tasks(plan.changes, refreshed.state, refreshed.unmanaged, now=now, zone=zone),
        *guard(plan, wishes.limits),
        *_lapses(wishes, refreshed.state, plan),
        *suspicions(
            plan.changes,
            pushes,
            now,
            zone=zone,
            wanted={push.id for push in wishes.desired},
            label=wishes.context.label,
        ),
    )


def _changes(
    wishes: Wishes, refreshed: Refreshed, actual: Sequence[ActualTask]
) -> tuple[Change, ...]:
    """Return what has to change, and may: adopted, not beside its double, and asked for."""
    now, zone = wishes.context.now, wishes.context.horizon.zone
    changes = diff(wishes.desired, refreshed.state, wishes.context)
    changes = tuple(_adopted(change, refreshed.state, actual, wishes) for change in changes)
    changes = block_confusable(changes, refreshed.state, now, zone)
    changes = block_duplicates(changes, refreshed, zone)
    return tuple(change for change in changes if _selected(change, wishes))


def _lapses(wishes: Wishes, state: State, plan: Plan) -> Iterator[Diagnostic]:
    """Warn of recurrences that fall silent soon and that this plan does nothing about."""
    helped = {change.id for change in plan.changes if creates_of(change)}
    for item in lapsing(wishes.desired, state.pushes, wishes.context):
        if item.id not in helped and item.missing is not None:
            silent = item.missed[0] if item.missed else item.missing
            day = local_day(silent, wishes.timezone)
            yield Diagnostic(
                Severity.WARNING,
                "PSH216",
                "A recurrence falls silent",
                f"Nothing is scheduled of {item.id} from {day} on, and this plan does not change "
                "that.",
                fix="apply without --target and --exclude, and make room if it waits for some",
                push=item.id,
            )


def believed(wishes: Wishes, state: State, look: Look | None) -> tuple[Settled, Refreshed]:
    """Settle and refresh the state by a look; without one, believe it."""
    now, zone = wishes.context.now, wishes.context.horizon.zone
    if look is None:
        return Settled(state, (), ()), Refreshed(state, (), (), ())
    settled = settle(
        state, look.actual, listed_at=look.at, settle_time=wishes.settle_time, zone=zone
    )
    refreshed = refresh(settled.state, look.actual, now=now, zone=zone, grace=wishes.settle_time)
    return settled, refreshed


def _adopted(change: Change, state: State, actual: Sequence[ActualTask], wishes: Wishes) -> Change:
    """Put an adoption in the place of the creation that it makes unnecessary."""
    task_id = wishes.adopts.get(change.id)
    late = isinstance(change, Blocked) and change.cause is BlockReason.PAST
    push = push_of(change)
    if task_id is None or push is None or not (isinstance(change, Create) or late):
        return change
    rivals = [id for id, wanted in wishes.adopts.items() if wanted == task_id]
    held = ((id, task) for id, record in state.pushes.items() for task in record.tasks)
    owners = [id for id, task in held if task.task_id == task_id]
    found = adoption(
        push,
        state.pushes.get(change.id),
        task_id,
        actual,
        generation=state.next_generation(change.id),
        labels=[wishes.context.label(target) for target in push.targets],
        now=wishes.context.now,
        zone=wishes.context.horizon.zone,
        owners=[id for id in dict.fromkeys((*owners, *rivals)) if id != change.id],
    )
    return found or change


def _selected(change: Change, wishes: Wishes) -> bool:
    wanted = not wishes.only or _named(change.id, wishes.only)
    return wanted and not _named(change.id, wishes.exclude)


def _named(id: str, names: frozenset[str]) -> bool:
    """Tell whether an entry is meant; `promo` means every instance `promo[...]` as well."""
    return id in names or id.partition("[")[0] in names
