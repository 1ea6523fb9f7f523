"""Values for tests: say what matters, the rest is plausible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from pushctl.mpaas.encode import encoded
from pushctl.plan.guards.thresholds import Thresholds
from pushctl.plan.inputs import DiffOptions, PlanContext
from pushctl.plan.planner import PlanRequest
from pushctl.push.identity import message_key
from pushctl.push.message import Audience, AudienceKind, Message
from pushctl.push.push import Meta, OnChange, Push, Source
from pushctl.push.task import ActualTask, Delivery, strategy_type
from pushctl.schedule.recurrence import Declared, Recurrence
from pushctl.schedule.rule import Freq, Rule
from pushctl.schedule.service_schedule import Every, Horizon, Loop, OneShot, Schedule, deliveries
from pushctl.state.state import Match, Phase, PushRecord, State, TaskRecord
from tests.fakes import ZONE

NOW = 1_780_000_000
"""2026-05-29 04:26:40 in the service's zone."""

HOUR = 3600
DAY = 86_400
TODAY = dt.date(2026, 5, 29)
HORIZON = Horizon(ZONE)


def people(count: int, prefix: str = "u") -> tuple[str, ...]:
    return tuple(f"{prefix}{number:03d}" for number in range(count))


def once(seconds: int = DAY) -> OneShot:
    """A one-shot, so many seconds from now."""
    return OneShot(NOW + seconds)


def daily(
    time: str = "09:00",
    first: dt.date | None = None,
    last: dt.date | None = None,
    **fields: Any,
) -> Recurrence:
    """Every day at a time of the service's zone."""
    return Recurrence(Rule(Freq.DAILY), (dt.time.fromisoformat(time),), ZONE, first, last, **fields)


def loop(time: str, first: dt.date, last: dt.date) -> Loop:
    """A daily loop as it is sent."""
    return Loop(Every.DAY, (), dt.time.fromisoformat(time), first, last)


def as_sent(schedule: Schedule | Recurrence) -> Schedule:
    """A daily recurrence with both its days is sent as one loop."""
    if not isinstance(schedule, Recurrence):
        return schedule
    if schedule.first is None or schedule.last is None:
        raise ValueError("say the window of a recorded loop")
    (time,) = schedule.times
    return Loop(Every.DAY, (), time, schedule.first, schedule.last)


def days(count: int) -> dt.date:
    """The day so many days from today."""
    return TODAY + dt.timedelta(days=count)


def desired(
    id: str = "promo",
    *,
    schedule: Declared | None = None,
    targets: Iterable[str] = ("ann",),
    title: str = "Title",
    content: str = "Content",
    meta: Meta | None = None,
    enabled: bool = True,
    on_change: OnChange = OnChange.REPLACE,
    **spec: Any,
) -> Push:
    return Push(
        id=id,
        name=id,
        message=Message(title, content),
        audience=Audience(AudienceKind.USERS, tuple(targets)),
        schedule=once() if schedule is None else schedule,
        expires_after=600,
        spec={"title": title, "body": content, **spec},
        source=Source("pushctl.yaml", 1),
        encode=encoded,
        meta=meta or Meta(),
        enabled=enabled,
        on_change=on_change,
    )


MESSAGE = set(Message.__struct_fields__)


def changed(push: Push, **changes: Any) -> Push:
    """Change fields of a push, of its message or its audience; its fingerprint follows."""
    message = {name: changes.pop(name) for name in [*changes] if name in MESSAGE}
    audience = {name: changes.pop(name) for name in ("kind", "targets") if name in changes}
    return replace(
        push,
        message=replace(push.message, **message),
        audience=replace(push.audience, **audience),
        **changes,
    )


def task(
    push: Push | None = None,
    *,
    chunk: int = 0,
    segment: int = 0,
    generation: int = 1,
    phase: Phase = Phase.SCHEDULED,
    task_id: str | None = None,
    targets: Iterable[str] | None = None,
    schedule: Schedule | Recurrence | None = None,
    began_at: int = NOW - HOUR,
    over_at: int | None = None,
    known: Iterable[str] = (),
) -> TaskRecord:
    push = push or desired()
    sent = as_sent(schedule or push.schedule)
    times = deliveries(sent, ZONE)
    creating = phase is Phase.CREATING
    if task_id is None:
        task_id = "" if creating else f"T-{push.id}-{chunk}-{segment}-{generation}"
    match = Match(push.message.title, push.message.body, 3, tuple(known))
    return TaskRecord(
        chunk=chunk,
        segment=segment,
        generation=generation,
        phase=phase,
        fingerprint=push.content,
        targets={
            target: message_key(
                lineage="lineage",
                id=push.id,
                generation=generation,
                chunk=chunk,
                segment=segment,
                target=target,
            )
            for target in (push.targets if targets is None else targets)
        },
        schedule=sent,
        first=times[0] if times else None,
        last=times[-1] if times else None,
        began_at=began_at,
        match=match if creating else None,
        task_id=task_id,
        created_at=None if creating else began_at,
        over_at=over_at,
    )


def recorded(push: Push | None = None, *tasks: TaskRecord, stopped: bool = False) -> PushRecord:
    push = push or desired()
    return PushRecord(
        generation=max((item.generation for item in tasks), default=1),
        fingerprint=push.fingerprint,
        spec=push.spec,
        meta=push.meta,
        tasks=tasks,
        stopped_at=NOW - HOUR if stopped else None,
        stopped_as=push.fingerprint if stopped else None,
    )


def state(
    pushes: Mapping[str, PushRecord] | None = None,
    *,
    retired: Mapping[str, int] | None = None,
    serial: int = 1,
) -> State:
    return State("lineage", "app", "workspace", serial, dict(pushes or {}), dict(retired or {}))


def scheduled(push: Push, **changes: Any) -> State:
    """The state in which one entry is scheduled as one task."""
    return state({push.id: recorded(push, task(push, **changes))})


def actual(
    record: TaskRecord, *, title: str = "Title", now: int = NOW, **changes: Any
) -> ActualTask:
    """What the service lists of a recorded task."""
    facts: dict[str, Any] = {
        "task_id": record.task_id,
        "title": title,
        "content": "Content",
        "delivery_type": 3,
        "strategy_type": strategy_type(record.schedule),
        "created_at": record.created_at or record.began_at,
        "deliveries": tuple(Delivery(at, at <= now) for at in deliveries(record.schedule, ZONE)),
    }
    return ActualTask(**{**facts, **changes})


def context(
    now: int = NOW,
    *,
    label: Callable[[str], str] = str,
    horizon: Horizon = HORIZON,
    moved: Mapping[str, str] | None = None,
    **intent: Any,
) -> PlanContext:
    return PlanContext(now, horizon, DiffOptions(dict(moved or {}), **intent), label)


def plan_request(*pushes: Push, now: int = NOW, **changes: Any) -> PlanRequest:
    given: dict[str, Any] = {
        "app": "app",
        "workspace": "workspace",
        "env": None,
        "timezone": ZONE,
        "desired": pushes,
        "context": context(now),
        "limits": Thresholds(),
        "manifest_digest": "manifest",
        "policy_digest": "policy",
    }
    return PlanRequest(**{**given, **changes})
