"""Machines with a clone each, that share an engine and a service; all they do is real."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pushctl.state.codec import encode_state
from pushctl.state.interface import StateStore
from tests.acceptance.processes import sandbox
from tests.faults import checker
from tests.faults.checker import Violation
from tests.faults.fork_server import ForkServer
from tests.faults.sandbox_control import SandboxControl
from tests.faults.scenarios import Entry, manifest, wanted
from tests.faults.simulation import Ran
from tests.team.engines import Engine

ROOT = Path(__file__).parents[2]
NOW = "2026-12-01T09:00:00+08:00"
LEASE = "30s"
MOST = 5
"""Applies after which it must be quiet: one that is too slow for its lease ends half-way."""

APPLY = ("apply", "--yes", "--force", "--lock-timeout", "2m")


@dataclass
class Machine:
    """One clone of the repository, and a process at a time in it."""

    folder: Path
    env: dict[str, str]
    server: ForkServer

    def write(self, *entries: Entry) -> None:
        (self.folder / "pushctl.yaml").write_text(manifest(*entries), "utf-8")

    def run(self, *arguments: str, kill_after: float | None = None) -> Ran:
        done = self.server.run(arguments, folder=self.folder, env=self.env, kill_after=kill_after)
        return Ran(arguments, done["code"], done["out"], done["err"])

    @contextlib.contextmanager
    def started(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """Run a command in a process that can be stopped and continued."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.folder_log", *arguments],
            cwd=self.folder,
            env={**os.environ, **self.env, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.communicate()


class Team:
    """Use it as a context manager. It has what `tests.faults.checker` asks of a system."""

    def __init__(self, engine: Engine, size: int, *, lease: str = LEASE) -> None:
        self.engine = engine
        self._lease = lease
        self.address = engine.new_address()
        self._place = tempfile.TemporaryDirectory()
        self.folder = Path(self._place.name)
        self._service = contextlib.ExitStack()
        self.url = self._service.enter_context(sandbox(NOW))
        self.control = SandboxControl(self.url)
        self.now = self.control.now()
        self.machines = [self._machine(number) for number in range(size)]

    def _machine(self, number: int) -> Machine:
        folder = self.folder / str(number)
        folder.mkdir()
        env = {
            **self.engine.env,
            "PUSHCTL_ENDPOINT": self.url,
            "PUSHCTL_STATE": self.address,
            "PUSHCTL_STATE_LEASE": self._lease,
            "PUSHCTL_NOW": NOW,
            "PUSHCTL_SETTLE_TIME": "0s",
            "PUSHCTL_LONGEST_CALL": "0s",
        }
        return Machine(folder, env, ForkServer())

    def __enter__(self) -> Team:
        return self

    def __exit__(self, *_: object) -> None:
        for machine in self.machines:
            machine.server.close()
        self.control.close()
        self._service.close()
        self._place.cleanup()

    def store(self) -> StateStore:
        return self.engine.open(self.address)

    def state(self) -> dict[str, Any] | None:
        found = self.store().read()
        return encode_state(found) if found else None

    def unfinished(self) -> str:
        """Say what a command left behind; empty if nothing."""
        holder = self.store().lock_info()
        return f"the lock is held by {holder}" if holder else ""

    def advance(self, seconds: float) -> None:
        self.now = self.control.advance(seconds)

    def run(self, *arguments: str) -> Ran:
        return self.machines[0].run(*arguments)

    def write(self, text: str, name: str = "pushctl.yaml") -> None:
        (self.machines[0].folder / name).write_text(text, "utf-8")

    def at_once(self, *arguments: str) -> list[Ran]:
        """Run a command on every machine at the same time."""
        with ThreadPoolExecutor(len(self.machines)) as pool:
            return list(pool.map(lambda machine: machine.run(*arguments), self.machines))

    def settled(self, entries: Sequence[Entry]) -> list[Violation]:
        """Let the first machine apply its manifest until it is quiet; return what is wrong then."""
        first = self.machines[0]
        first.write(*entries)
        ran = [first.run(*APPLY)]
        while len(ran) < MOST and [item.code for item in ran[-2:]] != [0, 0]:
            ran.append(first.run(*APPLY))
        writes = self.control.writes()
        ran.append(first.run(*APPLY))
        wrong = checker.scheduled(self, wanted(*entries))
        if [item.code for item in ran[-3:]] != [0, 0, 0] or self.control.writes() != writes:
            told = "".join(f"\n{item.code}: {item.out}{item.err}" for item in ran)
            wrong.append(Violation("disagreement", f"it does not come to rest: {told}"))
        return wrong


def waited(process: subprocess.Popen[str], seconds: float = 60.0) -> int:
    """Wait for the end of a process; read what it prints meanwhile."""
    began = time.monotonic()
    process.communicate(timeout=seconds)
    assert time.monotonic() - began < seconds
    return process.returncode
