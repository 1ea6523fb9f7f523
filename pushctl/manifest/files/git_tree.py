"""The files of an earlier version, as a list of names and a way to their contents. Pure.

The same rules as for files on disk, with one more: links are not followed, since what they led to
then cannot be known.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from pushctl.manifest.files.reader import FileProblem, Files

REGULAR = frozenset({"100644", "100755", "100664"})
"""Modes of git's regular files; the others are links (120000) and other repositories (160000)."""


class TreeFile(Struct, frozen=True):
    """One name of a version: whether it is a file of its own, and what its content is called."""

    regular: bool
    oid: str


class Tree(Files):
    """The files below one folder, as they were."""

    def __init__(
        self,
        root: Path,
        files: Mapping[str, TreeFile],
        load: Callable[[str], bytes],
        outside: Callable[[str], TreeFile | None] = lambda name: None,
    ) -> None:
        """Know `files` by name, and with `outside` those of the repository around the folder."""
        super().__init__(root)
        self._files, self._load, self._outside = files, load, outside

    def exists(self, name: str) -> bool:
        """Tell whether there is a file of that name."""
        return name in self._files

    def real(self, name: str) -> str:
        """Return the name itself, since nothing is a link; raises `FileProblem`."""
        self._file(name)
        return name

    def _file(self, name: str) -> TreeFile:
        found = self._files.get(name) or self._outside(name)
        if found is None:
            fix = "correct the path, or create the file"
            raise FileProblem(f"There is no file {name}.", fix)
        if not found.regular:
            raise FileProblem(f"{name} is a link or another repository, not a file.", "name a file")
        return found

    def read(self, name: str, *, limit: int) -> bytes:
        """Return the content of a file; raises `FileProblem`."""
        return self._taken(name, self._load(self._file(name).oid), limit)

    def matches(self, pattern: str) -> list[str]:
        """Return the names that match a glob pattern, sorted; raises `FileProblem`."""
        parts = tuple(pattern.split("/"))
        return sorted(name for name in self._files if _fits(tuple(name.split("/")), parts))


def _fits(name: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    """Match folder by folder; `**` is any number of folders.

    Follows every way through the pattern at once, so that no pattern takes long.
    """
    ways = _skipping({0}, pattern)
    for part in name:
        onward = {at for at in ways if at < len(pattern) and pattern[at] == "**"}
        named = {at for at in ways - onward if at < len(pattern)}
        onward |= {at + 1 for at in named if fnmatch.fnmatchcase(part, pattern[at])}
        ways = _skipping(onward, pattern)
    return len(pattern) in ways and pattern[-1] != "**"


def _skipping(ways: set[int], pattern: tuple[str, ...]) -> set[int]:
    """Add the ways on which `**` stands for no folder at all."""
    found = set(ways)
    for at, part in enumerate(pattern):
        if part == "**" and at in found:
            found.add(at + 1)
    return found
