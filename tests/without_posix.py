"""Takes from pushctl what Windows lacks; other libraries keep it.

O_NONBLOCK stays, since tests have pipes in their folders, and Windows cannot.

`python -m tests.without_posix ...` runs a command so, `pytest -p tests.without_posix` tests.
"""

from __future__ import annotations

import builtins
import os
import signal
import time
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import pytest

MODULES = {"fcntl", "grp", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"}
LACKING = {
    os: "O_NOFOLLOW O_DIRECTORY O_CLOEXEC O_SYNC fchmod fchown chown getuid geteuid "
    "getgid getpgrp getpgid tcgetpgrp setsid fork killpg pread pwrite statvfs uname mkfifo "
    "sched_getaffinity",
    signal: "SIGHUP SIGKILL SIGALRM SIGUSR1 SIGPIPE alarm setitimer pthread_sigmask",
    time: "clock_gettime CLOCK_MONOTONIC CLOCK_BOOTTIME tzset",
}
CHANGED = {"supports_dir_fd": frozenset[Any]()}


class Lacking(ModuleType):
    """A module without some of its names."""

    def __init__(self, real: ModuleType, names: str) -> None:
        super().__init__(real.__name__)
        self._real, self._names = real, set(names.split())

    def __getattr__(self, name: str) -> Any:
        if name in self._names:
            raise AttributeError(name)
        return CHANGED[name] if name in CHANGED else getattr(self._real, name)


def install() -> None:
    """From now on, modules of pushctl that are imported meet what Windows has."""
    real = builtins.__import__
    lacking = {module.__name__: Lacking(module, names) for module, names in LACKING.items()}

    def hooked(
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        importer = str((globals or {}).get("__name__")).split(".")[0]
        if importer in ("pushctl", "tests") and name in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        found = lacking.get(name) if importer == "pushctl" else None
        return found or real(name, globals, locals, fromlist, level)

    builtins.__import__ = hooked


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    install()


if __name__ == "__main__":
    install()
    from pushctl.__main__ import main

    main()
