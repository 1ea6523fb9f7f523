"""What is left of a folder after a power cut: only what was synced.

The strictest reading of POSIX: the content of a file is durable once the file was synced, and its
name once the folder was. Real file systems keep more, so both extremes are tried: everything there
(a killed process), and nothing beyond what was asked for (this).
"""

from __future__ import annotations

import os
from pathlib import Path

LARGE = 1 << 26


class Disk:
    """Follows one folder through one run."""

    def __init__(self, folder: Path) -> None:
        """Begin with a folder in which everything is durable."""
        self._folder = folder
        self._next = 0
        self._now: dict[str, int] = {}
        self._content: dict[int, bytes] = {}
        self._handles: dict[int, int] = {}
        for path in folder.iterdir():
            if path.is_file():
                self._content[self._token(path)] = path.read_bytes()
        self._durable = dict(self._now)

    def _token(self, path: Path) -> int:
        """Return what stands for the file itself, whatever it is called later."""
        if path.name not in self._now:
            self._next += 1
            self._now[path.name] = self._next
        return self._now[path.name]

    def opened(self, descriptor: int, path: Path, *, made: bool) -> None:
        if path == self._folder:
            return
        if made:
            self._now.pop(path.name, None)
        self._handles[descriptor] = self._token(path)

    def synced(self, descriptor: int, path: Path) -> None:
        if path == self._folder:
            self._durable = dict(self._now)
            return
        self._content[self._handles[descriptor]] = os.pread(descriptor, LARGE, 0)

    def moved(self, source: Path, target: Path) -> None:
        self._now[target.name] = self._token(source)
        del self._now[source.name]

    def removed(self, path: Path) -> None:
        self._now.pop(path.name, None)

    def cut(self) -> None:
        """Leave in the folder what a power cut at this moment would."""
        for path in self._folder.iterdir():
            if path.is_file():
                path.unlink()
        for name, token in self._durable.items():
            (self._folder / name).write_bytes(self._content.get(token, b""))
