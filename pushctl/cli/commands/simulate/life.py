"""Lives a manifest through: a sandbox in memory, a clock that jumps, and an apply a day."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading

from msgspec.structs import replace

from pushctl.apply.context import ApplyOptions
from pushctl.apply.executor import apply_plan
from pushctl.apply.observe import Observer
from pushctl.cli.debug_log import Debug
from pushctl.cli.planning.plan_options import PlanOptions
from pushctl.cli.project.project import Project
from pushctl.cli.service.clock import CommandClock
from pushctl.cli.service.endpoint import EMBEDDED, Endpoint
from pushctl.errors import ManifestError
from pushctl.plan.change import BlockReason
from pushctl.plan.coverage import coverage
from pushctl.plan.diff.due_deliveries import covered_until
from pushctl.plan.plan import Plan
from pushctl.plan.planner import PlanRequest, make_plan
from pushctl.push.push import Push
from pushctl.sandbox.testing import PushSandbox
from pushctl.schedule.recurrence import Recurrence
from pushctl.state.memory_lease import MemoryLease
from pushctl.state.state import State

DAY = 86400

OPTIONS = PlanOptions(send_late=True, now_or_never=True, allow_immediate=True, force=True)
"""Nobody is there who could be asked, and no phone will ring."""


class JumpingClock(CommandClock):
    """Stands still until `at` (epoch seconds) is set; who sleeps is not waited for."""

    at = 0.0

    def now(self) -> float:
        """See `pushctl.clock.Clock`."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """See `pushctl.clock.Clock`."""
        self.at += seconds


class Life:
    """A manifest at a sandbox of its own, from the project's moment on; nothing is scheduled yet.

    `left` says by id why a push was not delivered as it is declared; `applies` is how often it was
    applied.
    """

    def __init__(self, project: Project, sandbox: PushSandbox) -> None:
        """Begin; calls nothing yet."""
        self.began = int(project.clock.now())
        self._sandbox, self._clock = sandbox, JumpingClock()
        # Its calls are told to nobody: they change nothing that outlives the command.
        self._project = replace(
            project,
            options=dataclasses.replace(project.options, debug=Debug()),
            settings=replace(project.settings, endpoint=EMBEDDED),
            clock=self._clock,
            endpoint=Endpoint(sandbox.url, True),
        )
        self._service = self._project.service()
        self._lease = MemoryLease(State("simulation", project.app, project.workspace, serial=1))
        self._stuck: set[str] = set()
        self.left: dict[str, str] = {}
        self.applies = 0

    def live(self, until: int) -> None:
        """Go on to an instant (epoch seconds), applying on the way as a daily job would."""
        due: int | None = self.began
        while due is not None and due < until:
            self._move(due)
            try:
                request, plan = self._apply()
            except ManifestError as error:
                if not self.applies:
                    raise
                # Something in it was valid until a day that has passed.
                day = dt.datetime.fromtimestamp(self._clock.at, self._project.zone).date()
                why = f"cannot be applied any more on {day}: {error.diagnostics[0].summary}"
                self.left[self._project.options.file] = why
                break
            due = self._next_apply(request, plan)
            before = until if due is None else min(due, until)
            full = f"no room in time: the quota is {plan.quota.limit} tasks"
            self.left |= {item.id: full for item in plan.waiting if item.first < before}
        self._move(until)

    def _move(self, to: int) -> None:
        self._clock.at = float(to)
        self._sandbox.clock.to(dt.datetime.fromtimestamp(to, dt.UTC))

    def _apply(self) -> tuple[PlanRequest, Plan]:
        ports = (self._lease, self._service, self._clock)
        observing = self._project.observe_options
        seen = Observer(*ports, observing, lambda item: None).catch_up()
        made = self._project.plan_request(self._lease.state, OPTIONS)
        options = replace(made.context.options, send_late=False)
        request = replace(made, context=replace(made.context, options=options), soonest=True)
        plan = make_plan(request, self._lease.state, seen)
        done = apply_plan(
            *(plan, seen),
            lease=self._lease,
            service=self._service,
            clock=self._clock,
            # One at a time, so that what goes out at the same moment has an order.
            options=ApplyOptions(observing, parallelism=1, now_or_never=True),
            emit=lambda item: None,
            stop=threading.Event(),
        )
        self.applies += 1
        refused = {item.id: item.reason for item in (*done.failures, *done.in_doubt)}
        refused |= {x.id: x.reason for x in plan.blocked if x.cause is not BlockReason.PAST}
        self.left |= refused
        self._stuck = set(refused)
        return request, plan

    def _next_apply(self, request: PlanRequest, plan: Plan) -> int | None:
        """Return the first of the next days on which a plan may have something to do.

        While something waits for room, that is when the next task is over.
        """
        found = [at for push in request.desired if (at := self._renewal(push, request)) is not None]
        if plan.waiting:
            live = [task for push in self._lease.state.pushes.values() for task in push.live]
            found = [task.last + 1 for task in live if task.last is not None]
            found += [0] if request.weigh_deliveries else []  # each delivery makes room
        days = (min(found) - self.began + DAY - 1) // DAY if found else 0
        return max(int(self._clock.at) + DAY, self.began + days * DAY) if found else None

    def _renewal(self, push: Push, request: PlanRequest) -> int | None:
        """Return when more of a recurrence can be scheduled; None if nothing is left of it."""
        record, context = self._lease.push(push.id), request.context
        if not isinstance(push.schedule, Recurrence) or push.id in self._stuck:
            return None
        found = coverage(push, record, context)
        if found is None or found.missing is None:
            return None
        reach = covered_until(record.live) if record is not None else None
        margin = min(context.options.renew_before, context.horizon.days * DAY // 2)
        return (found.missing if reach is None else reach) - margin
