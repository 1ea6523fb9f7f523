"""Server programs as child processes: free ports, waiting until they answer, sharing one."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

REQUIRED = bool(os.environ.get("CI"))
"""Read before any test starts: tests run without it."""

_children: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class Server:
    """A running program, which another process may have started."""

    pid: int
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self, sign: signal.Signals = signal.SIGKILL) -> None:
        """End it, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, sign)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not answers(self.port, closed=True):
            time.sleep(0.01)
        for child in _children:
            if child.pid == self.pid:
                child.wait(10)


def installed(program: str) -> str:
    """Return where a program is; a test that needs it is left out without it, see `missing`."""
    return shutil.which(program) or missing(program)


def missing(package: str) -> NoReturn:
    """Leave a test out because a program is not installed; with CI set that is a failure."""
    told = f"not run: {package} is not installed"
    if REQUIRED:
        pytest.fail(told)
    pytest.skip(told)


def free_ports(count: int, *, also: int = 0) -> list[int]:
    """Return free ports in a row; `also` tells that those so much higher must be free too."""
    while True:
        first = random.SystemRandom().randrange(20000, 30000 - count)
        ports = list(range(first, first + count))
        if all(answers(port, closed=True) for port in [*ports, *(p + also for p in ports)]):
            return ports


def answers(port: int, *, closed: bool = False) -> bool:
    """Tell whether a port takes connections, or with `closed` whether it is free to be used."""
    with socket.socket() as probe:
        if not closed:
            return probe.connect_ex(("127.0.0.1", port)) == 0
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
        return False


def start(
    command: Sequence[str | Path],
    port: int,
    folder: Path,
    *,
    ready: Callable[[], bool] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Server:
    """Start a program and wait until it answers on a port."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "server.log").open("ab") as log:
        child = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            env={**os.environ, **(environ or {})},
            start_new_session=True,
        )
    _children.append(child)
    deadline = time.monotonic() + 30
    while not (ready or (lambda: answers(port)))():
        if child.poll() is not None or time.monotonic() > deadline:
            child.kill()
            raise RuntimeError(f"{command[0]} did not start, see {folder / 'server.log'}")
        time.sleep(0.02)
    return Server(child.pid, port)


def started_with(word: str) -> list[int]:
    """Return the ids of the programs that this process started with a word, the newest last."""
    return [child.pid for child in _children if word in list(child.args)]  # type: ignore[arg-type]


def shared_folder(factory: pytest.TempPathFactory, name: str) -> Path:
    """Return the folder of a server that is the same for all worker processes of a run."""
    base = factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name


@contextlib.contextmanager
def shared(
    factory: pytest.TempPathFactory,
    name: str,
    begin: Callable[[Path], Server],
    end: Callable[[Server], None] = Server.kill,
) -> Iterator[Server]:
    """Use one server in all worker processes of a run; whoever ends last stops it."""
    folder = shared_folder(factory, name)
    folder.mkdir(exist_ok=True)
    note = folder / "server.json"
    with (folder / "users").open("w") as users, (folder / "gate").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        if not note.exists():
            server = begin(folder)
            note.write_text(json.dumps([server.pid, server.port]))
        server = Server(*json.loads(note.read_text()))
        fcntl.flock(gate, fcntl.LOCK_UN)
        try:
            yield server
        finally:
            fcntl.flock(gate, fcntl.LOCK_EX)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                note.unlink()
                end(server)
