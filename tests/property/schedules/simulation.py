"""A project and its emulated service in one process, with virtual time and without HTTP.

Everything that decides is the product's own: the manifest is read and compiled, `Project` says what
is wanted, the planner plans and the engine applies. The service is the sandbox, called where its
HTTP interface would call it. Left out is what lies between the two, the files and the lock; other
tests are about those. That makes two years of weekly runs affordable for thousands of entries.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pushctl.apply.context import ApplyOptions
from pushctl.apply.executor import apply_plan
from pushctl.apply.observe import Observer
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.output import Output
from pushctl.cli.planning.plan_options import PlanOptions
from pushctl.cli.project.project import Project
from pushctl.cli.service import settings as service_settings
from pushctl.cli.service.clock import CommandClock
from pushctl.manifest.read import read_manifest
from pushctl.manifest.resolved import Reading
from pushctl.mpaas.interface import (
    Accepted,
    CancelOutcome,
    Created,
    CreateOutcome,
    Objection,
    Refused,
    no_objection,
)
from pushctl.plan.change import Blocked
from pushctl.plan.planner import make_plan
from pushctl.push.push import Parameter
from pushctl.push.task import ActualTask, Delivery
from pushctl.sandbox.clock import frozen_at
from pushctl.sandbox.errors import RefusedError
from pushctl.sandbox.faults import ActiveFaults
from pushctl.sandbox.knobs import accept_knobs
from pushctl.sandbox.service import push, scheduler
from pushctl.sandbox.storage.database import Database
from pushctl.sandbox.storage.store import Store
from tests.fakes import MemoryStateStore
from tests.property.schedules import oracle
from tests.property.schedules.strategies import Schedule

APP = {"AppId": "ONEX0000000000000", "WorkspaceId": "test"}
VERSION = "2020-10-28"
NOTHING_WRONG = ActiveFaults()
QUOTA = 1_000_000
PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a project lives: zones by name, and how its service is.

    It looks `horizon_days` ahead; `month31` is what it makes of days that a month does not have.
    """

    start: int
    zone: str
    service_zone: str
    horizon_days: int
    month31: str

    @property
    def knobs(self) -> dict[str, str | int]:
        """Return the sandbox's settings."""
        return {
            "service_timezone": self.service_zone,
            "window_days": self.horizon_days,
            "month31": self.month31,
            "quota.limit": QUOTA,
            "max_page_size": PAGE,
        }


class Emulated:
    """The sandbox behind the port, and its clock. See `PushService` and `Clock`."""

    clock_offset: float | None = None
    sandbox = None  # the service it stands for is the real one

    def __init__(self, setting: Setting) -> None:
        knobs = accept_knobs(setting.knobs)
        self._service = Store(Database(None), frozen_at(setting.start), knobs)
        self._now = float(setting.start)

    def close(self) -> None:
        self._service.close()

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self.set(self._now + max(0.0, seconds))

    def set(self, now: float) -> None:
        """Let time pass until a moment; what is due is delivered."""
        self._now = now
        with self._service.session() as session:
            session.set_clock(frozen_at(now))
            session.fire_due()

    def create(
        self, parameters: Mapping[str, Parameter], objection: Objection = no_objection
    ) -> CreateOutcome:
        decoded = {
            name: json.loads(value) if name in ("TargetMsgkey", "StrategyContent") else value
            for name, value in parameters.items()
            if isinstance(value, str | int)
        }
        try:
            with self._service.session() as session:
                asked = {**APP, **decoded}
                answer = push.push_simple(session, asked, VERSION, NOTHING_WRONG)
        except RefusedError as error:
            return Refused(error.code, error.detail, "")
        return Created(cast(dict[str, Any], answer["PushResult"])["Data"], "")

    def cancel(self, task_id: str, objection: Objection = no_objection) -> CancelOutcome:
        with self._service.session() as session:
            scheduler.cancel(session, {**APP, "UniqueIds": task_id}, VERSION, NOTHING_WRONG)
        return Accepted("")

    def revoke(self, message_key: str, target: str) -> CancelOutcome:
        raise AssertionError("an apply withdraws nothing")

    def list(self, *, since: int, until: int, task_id: str | None = None) -> Sequence[ActualTask]:
        bounds: dict[str, object] = {
            "StartTime": since * 1000,
            "EndTime": until * 1000,
            "PageSize": PAGE,
            "UniqueId": task_id or "",
        }
        grouped: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        number, total = 1, 1
        while PAGE * (number - 1) < total:
            with self._service.session() as session:
                asked = {**APP, **bounds, "PageNumber": number}
                answer = scheduler.query_list(session, asked, VERSION, NOTHING_WRONG)
            data = cast(dict[str, Any], answer["ResultContent"])["Data"]
            for row in data["List"]:
                grouped[row["ParentId"]].append(row)
            number, total = number + 1, data["TotalCount"]
        found = (_task(rows) for rows in grouped.values())
        return sorted(found, key=lambda task: (task.deliveries[0].at, task.task_id))

    def delivered(self) -> dict[str, list[int]]:
        """Return the moments (epoch seconds, rising) at which each target got something."""
        found: dict[str, list[int]] = defaultdict(list)
        with self._service.session() as session:
            rows = session.db.execute("SELECT target, at_ms FROM deliveries ORDER BY at_ms")
            for target, at_ms in rows:
                seconds, rest = divmod(at_ms, 1000)
                assert not rest
                found[target].append(seconds)
        return found


def _task(rows: list[dict[str, Any]]) -> ActualTask:
    first = rows[0]
    return ActualTask(
        task_id=first["ParentId"],
        title=first["PushTitle"],
        content=first["PushContent"],
        delivery_type=first["DeliveryType"],
        strategy_type=first["StrategyType"],
        created_at=first["GmtCreate"] // 1000,
        deliveries=tuple(
            sorted(
                (Delivery(row["PushTime"] // 1000, row["ExecutedStatus"] == "1") for row in rows),
                key=lambda delivery: delivery.at,
            )
        ),
    )


class SimulatedProject:
    """A folder with a manifest, a state, and an emulated service. Use it as a context manager."""

    def __init__(self, folder: Path, setting: Setting) -> None:
        self._folder = folder
        self._setting = setting
        self._service = Emulated(setting)
        self._store = MemoryStateStore()
        self._reading: Reading | None = None

    def __enter__(self) -> SimulatedProject:
        return self

    def __exit__(self, *_: object) -> None:
        self._service.close()

    def now(self) -> int:
        return int(self._service.now())

    def wait_until(self, moment: int) -> None:
        """Let time pass until a moment (epoch seconds)."""
        self._service.set(moment)

    def delivered(self) -> Mapping[str, list[int]]:
        """Return the moments (epoch seconds, rising) at which each entry was delivered."""
        return self._service.delivered()

    def write(self, schedules: Mapping[str, Schedule], calendars: oracle.Calendars) -> None:
        """Put a manifest into the folder."""
        write(self._folder, self._setting, schedules, calendars)
        self._reading = read_manifest(self._folder)

    def apply(self) -> set[str]:
        """Do what `pushctl apply --yes --force` does; return the ids that were left alone."""
        reading = self._reading
        assert reading is not None
        assert reading.manifest is not None, reading.diagnostics
        clock = cast(CommandClock, self._service)
        project = Project(
            options=GlobalOptions(self._folder, "pushctl.yaml", None, Output()),
            store=self._store,
            app=reading.manifest.app.id,
            workspace=reading.manifest.app.workspace,
            settings=service_settings.of_manifest(reading.manifest, {}),
            clock=clock,
            parsed=reading,
        )
        with self._store.lock("apply") as lease:
            seen = Observer(
                lease, self._service, clock, project.observe_options, _say_nothing
            ).catch_up()
            plan_request = project.plan_request(lease.state, PlanOptions(force=True))
            plan = make_plan(plan_request, lease.state, seen)
            result = apply_plan(
                plan,
                seen,
                lease=lease,
                service=self._service,
                clock=clock,
                options=ApplyOptions(project.observe_options, parallelism=1),
                emit=_say_nothing,
                stop=threading.Event(),
            )
        assert not result.failures, result.failures
        assert not result.in_doubt, result.in_doubt
        return {change.id for change in plan.changes if isinstance(change, Blocked)}


def write(
    folder: Path,
    setting: Setting,
    schedules: Mapping[str, Schedule],
    calendars: oracle.Calendars,
) -> None:
    """Write a manifest of one entry per schedule; each is sent to one user of the same name."""
    (folder / "calendars").mkdir(exist_ok=True)
    for name, days in calendars.items():
        lines = "".join(f"{first}..{last}\n" for first, last in days)
        (folder / "calendars" / f"{name}.txt").write_text(lines, "utf-8")
    manifest = {
        "version": 1,
        "app": {
            "id": APP["AppId"],
            "workspace": APP["WorkspaceId"],
            "endpoint": "sandbox",
            "service_timezone": setting.service_zone,
            "quota": {"limit": QUOTA},
            "behaviour": {"horizon_days": setting.horizon_days},
        },
        "timezone": setting.zone,
        "calendars": {name: f"calendars/{name}.txt" for name in calendars},
        "pushes": {
            id: {
                "schedule": schedule,
                "to": {"users": [id]},
                "message": {"title": id, "body": "Hello"},
            }
            for id, schedule in schedules.items()
        },
    }
    # JSON is YAML too, and sooner written.
    (folder / "pushctl.yaml").write_text(json.dumps(manifest, indent=1), "utf-8")


def _say_nothing(progress: object) -> None:
    """Leave reports unread."""
