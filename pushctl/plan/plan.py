"""A plan: the changes, bound to one snapshot, one manifest and one moment. Pure data."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

from msgspec import Struct, field

from pushctl.diagnostics import Diagnostic
from pushctl.plan.change import (
    Action,
    Adopt,
    Blocked,
    BlockReason,
    Change,
    NoOp,
    Rename,
    action_of,
    cancels_of,
    creates_of,
    push_of,
)
from pushctl.plan.guards.audience_change import AudienceChange
from pushctl.plan.guards.quota import Quota, Waiting
from pushctl.plan.origin import Origin
from pushctl.plan.reconcile.in_doubt import Doubt
from pushctl.plan.reconcile.refresh import Drift, DriftKind
from pushctl.push.identity import digest
from pushctl.push.task import ActualTask
from pushctl.schedule.service_schedule import next_delivery


class Plan(Struct, frozen=True, dict=True):
    """What `apply` would do, and everything a reviewer needs to judge it.

    Instants are epoch seconds. `valid_until` is None if nothing in the plan ages. `offline` tells
    that the service was not asked, so that `quota`, `drift` and `unmanaged` are only what the
    state knows. `recorded` counts the live tasks of every recorded entry, `wanted` the entries of
    the manifest, `reach` the people. `refresh_only` tells that the changes were left out on
    purpose. `waiting` is what the quota has no room for yet. `origins` says where the changes come
    from, by id, compared with the version `base` (a name and its commit); both are empty unless
    that was asked for.
    """

    app: str
    workspace: str
    env: str | None
    lineage: str
    serial: int
    manifest_digest: str
    policy_digest: str
    created_at: int
    valid_until: int | None
    timezone: dt.tzinfo
    service_zone: dt.tzinfo
    changes: tuple[Change, ...]
    quota: Quota
    offline: bool = False
    hashed: bool = False
    drift: tuple[Drift, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    unmanaged: tuple[ActualTask, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    recorded: Mapping[str, int] = field(default_factory=dict)
    wanted: int = 0
    reach: tuple[AudienceChange, ...] = ()
    refresh_only: bool = False
    waiting: tuple[Waiting, ...] = ()
    base: str | None = None
    origins: Mapping[str, Origin] = field(default_factory=dict)

    @cached_property
    def effective(self) -> tuple[Change, ...]:
        """The changes that are more than a no-op."""
        return tuple(change for change in self.changes if not isinstance(change, NoOp))

    @cached_property
    def blocked(self) -> tuple[Blocked, ...]:
        """The changes that must not happen."""
        return tuple(change for change in self.changes if isinstance(change, Blocked))

    @cached_property
    def stopping(self) -> tuple[Blocked, ...]:
        """The blocks that forbid the whole plan; an entry in doubt only keeps itself back."""
        return tuple(item for item in self.blocked if item.cause is not BlockReason.IN_DOUBT)

    @cached_property
    def counts(self) -> dict[Action, int]:
        """How many changes there are of each kind, all kinds named."""
        counted = Counter(action_of(change) for change in self.changes)
        return {action: counted[action] for action in Action}

    @cached_property
    def actions_digest(self) -> str:
        """Digest of what would be done, to the last target, without today's windows.

        Equal digests mean that an approved plan and a plan made just now do the same. A recurrence
        may need a task more tomorrow, when one more day is within reach; what is missing because
        the service lost it, or because it has no room, is told apart.
        """
        facts = [action_facts(change) for change in self.effective]
        ids = {change.id for change in self.effective}
        ids |= {change.before for change in self.effective if isinstance(change, Rename)}
        gone = sorted(
            [item.id, *item.slot]
            for item in self.drift
            if item.kind is DriftKind.GONE and item.id in ids
        )
        return digest([facts, gone, sorted([item.id, item.tasks] for item in self.waiting)])


def action_facts(change: Change) -> list[object]:
    """Return what a change would do, to the last target, without today's windows."""
    push = push_of(change)
    return [
        action_of(change),
        change.id,
        change.before if isinstance(change, Rename) else None,
        change.task.task_id if isinstance(change, Adopt) else None,
        push.fingerprint if push else None,
        sorted([*task.slot, task.task_id] for task in cancels_of(change)),
        sorted(
            {
                (task.slot.chunk, task.slot.generation, *sorted(task.message_keys))
                for task in creates_of(change)
            }
        ),
    ]


def valid_until(
    changes: Iterable[Change], *, now: int, zone: dt.tzinfo, danger_window: int
) -> int | None:
    """Return when a plan gets too old to apply: the danger window before its first delivery.

    Both are epoch seconds; `danger_window` is in seconds. None if nothing would be delivered.
    """
    moments = [
        at
        for change in changes
        for schedule in (
            *(task.schedule for task in creates_of(change)),
            *(task.schedule for task in cancels_of(change)),
        )
        if (at := next_delivery(schedule, now, zone)) is not None
    ]
    return min(moments) - danger_window if moments else None
