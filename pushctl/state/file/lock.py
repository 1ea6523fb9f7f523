"""A lock that tells who holds it, and that the operating system releases when its holder dies."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from msgspec import structs

from pushctl.errors import StateConflictError, StateError, StateLockedError
from pushctl.portable import fcntl, open_file
from pushctl.state.interface import LockInfo

POLL = 0.05

PATIENCE = 2.0
"""Seconds to wait for a write to end; one that takes longer is of a process that is frozen."""


class FileLock:
    """The lock on one file, with a gate that is another.

    The file stays behind when the lock is free, its text is for people. The gate is held for the
    moment of each write and while a lock is taken away from a live process, so that a former holder
    is never in the middle of a write, and writes nothing afterwards.
    """

    def __init__(self, path: Path, gate: Path, zone: dt.tzinfo | None = None) -> None:
        self.path = path
        self.gate = gate
        self.zone = zone

    @contextlib.contextmanager
    def hold(self, me: LockInfo, *, timeout: float) -> Iterator[HeldLock]:
        """Take the lock within `timeout` seconds or raise `StateLockedError` with its holder.

        Raises `StateError` on a system that has no such locks.
        """
        _need_locks()
        descriptor = self._take(time.monotonic() + timeout)
        try:
            told = {name: text for name, text in structs.asdict(me).items() if text}
            _write(descriptor, json.dumps(told))
            gate = _opened(self.gate)
            try:
                yield HeldLock(self.path, descriptor, gate)
            finally:
                os.close(gate)
        finally:
            try:
                with contextlib.suppress(OSError):
                    os.ftruncate(descriptor, 0)
            finally:
                os.close(descriptor)

    def _take(self, deadline: float) -> int:
        while True:
            descriptor = _opened(self.path)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                only_asked = _is_free(descriptor)
                os.close(descriptor)
                if error.errno not in (errno.EAGAIN, errno.EACCES):
                    raise _failed("The lock cannot be taken", self.path, error) from error
                if only_asked:
                    continue
                if time.monotonic() >= deadline:
                    raise self._locked() from None
                time.sleep(POLL)
                continue
            if _is_current(descriptor, self.path):
                return descriptor
            os.close(descriptor)

    def _locked(self) -> StateLockedError:
        detail = f"held by {self._holder()}"
        fix = "wait for it (--lock-timeout 5m), or take the lock away: pushctl state unlock"
        return StateLockedError("The state is locked", detail, fix=fix)

    def _holder(self) -> str:
        return (self.holder() or LockInfo()).text(self.zone)

    def holder(self) -> LockInfo | None:
        """Return who holds the lock now; None if it is free."""
        if fcntl is None:
            return None
        try:
            descriptor = open_file(self.path, os.O_RDONLY)
        except OSError:
            return None
        try:
            return None if _is_free(descriptor) else _parse(descriptor)
        finally:
            os.close(descriptor)

    def break_(self) -> None:
        """Take the lock away from whoever holds it: it writes nothing any more.

        Raises `StateLockedError` if the holder is in the middle of a write that does not end.
        """
        _need_locks()
        gate = _opened(self.gate)
        try:
            if not _passed(gate, PATIENCE):
                detail = f"{self._holder()} is in the middle of a write"
                fix = "end that process; then nobody holds the lock any more"
                raise StateLockedError("The lock cannot be taken away", detail, fix=fix)
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise _failed("The lock cannot be taken away", self.path, error) from error
        finally:
            os.close(gate)


class HeldLock:
    """A lock that this process holds."""

    def __init__(self, path: Path, descriptor: int, gate: int) -> None:
        self._path = path
        self._descriptor = descriptor
        self._gate = gate
        self._mutex = threading.Lock()

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Write while nobody can take the lock away; `StateConflictError` if somebody has."""
        with self._mutex:
            if not _passed(self._gate, PATIENCE):
                detail = "another command is taking the lock away"
                raise StateConflictError("The state cannot be written", detail)
            try:
                self._check()
                yield
            finally:
                fcntl.flock(self._gate, fcntl.LOCK_UN)

    def is_current(self) -> bool:
        """Tell whether nobody has taken the lock away."""
        return _is_current(self._descriptor, self._path)

    def _check(self) -> None:
        if not self.is_current():
            detail = "another command broke the lock while this one was running"
            fix = "run the command again; it continues from what was recorded"
            raise StateConflictError("The lock was taken away", detail, fix=fix)


def _need_locks() -> None:
    if fcntl is None:
        raise StateError(
            "A state in files cannot be changed on this system",
            "it has no lock that keeps two commands from sending the same push",
            fix="keep the state on a branch (PUSHCTL_STATE=git+origin:) or another engine, "
            "or use WSL or a container; whatever only reads works here",
        )


def _opened(path: Path) -> int:
    try:
        return open_file(path, os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise _failed("The lock file cannot be opened", path, error) from error


def _passed(gate: int, patience: float) -> bool:
    """Wait for the gate and close it behind us; False if somebody else stays in it."""
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(POLL / 10)
        else:
            return True


def _is_free(descriptor: int) -> bool:
    """Tell whether nobody holds the lock; whoever only asks this at the same time is nobody."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return True


def _is_current(descriptor: int, path: Path) -> bool:
    """Tell whether the path still leads to the file that this descriptor has open."""
    try:
        there = os.lstat(path)
    except OSError:
        return False  # not there, or not to be seen any more: not ours to rely on
    mine = os.fstat(descriptor)
    return (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino)


def _write(descriptor: int, text: str) -> None:
    """Name the holder for people; a full disk must not stop a lock that is already taken."""
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(), 0)


def _parse(descriptor: int) -> LockInfo:
    try:
        return LockInfo(**json.loads(os.pread(descriptor, 65536, 0)))
    except (OSError, ValueError, TypeError, RecursionError):
        return LockInfo()


def _failed(summary: str, path: Path, error: OSError) -> StateError:
    fix = "check that the folder exists, is writable and has space left"
    return StateError(summary, f"{path}: {error.strerror or error}", fix=fix)
