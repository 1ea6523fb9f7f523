"""Runs of `plan`, `apply`, `stop` and `resume` in memory, against fakes and without a manifest."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from pushctl.apply.context import ApplyCounters, ApplyOptions
from pushctl.apply.executor import apply_plan
from pushctl.apply.observe import ObserveOptions, Observer
from pushctl.apply.result import ApplyResult, Progress
from pushctl.apply.stop import resume_pushes, stop_pushes
from pushctl.mpaas.interface import PushService
from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.plan.reconcile.in_doubt import Timeouts
from pushctl.plan.stop import StopReport
from pushctl.push.push import Push
from pushctl.schedule.service_schedule import Horizon
from pushctl.state.interface import StateStore
from pushctl.state.state import State
from tests.builders import context, plan_request, state
from tests.fakes import ZONE, FakeClock, FakePushService, MemoryStateStore

SETTLE_TIME = 30.0


@dataclass(frozen=True)
class Run:
    """What one apply planned, did and reported."""

    plan: Plan
    result: ApplyResult
    progress: tuple[Progress, ...]

    def told(self, type: str) -> list[str | None]:
        """The entries about which something was reported, in order."""
        return [item.id for item in self.progress if item.type == type]


@dataclass
class Bench:
    """A service, a clock and a state on which runs are made."""

    service: FakePushService = field(default_factory=FakePushService)
    store: StateStore = field(default_factory=MemoryStateStore)
    clock: FakeClock | None = None
    parallelism: int = 1
    settle_time: float = SETTLE_TIME
    call_delay: float = 0.0
    stop: threading.Event = field(default_factory=threading.Event)
    through: PushService | None = None
    plans: list[Plan] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = self.clock or FakeClock(self.service)

    @property
    def observe_options(self) -> ObserveOptions:
        return ObserveOptions(Horizon(ZONE), self.timeouts)

    @property
    def timeouts(self) -> Timeouts:
        return Timeouts(self.settle_time, call_delay=self.call_delay)

    @property
    def state(self) -> State:
        return self.store.read() or state()

    def plan(self, *pushes: Push, **intent: Any) -> Plan:
        """Plan without applying, on a look of the moment."""
        return self.apply(*pushes, dry=True, **intent).plan

    def apply(self, *pushes: Push, dry: bool = False, more: Any = None, **intent: Any) -> Run:
        """Catch up, plan, and carry the plan out whatever it says."""
        assert self.clock is not None
        progress: list[Progress] = []
        service = self.through or self.service
        with self.store.lock("apply") as lease:
            seen = Observer(
                lease, service, self.clock, self.observe_options, progress.append
            ).catch_up()
            wanted = plan_request(*pushes, context=context(int(self.clock.now()), **intent))
            wanted = replace(wanted, timeouts=self.timeouts, **(more or {}))
            plan = make_plan(wanted, lease.state, seen)
            self.plans.append(plan)
            if dry:
                return Run(plan, ApplyResult({}, (), (), False, False, 0, 0), tuple(progress))
            result = apply_plan(
                plan,
                seen,
                lease=lease,
                service=service,
                clock=self.clock,
                options=ApplyOptions(
                    self.observe_options,
                    parallelism=self.parallelism,
                    now_or_never=bool(intent.get("now_or_never")),
                ),
                emit=progress.append,
                stop=self.stop,
            )
        return Run(plan, result, tuple(progress))

    def halt(
        self, *ids: str, revoke: bool = False, wanted: Mapping[str, str] | None = None
    ) -> tuple[StopReport, ApplyCounters]:
        """Do what one run of `pushctl stop` does."""
        assert self.clock is not None
        with self.store.lock("stop") as lease:
            names = {
                label: label
                for record in lease.state.pushes.values()
                for task in record.tasks
                for label in task.targets
            }
            return stop_pushes(
                ids,
                lease=lease,
                service=self.through or self.service,
                clock=self.clock,
                options=ApplyOptions(
                    self.observe_options, parallelism=self.parallelism, now_or_never=True
                ),
                emit=lambda item: None,
                stop=self.stop,
                endpoint="sandbox",
                wanted=lambda: wanted,
                revoke=names if revoke else None,
            )

    def resume(self, *ids: str) -> tuple[str, ...]:
        """Let entries run again."""
        with self.store.lock("resume") as lease:
            return resume_pushes(ids, lease)

    def until_quiet(self, *pushes: Push, runs: int = 6, **intent: Any) -> None:
        """Run until there is nothing left to do; fail if that takes too long."""
        for _ in range(runs):
            run = self.apply(*pushes, **intent)
            if not run.plan.effective:
                return
        raise AssertionError(f"still not quiet: {run.plan.changes}")
