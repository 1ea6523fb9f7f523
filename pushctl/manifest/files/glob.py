"""Which files a pattern means: a search that stays in its folder and comes to an end.

The standard library's follows links wherever they lead, and takes the longer the more `**` there
are; a pull request may bring both.
"""

from __future__ import annotations

import fnmatch
import os
import posixpath
from pathlib import Path

MAGIC = frozenset("*?[")
MAX_LOOKS = 100_000
"""Names and folders that are looked at before a search is given up."""


class TooManyLooks(Exception):
    """The search would go on for too long."""


class LeadsOut(Exception):
    """A folder that fits is a link out of the root; its name is the argument."""


def matching(root: Path, pattern: str, *, most: int) -> list[str]:
    """Return the names below `root`, a path without links, that fit; sorted, `most` + 1 at most.

    `**` is any number of folders and enters no links; other parts follow links that stay inside.
    Raises ValueError for a pattern that means nothing, OSError, `LeadsOut` and `TooManyLooks`.
    """
    parts = pattern.split("/")
    if any(("**" in part and part != "**") or part in ("", ".", "..") for part in parts):
        raise ValueError(pattern)
    return _Search(root, parts, most).run()


class _Search:
    def __init__(self, root: Path, parts: list[str], most: int) -> None:
        self._root = root
        self._parts = parts
        self._most = most
        self._looks = 0
        self._found: set[str] = set()
        self._left: list[tuple[str, int]] = [("", 0)]
        self._seen = {("", 0)}

    def run(self) -> list[str]:
        while self._left and len(self._found) <= self._most:
            folder, at = self._left.pop()
            if self._parts[at] == "**":
                self._any_depth(folder, at)
            else:
                self._one_level(folder, at)
        return sorted(self._found)

    def _any_depth(self, folder: str, at: int) -> None:
        for name in self._names(folder):
            path = self._root / folder / name
            if path.is_dir() and not path.is_symlink():
                self._go(posixpath.join(folder, name), at)
        if at + 1 < len(self._parts):
            self._go(folder, at + 1)

    def _one_level(self, folder: str, at: int) -> None:
        part = self._parts[at]
        for name in self._fitting(folder, part) if MAGIC & set(part) else [part]:
            inner = posixpath.join(folder, name)
            path = self._root / inner
            if at + 1 == len(self._parts):
                if path.is_symlink() or (path.exists() and not path.is_dir()):
                    self._found.add(inner)
            elif path.is_dir():
                if not Path(os.path.realpath(path)).is_relative_to(self._root):
                    raise LeadsOut(inner)
                self._go(inner, at + 1)

    def _go(self, folder: str, at: int) -> None:
        self._look(1)
        if (folder, at) not in self._seen:
            self._seen.add((folder, at))
            self._left.append((folder, at))

    def _fitting(self, folder: str, part: str) -> list[str]:
        # As in git: `A*` is not `a*`, whatever the file system says.
        return [name for name in self._names(folder) if fnmatch.fnmatchcase(name, part)]

    def _names(self, folder: str) -> list[str]:
        names = os.listdir(self._root / folder)
        self._look(len(names))
        return names

    def _look(self, count: int) -> None:
        self._looks += count
        if self._looks > MAX_LOOKS:
            raise TooManyLooks
