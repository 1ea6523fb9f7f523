"""Real processes, quickly: a `pushctl` that is forked from a server which has everything imported.

What stands in its place on the machine of a job asks the server for a child, hands its own streams
over, and ends as the child does. Signals are not passed on: whoever tests those has the real thing.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAM = '#!/bin/sh\nexec "{python}" -I -S "{client}" "{address}" "$@"\n'

CLIENT = """\
import json, os, socket, sys

with socket.socket(socket.AF_UNIX) as line:
    line.connect(sys.argv[1])
    order = {"arguments": sys.argv[2:], "folder": os.getcwd(), "env": dict(os.environ)}
    socket.send_fds(line, [b"."], [0, 1, 2])
    line.sendall(json.dumps(order).encode())
    line.shutdown(socket.SHUT_WR)
    code = line.recv(16)
sys.exit(int(code) if code else 70)
"""


@contextmanager
def program() -> Iterator[str]:
    """Start a server; yields the text of the program to put in pushctl's place."""
    with tempfile.TemporaryDirectory() as folder:
        address, client = Path(folder) / "s", Path(folder) / "client.py"
        client.write_text(CLIENT)
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.ci.forking", str(address)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            assert server.stdout.readline() == b"ready\n"
            yield PROGRAM.format(python=sys.executable, client=client, address=address)
        finally:
            server.terminate()
            server.wait(10)
            server.stdin.close()
            server.stdout.close()


# --- the server -----------------------------------------------------------------------------------


def serve(address: str) -> None:
    """Fork a child for every order, until the process is ended. It has a single thread."""
    from pushctl.cli.commands import comment, stop  # noqa: F401
    from pushctl.sandbox import sandbox  # noqa: F401
    from tests.acceptance.ci import shared_state
    from tests.faults.fork_server import preload

    preload()
    shared_state.install()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        print("ready", flush=True)
        while True:
            line, _ = server.accept()
            if os.fork() == 0:
                _become(line)
            line.close()


def _become(line: socket.socket) -> None:
    """Turn the child into the command; never returns."""
    code = 70
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _, streams, _, _ = socket.recv_fds(line, 1, 3)
        with line.makefile("rb") as raw:
            order = json.loads(raw.read())
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.chdir(order["folder"])
        os.environ.clear()
        os.environ.update(order["env"])
        code = _command(order["arguments"])
    finally:
        line.sendall(str(code).encode())
        os._exit(code)


def _command(arguments: list[str]) -> int:
    from pushctl.cli import main
    from pushctl.cli.output import make_streams_safe

    sys.argv = ["pushctl", *arguments]
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", closefd=False)
    make_streams_safe()
    try:
        return int(main._guarded())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


if __name__ == "__main__":
    serve(sys.argv[1])
