"""Real processes, quickly: a server that has everything imported and forks a child per command.

Such a child is a `pushctl` of its own, with its own folder and environment, and dies by a real
SIGKILL: after some time, sent by the server, or at one of its effects, sent by itself. The server
has a single thread, so forking it is safe. It speaks JSON lines on stdin and stdout.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from tests.faults.effects import Effects, Hit, watched

MANIFEST = """\
version: 1
app: {id: ONEX0000000000000, workspace: test}
timezone: Asia/Shanghai
defaults: {expires_after: 4h}
pushes:
  one:
    schedule: {every: day, at: "12:00"}
    to: {users: [ann]}
    message: {title: Title, body: Body}
"""


class ForkServer:
    """The client's end; one command at a time."""

    def __init__(self) -> None:
        """Start a server of its own and wait until it is ready."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.fork_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def run(
        self,
        arguments: Sequence[str],
        *,
        folder: Path,
        env: dict[str, str],
        kill_after: float | None = None,
        dies: tuple[int, str] | None = None,
    ) -> dict[str, Any]:
        """Run a command. It is killed after some seconds, or before or after one of its effects.

        Returns `code` (None if it was killed), `out`, `err` and `seconds`.
        """
        assert self._process.stdin is not None
        order = {
            "arguments": list(arguments),
            "folder": str(folder),
            "env": env,
            "kill_after": kill_after,
            "dies": dies,
        }
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the fork server is gone"
        found: dict[str, Any] = json.loads(line)
        return found

    def close(self) -> None:
        for end in (self._process.stdin, self._process.stdout):
            assert end is not None
            end.close()
        self._process.wait(10)


# --- the server -----------------------------------------------------------------------------------


def serve() -> None:
    """Answer orders until stdin ends."""
    from tests.servers import folder_log

    preload()
    folder_log.register()
    _reply({"ready": True})
    for line in sys.stdin:
        _reply(_carried_out(json.loads(line)))


def _reply(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def preload() -> None:
    """Import all that a command needs, so that no child has to."""
    from pushctl.cli import main
    from pushctl.cli.commands import apply, plan, state  # noqa: F401
    from pushctl.mpaas import transport  # noqa: F401

    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        (Path(folder) / "pushctl.yaml").write_text(MANIFEST)
        with mock.patch.object(sys, "argv", ["pushctl", "-C", folder, "validate"]):
            main._guarded()
    gc.disable()


def _carried_out(order: dict[str, Any]) -> dict[str, Any]:
    alive, held = os.pipe()
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        child = os.fork()
        if child == 0:
            os.close(alive)
            _become(order, out.fileno(), err.fileno())
        # The child has the other end as long as it lives, so its death can be waited for.
        os.close(held)
        ended, _, _ = select.select([alive], [], [], order["kill_after"])
        if not ended:
            os.kill(child, signal.SIGKILL)
        os.close(alive)
        _, status = os.waitpid(child, 0)
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
        out.seek(0)
        err.seek(0)
        seconds = time.monotonic() - began
        return {"code": code, "out": out.read(), "err": err.read(), "seconds": seconds}


def _become(order: dict[str, Any], out: int, err: int) -> None:
    """Turn the child into the command; never returns."""
    code = 70
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.chdir(order["folder"])
        os.environ.update(order["env"])
        sys.argv = ["pushctl", *order["arguments"]]
        sys.stdout = os.fdopen(1, "w", closefd=False)
        sys.stderr = os.fdopen(2, "w", closefd=False)
        code = _command(order)
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)


def _command(order: dict[str, Any]) -> int:
    from pushctl.cli import main
    from pushctl.cli.output import make_streams_safe

    make_streams_safe()
    if order["dies"] is None:
        return int(main._guarded())
    at, moment = order["dies"]
    with mortal(Effects(at, suicide if moment == "before" else late_suicide)):
        return int(main._guarded())


def suicide(hit: Hit) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def late_suicide(hit: Hit) -> None:
    hit.do()
    suicide(hit)


class Unbent:
    """What an `InterceptedService` needs of a system in which only processes go wrong."""

    def seen(self, rows: Any, **_: object) -> Any:
        return rows

    def changed(self) -> None:
        return None


@contextlib.contextmanager
def mortal(effects: Effects) -> Any:
    """Make every call and every step on a file of this process an effect."""
    from pushctl.mpaas import client
    from tests.faults.service_calls import REAL_SERVICE, InterceptedService

    def adapter(**options: Any) -> InterceptedService:
        return InterceptedService(REAL_SERVICE(**options), effects, Unbent())

    with (
        mock.patch.object(client, "CloudPushService", adapter),
        watched(effects, Path.cwd()),
    ):
        yield


if __name__ == "__main__":
    serve()
