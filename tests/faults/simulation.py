"""A folder with a manifest, and an emulated service: everything that outlives a process.

`Simulation.run` is one run of the real command line in this process: from YAML to the HTTP client,
to HTTP, to the files, everything is the product's own. Only three edges are replaced, all of them
in `_edges`: the clock, so that no second is waited for; the adapter, so that its calls can be
counted and go astray; and the handling of signals, which only a main thread may do. The patience
with somebody who is in the middle of a write is shortened.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO, cast
from unittest import mock

from pushctl.cli import main, signals
from pushctl.cli.output import Unfailing
from pushctl.cli.service import clock, sandbox_clock
from pushctl.cli.service.clock import CommandClock
from pushctl.masking import masked
from pushctl.mpaas import client as cloud
from pushctl.push.task import ActualTask, Delivery
from pushctl.sandbox import Sandbox
from pushctl.state.file import lock
from tests.faults.chain import BEAT_EVERY, ChainEngine
from tests.faults.disk import Disk
from tests.faults.effects import Crash, Effects, system_error, watched
from tests.faults.engines import ENGINES
from tests.faults.misbehaviour import EVERYTHING, MisbehavingService
from tests.faults.modes import Fits, Mode
from tests.faults.sandbox_control import SandboxControl
from tests.faults.service_calls import InterceptedService, ServiceConnections

NOW = "2026-12-01T09:00:00+08:00"
SETTLE_TIME = "30s"

LONGEST_WAIT = 240
"""Virtual seconds that nobody should have to wait for one thing, whatever a clock says."""


@dataclass(frozen=True)
class Ran:
    """What a run left; `code` is None if it was killed.

    `waited` is for how many seconds it slept at most without getting any further.
    """

    arguments: tuple[str, ...]
    code: int | None
    out: str
    err: str
    waited: float = 0.0

    def __str__(self) -> str:
        said = "killed" if self.code is None else f"exit {self.code}"
        return f"$ pushctl {' '.join(self.arguments)}\n{self.out}{self.err}[{said}]"


class Reader(io.StringIO):
    """Keeps what a run prints, as long as somebody reads it."""

    def __init__(self, effects: Effects) -> None:
        super().__init__()
        self._effects = effects

    def write(self, text: str) -> int:
        if self._effects.unheard is not None:
            raise system_error(self._effects.unheard)
        return super().write(text)


class Patience:
    """Measures how long a run sleeps without getting any further, and kills it in the end."""

    def __init__(self, effects: Effects) -> None:
        self._effects = effects
        self._steps = -1
        self._waited = self.longest = 0.0

    def slept(self, seconds: float) -> None:
        """Count a sleep; to look at the list is no step."""
        steps = sum(name not in ("list", "put beat") for name in self._effects.names)
        if steps != self._steps:
            self._steps, self._waited = steps, 0.0
        self._waited += seconds
        self.longest = max(self.longest, self._waited)
        if self.longest > LONGEST_WAIT:
            self._effects.dead = True
            raise Crash("waited")


class Simulation:
    """Use it as a context manager: it listens on a port while it lives."""

    def __init__(self, folder: Path, *, now: str = NOW, engine: str = "") -> None:
        """Make an empty system; `folder` must exist. Without an engine the state is in files."""
        self.folder = folder.absolute()
        self.sandbox = Sandbox(now=now, unsigned="accept", max_page_size=EVERYTHING).start()
        self.service = MisbehavingService(self.sandbox)
        self.control = SandboxControl(self.sandbox.url)
        self.now = self.control.now()
        self.connections = ServiceConnections(self.advance)
        self.env = {
            "PUSHCTL_ENDPOINT": self.sandbox.url,
            "PUSHCTL_SETTLE_TIME": SETTLE_TIME,
            "PUSHCTL_LONGEST_CALL": "60s",
        }
        self.engine = ChainEngine(ENGINES[engine](), self._elapsed) if engine else None
        if self.engine is not None:
            self.env["PUSHCTL_STATE"] = "engine:"
        self.ran: list[Ran] = []
        self.lag = 0.0
        self.blind_until = 0.0
        self.skew = 0.0
        """Seconds by which this machine's clock is ahead of the service's."""
        self._past: list[tuple[float, list[dict[str, Any]]]] = []
        self._coming: list[tuple[float, Callable[[], object]]] = []

    def __enter__(self) -> Simulation:
        return self

    def __exit__(self, *_: object) -> None:
        self.connections.close()
        self.control.close()
        self.sandbox.close()
        if self.engine is not None:
            self.engine.place.close()

    # --- time ---------------------------------------------------------------------------------

    def advance(self, seconds: float) -> None:
        """Let time pass, and what is under way arrive in its course."""
        until = self.now + max(0.0, seconds)
        while self._coming and self._coming[0][0] <= until:
            at, arrive = self._coming.pop(0)
            self._forward(at)
            arrive()
            self.changed()
        self._forward(until)

    def _wait(self, seconds: float) -> None:
        """Let time pass for a command, whose other thread shows meanwhile that it is alive."""
        until = self.now + seconds
        while self.engine is not None and until - self.now > BEAT_EVERY:
            self.advance(BEAT_EVERY)
            self.engine.waited()
        self.advance(until - self.now)

    def _forward(self, to: float) -> None:
        if to > self.now:
            self.now = self.control.advance(to - self.now)

    def later(self, seconds: float, what: Callable[[], object]) -> None:
        """Let something happen when that much time has passed."""
        self._coming.append((self.now + seconds, what))
        self._coming.sort(key=lambda item: item[0])

    @property
    def here(self) -> float:
        """The time as this machine has it."""
        return self.now + self.skew

    def _elapsed(self) -> float:
        """A clock that nobody can set."""
        return self.now

    def behave(self) -> None:
        """Let service and clock be right from now on."""
        self.service.behave()
        self.skew = 0.0

    # --- what is there ------------------------------------------------------------------------

    def write(self, text: str, name: str = "pushctl.yaml") -> None:
        (self.folder / name).write_text(text, "utf-8")

    def state(self, name: str = "pushctl.state.json") -> dict[str, Any] | None:
        """Return the state as it is, None if there is none."""
        if self.engine is not None:
            return self.engine.state()
        path = self.folder / name
        return json.loads(path.read_bytes()) if path.exists() else None

    def unfinished(self) -> str:
        """Say what a command left behind; empty if nothing."""
        if self.engine is not None:
            return self.engine.unfinished()
        left = any(self.folder.glob("*.state.journal"))
        return "the journal was not folded into the state" if left else ""

    def seen(
        self, rows: Sequence[ActualTask], *, since: int, until: int, task_id: str | None
    ) -> Sequence[ActualTask]:
        """Return what the list shows to somebody who looks now: the truth, or less, or the past."""
        if self.now < self.blind_until:
            return ()
        if not self.lag:
            return rows
        return as_listed(self._book(self.now - self.lag), since, until, task_id)

    def _book(self, moment: float) -> list[dict[str, Any]]:
        return next((then for at, then in reversed(self._past) if at <= moment), self._past[0][1])

    def changed(self) -> None:
        """Keep how the service is now, if its list may come to lag."""
        if self._past:
            self._remember()

    def _remember(self) -> None:
        self._past.append((self.now, self.control.tasks()))

    # --- runs ---------------------------------------------------------------------------------

    def run(self, *arguments: str, effects: Effects | None = None) -> Ran:
        """Run a command; what lasts only as long as a process ends with it."""
        effects = effects or Effects()
        out, err = Reader(effects), Reader(effects)
        code: int | None = None
        patience = Patience(effects)
        with contextlib.ExitStack() as stack:
            stack.enter_context(self._edges(effects, arguments, patience))
            stack.enter_context(contextlib.redirect_stdout(masked(cast(TextIO, Unfailing(out)))))
            stack.enter_context(contextlib.redirect_stderr(masked(cast(TextIO, Unfailing(err)))))
            with contextlib.suppress(Crash):
                code = int(main._guarded())
        self.control.calm()
        if effects.dead and effects.disk is not None:
            effects.disk.cut()
        code = None if effects.dead else code
        ran = Ran(arguments, code, out.getvalue(), err.getvalue(), patience.longest)
        self.ran.append(ran)
        return ran

    def attacked(self, *arguments: str, at: int, mode: Mode, on: str = "") -> tuple[Ran, Effects]:
        """Run a command of which one effect goes wrong: number `at`, of those called `on` if given.

        That, or the first one after it that fits the mode.
        """
        if mode.lags:
            self._remember()
        fits = nth(at, on, mode.fits) if on else mode.fits
        effects = Effects(0 if on else at, lambda hit: mode.strike(self, hit), fits)
        effects.disk = Disk(self.folder) if mode.power else None
        self.skew = mode.skew or self.skew
        ran = self.run(*arguments, effects=effects)
        if not mode.lasts:
            self.skew = 0.0
        return ran, effects

    def overtake(self) -> None:
        """Take the lock away from whoever has it, and apply everything."""
        self.run("state", "unlock", "--force")
        self.run("apply", "--yes", "--parallelism", "1")

    @contextlib.contextmanager
    def _edges(
        self, effects: Effects, arguments: tuple[str, ...], patience: Patience
    ) -> Iterator[None]:
        def adapter(**options: Any) -> InterceptedService:
            return InterceptedService(self.connections.learn(options), effects, self)

        def sleep(self_: CommandClock, seconds: float) -> None:
            if effects.dead:
                raise Crash("sleep")
            if not self_._stop.is_set():
                patience.slept(seconds)
                self._wait(seconds)

        def wait(seconds: float) -> None:
            patience.slept(seconds)
            self.advance(seconds)

        shared = contextlib.nullcontext()
        if self.engine is not None:
            shared = self.engine.seen_by(effects, wait)
        machine = types.SimpleNamespace(time=lambda: self.here)
        with (
            mock.patch.object(CommandClock, "sleep", sleep),
            mock.patch.object(clock, "time", machine),
            mock.patch.object(sandbox_clock, "of_address", return_value=None),
            mock.patch.object(clock, "uptime", self._elapsed),
            mock.patch.object(cloud, "CloudPushService", adapter),
            mock.patch.object(signals, "SIGNALS", ()),
            mock.patch.object(lock, "PATIENCE", 0.02),
            mock.patch.object(sys, "argv", ["pushctl", *arguments]),
            mock.patch.dict(os.environ, self.env),
            contextlib.chdir(self.folder),
            shared,
            watched(effects, self.folder),
        ):
            yield


def nth(at: int, on: str, fits: Fits) -> Fits:
    """Return what chooses effect number `at`, or a later one, of those that are called `on`."""
    seen = 0

    def chosen(name: str) -> bool:
        nonlocal seen
        seen += name == on
        return name == on and seen > at and fits(name)

    return chosen


def as_listed(
    tasks: list[dict[str, Any]], since: int, until: int, task_id: str | None
) -> list[ActualTask]:
    """Turn the sandbox's tasks into what the list shows of them."""
    found = []
    for task in tasks:
        deliveries = tuple(
            Delivery(item["at_ms"] // 1000, item["status"] == "executed")
            for item in task["occurrences"]
            if item["status"] != "cancelled" and since <= item["at_ms"] // 1000 <= until
        )
        if deliveries and task_id in (None, task["id"]):
            found.append(
                ActualTask(
                    task_id=task["id"],
                    title=task["title"],
                    content=task["content"],
                    delivery_type=task["delivery_type"],
                    strategy_type=task["strategy_type"],
                    created_at=task["created_ms"] // 1000,
                    deliveries=deliveries,
                )
            )
    return sorted(found, key=lambda task: (task.deliveries[0].at, task.task_id))
