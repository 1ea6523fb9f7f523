"""What operating systems do differently, in one place: locks, opening, syncing, paths, clocks."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path
from typing import Any

try:
    import fcntl as fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_ALWAYS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def open_file(path: Path | str, flags: int, *, follow: bool = False, **more: Any) -> int:
    """Open a file for bytes, private if it is new, without waiting for the other end of a pipe.

    Raises OSError, and does so for a link unless `follow`.
    """
    if not (follow or NO_FOLLOW) and os.path.islink(path):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return os.open(path, flags | _ALWAYS | (0 if follow else NO_FOLLOW), 0o600, **more)


def sync(descriptor: int) -> None:
    """Make what was written durable; raises OSError.

    On macOS fsync does not ask the disk to empty its own memory, and F_FULLFSYNC does.
    """
    full = getattr(fcntl, "F_FULLFSYNC", None)
    try:
        if full is not None:
            fcntl.fcntl(descriptor, full)
            return
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.ENOTTY, errno.EINVAL):
            raise
    os.fsync(descriptor)


def relative(path: str, folder: str, system: Any = os.path) -> str:
    """Return the way from a folder to a path, with / between its parts.

    `system` is a module such as `os.path`. On Windows there may be none: then the whole path.
    """
    try:
        path = system.relpath(path, folder)
    except ValueError:  # on another drive
        path = system.abspath(path)
    return path.replace(system.sep, "/")


def uptime() -> float:
    """Return seconds since some moment, also those asleep; nobody can set this clock."""
    if not hasattr(time, "clock_gettime"):
        return time.monotonic()  # which goes on while Windows sleeps
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
