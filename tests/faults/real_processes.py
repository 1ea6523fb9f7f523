"""The interface of `Simulation` with real processes: a sandbox, and forked children."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

from tests.acceptance.processes import sandbox
from tests.faults.fork_server import ForkServer
from tests.faults.sandbox_control import SandboxControl
from tests.faults.simulation import NOW, Ran

SETTLE_TIME = "1s"


class RealProcesses:
    """Use it as a context manager. Commands go by real time, beginning at the sandbox's moment.

    `seconds` is how long the last command took, `length` how long a clean apply takes, `pause` how
    long the very first one waits in addition.
    """

    def __init__(self, folder: Path) -> None:
        """Start a sandbox and a fork server."""
        self.folder = folder.absolute()
        self.ran: list[Ran] = []
        self.seconds = 0.0
        self.length = 0.2
        self.pause = 0.0
        self._server = ForkServer()
        self._service = contextlib.ExitStack()
        self._url = self._service.enter_context(sandbox(NOW))
        self.control = SandboxControl(self._url)
        self.begin_anew()

    def __enter__(self) -> RealProcesses:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()
        self.control.close()
        self._service.close()

    def begin_anew(self) -> None:
        """Forget everything: an empty folder, an empty service, the first moment."""
        self.control.ask("POST", "reset", {})
        self.control.ask("POST", "clock", {"set": NOW})
        self.now = self.control.now()
        self.ran.clear()
        for path in self.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def advance(self, seconds: float) -> None:
        self.now = self.control.advance(max(0.0, seconds))

    def write(self, text: str, name: str = "pushctl.yaml") -> None:
        (self.folder / name).write_text(text, "utf-8")

    def state(self) -> dict[str, Any] | None:
        path = self.folder / "pushctl.state.json"
        return json.loads(path.read_bytes()) if path.exists() else None

    def unfinished(self) -> str:
        """Say what a command left behind; empty if nothing."""
        return "the journal was not folded into the state" if self.is_unfinished() else ""

    def knows_something(self) -> bool:
        """Whether anything was recorded yet."""
        return any(self.folder.glob("pushctl.state.j*"))

    def is_unfinished(self) -> bool:
        """Tell whether a command died between its first event and its last."""
        return (self.folder / "pushctl.state.journal").exists()

    def run(
        self,
        *arguments: str,
        kill_after: float | None = None,
        dies: tuple[int, str] | None = None,
    ) -> Ran:
        moment = dt.datetime.fromtimestamp(self.now, dt.UTC).isoformat()
        done = self._server.run(
            arguments,
            folder=self.folder,
            env={
                "PUSHCTL_ENDPOINT": self._url,
                "PUSHCTL_SETTLE_TIME": SETTLE_TIME,
                "PUSHCTL_LONGEST_CALL": "0s",  # the sandbox carries out a call at once
                "PUSHCTL_NOW": moment,
            },
            kill_after=kill_after,
            dies=dies,
        )
        ran = Ran(arguments, done["code"], done["out"], done["err"])
        self.seconds = done["seconds"]
        self.ran.append(ran)
        return ran
