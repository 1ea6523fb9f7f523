"""What a command does to the system, one effect after another, and how one of them goes wrong.

An *effect* is a call to the service, or a step on a file in the project's folder: made, locked,
written, synced, cut, renamed, removed. A first run only counts them; a second one lets a chosen
effect fail. A dead process does nothing any more, so after a kill every later effect fails as well;
only what the system does for the dead (closing files, and so releasing locks) still happens.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from tests.faults.disk import Disk

Do = Callable[[], Any]

REAL: dict[str, Callable[..., Any]] = {
    name: getattr(os, name)
    for name in (
        *("open", "close", "write", "pwrite", "fsync", "ftruncate"),
        *("replace", "rename", "unlink", "mkdir", "link"),
    )
}
REAL_FLOCK = fcntl.flock

PARTS = ("backup journal", "backup", "journal", "lock", "history", "state")


class Crash(BaseException):
    """The process was killed here."""


@dataclass(frozen=True)
class Hit:
    """The effect that is to go wrong, in the hands of a mode.

    `half` does a part of a write and returns what the system would. `send` makes a call to any
    service that it is given.
    """

    effects: Effects
    name: str
    do: Do
    half: Do | None = None
    send: Callable[[Any], Any] | None = None

    def die(self) -> None:
        """Kill the process."""
        self.effects.dead = True
        raise Crash(self.name)


Strike = Callable[[Hit], Any]


class Effects:
    """Counts the effects of one run, and hands one of them to a `strike`.

    That is the first one from number `at` on that it fits.
    """

    def __init__(
        self,
        at: int = 0,
        strike: Strike | None = None,
        fits: Callable[[str], bool] = lambda name: True,
    ) -> None:
        self.names: list[str] = []
        self.dead = False
        self.struck: str | None = None
        self.disk: Disk | None = None
        self.spoilt: Callable[[str], None] | None = None
        """What a lasting fault does to every later effect on a file: raises, or lets it be."""
        self.unheard: int | None = None
        """The error number of every write to stdout and stderr from now on."""
        self.away = False
        """Whether the engine of the state is out of reach from now on."""
        self.route: Any = None
        """Where later calls go instead of to the service."""
        self._at = at
        self._strike = strike
        self._fits = fits

    def around(
        self, name: str, do: Do, *, half: Do | None = None, send: Callable[[Any], Any] | None = None
    ) -> Any:
        """Let an effect happen, or what goes wrong with it."""
        if self.dead:
            raise Crash(name)
        if self.spoilt is not None and send is None:
            self.spoilt(name)
        self.names.append(name)
        early = len(self.names) <= self._at
        if early or self._strike is None or self.struck is not None or not self._fits(name):
            return do()
        self.struck = name
        return self._strike(Hit(self, name, do, half, send))


def system_error(number: int) -> OSError:
    """Return the error that the system raises for a number."""
    return OSError(number, os.strerror(number))


def label(path: Path, folder: Path) -> str:
    """Name a file so that a reader of a report knows which one it is, however it is spelled."""
    if path == folder:
        return "folder"
    name = path.name
    found = next((part for part in PARTS if part.replace(" ", ".") in name), None)
    found = found or name.lstrip(".").partition(".")[0]
    return f"new {found}" if name.endswith(".tmp") else found


def inode(descriptor: int) -> tuple[int, int]:
    found = os.fstat(descriptor)
    return found.st_dev, found.st_ino


class Files:
    """Turns the steps of one run on the files of one folder into effects.

    Files elsewhere, and descriptors that did not come from here, are left alone.
    """

    def __init__(self, effects: Effects, folder: Path) -> None:
        self._effects = effects
        self._folder = folder
        self._open: dict[int, Path] = {}
        self._inodes: dict[int, tuple[int, int]] = {}

    def _inside(self, path: Any) -> Path | None:
        if not isinstance(path, str | Path):
            return None
        found = Path(os.path.abspath(path))
        return found if found == self._folder or self._folder in found.parents else None

    def _named(self, path: Path) -> str:
        return label(path, self._folder)

    def open(self, path: Any, flags: int, *more: Any, **options: Any) -> int:
        found = self._inside(path)

        def do() -> int:
            made = not os.path.lexists(path)
            descriptor: int = REAL["open"](path, flags, *more, **options)
            if found is not None:
                self._open[descriptor] = found
                self._inodes[descriptor] = inode(descriptor)
                if self._effects.disk is not None:
                    self._effects.disk.opened(descriptor, found, made=made)
            return descriptor

        if found is None or not flags & os.O_CREAT:
            if self._effects.dead and found is not None:
                raise Crash("open")
            return do()
        descriptor: int = self._effects.around(f"open {self._named(found)}", do)
        return descriptor

    def close(self, descriptor: int) -> None:
        self._open.pop(descriptor, None)
        REAL["close"](descriptor)

    def let_go(self) -> None:
        """Close what a dead process has open, as the system does; this frees its locks."""
        for descriptor in self._open if self._effects.dead else ():
            # One that was closed behind our back may be something else's by now.
            with contextlib.suppress(OSError):
                if inode(descriptor) == self._inodes[descriptor]:
                    REAL["close"](descriptor)

    def write(self, descriptor: int, data: Any) -> Any:
        return self._written("write", descriptor, data, ())

    def pwrite(self, descriptor: int, data: Any, offset: int) -> Any:
        return self._written("pwrite", descriptor, data, (offset,))

    def _written(self, kind: str, descriptor: int, data: Any, where: tuple[int, ...]) -> Any:
        found = self._open.get(descriptor)
        if found is None:
            return REAL[kind](descriptor, data, *where)
        part = bytes(data)[: len(data) // 2]
        return self._effects.around(
            f"{kind} {self._named(found)}",
            lambda: REAL[kind](descriptor, data, *where),
            half=lambda: REAL[kind](descriptor, part, *where),
        )

    def fsync(self, descriptor: int) -> None:
        found = self._open.get(descriptor)
        if found is None:
            REAL["fsync"](descriptor)
            return

        def do() -> None:
            REAL["fsync"](descriptor)
            if self._effects.disk is not None:
                self._effects.disk.synced(descriptor, found)

        self._effects.around(f"fsync {self._named(found)}", do)

    def ftruncate(self, descriptor: int, length: int) -> None:
        found = self._open.get(descriptor)
        if found is None:
            REAL["ftruncate"](descriptor, length)
            return
        name = f"ftruncate {self._named(found)}"
        self._effects.around(name, lambda: REAL["ftruncate"](descriptor, length))

    def flock(self, descriptor: Any, operation: int) -> None:
        found = self._open.get(descriptor)
        if found is None or not operation & fcntl.LOCK_EX:
            REAL_FLOCK(descriptor, operation)
            return
        self._effects.around("flock lock", lambda: REAL_FLOCK(descriptor, operation))

    def replace(self, source: Any, target: Any, **more: Any) -> None:
        self._moved("replace", source, target, more)

    def rename(self, source: Any, target: Any, **more: Any) -> None:
        self._moved("rename", source, target, more)

    def _moved(self, kind: str, source: Any, target: Any, more: dict[str, Any]) -> None:
        found = self._inside(target)

        def do() -> None:
            REAL[kind](source, target, **more)
            if found is not None and self._effects.disk is not None:
                self._effects.disk.moved(Path(os.path.abspath(source)), found)

        if found is None:
            do()
            return
        self._effects.around(f"{kind} {self._named(found)}", do)

    def unlink(self, path: Any, **more: Any) -> None:
        found = self._inside(path)
        if found is None or (not os.path.lexists(path) and not self._effects.dead):
            REAL["unlink"](path, **more)
            return

        def do() -> None:
            REAL["unlink"](path, **more)
            if self._effects.disk is not None:
                self._effects.disk.removed(found)

        self._effects.around(f"unlink {self._named(found)}", do)

    def mkdir(self, path: Any, *more: Any, **options: Any) -> None:
        found = self._inside(path)
        if found is None:
            REAL["mkdir"](path, *more, **options)
            return
        self._effects.around(f"mkdir {found.name}", lambda: REAL["mkdir"](path, *more, **options))


@contextlib.contextmanager
def watched(effects: Effects, folder: Path) -> Iterator[None]:
    """Make every step on a file of a folder an effect."""
    files = Files(effects, folder)
    steps = {name: getattr(files, name) for name in REAL if name != "link"}
    with mock.patch.multiple(os, **steps), mock.patch.object(fcntl, "flock", files.flock):
        try:
            yield
        finally:
            files.let_go()
