"""Reading files, and nothing outside the manifest's folder. The package's only effect.

A pull request may bring any path it likes, so every path is resolved, links and all, before it is
opened, and opened so that no part of it can have become a link meanwhile; what is not a regular
file below the root is refused.
"""

from __future__ import annotations

import errno
import hashlib
import os
import posixpath
import stat
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from pushctl.diagnostics import Diagnostic, Range
from pushctl.manifest.files import glob
from pushctl.manifest.rules import diagnostic
from pushctl.manifest.yaml import errors as yaml_errors
from pushctl.portable import NO_FOLLOW, open_file, relative

MAX_INCLUDES = 2000
MAX_TOTAL = 250_000_000
"""Bytes of all files of one manifest together."""

OUTSIDE = "../"
"""How the name of a file begins that is not in the manifest's folder."""


class FileProblem(Exception):
    """A file that cannot be used; `words` are those of its finding."""

    def __init__(self, detail: str, fix: str | None, code: str = "PSH107") -> None:
        super().__init__(detail)
        self.words = (code, detail, fix)

    def finding(self, where: Range | None) -> Diagnostic:
        """Return the finding, at the place that named the file."""
        code, detail, fix = self.words
        return diagnostic(code, detail, where, fix)


class Files:
    """The files below one folder; remembers what was read.

    `unsaved` holds what somebody has changed in an editor, by name; it counts before the disk.
    `fetch` tells whether a file of another repository may be fetched.
    """

    def __init__(
        self, root: Path, unsaved: Mapping[str, bytes] | None = None, *, fetch: bool = True
    ) -> None:
        self.fetch = fetch
        self._root = Path(os.path.realpath(root))
        self._unsaved = unsaved or {}
        self._digests: dict[str, bytes] = {}
        self._left = MAX_TOTAL

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all files that were read, sorted."""
        return tuple(sorted(self._digests))

    @property
    def digest(self) -> str:
        """Return a SHA-256 over the names and contents of all files that were read."""
        total = hashlib.sha256()
        for name in self.names:
            total.update(hashlib.sha256(name.encode("utf-8", "surrogateescape")).digest())
            total.update(self._digests[name])
        return total.hexdigest()

    def name(self, path: str, *, beside: str = "", shared: bool = False) -> str:
        """Return a path's name relative to the root; raises `FileProblem` if it leads outside.

        `beside` is the name of the file that mentions it. What is `shared` with other manifests may
        be anywhere in the repository; whether it is there, `read` finds out.
        """
        if any(ord(character) < 32 for character in path):
            raise FileProblem("The path holds a control character.", "correct the path")
        name = name_of(path, beside, str(self._root))
        # Another drive may be another machine, which even a look would tell who asks.
        elsewhere = os.path.splitdrive(name)[0]
        if elsewhere or (not shared and (name == ".." or name.startswith(OUTSIDE))):
            raise self._escapes(path)
        return name

    def exists(self, name: str) -> bool:
        """Tell whether there is a file of just that name, also where capitals do not count."""
        path = self._root / name
        try:
            there = path.is_file() and path.name in os.listdir(path.parent)
            return there or name in self._unsaved
        except (OSError, ValueError):
            return False

    def read(self, name: str, *, limit: int) -> bytes:
        """Return the content of a file; raises `FileProblem`."""
        path = self._inside(name)
        content = self._unsaved.get(name)
        if content is None:
            content = self._from_disk(name, path, limit)
        return self._taken(name, content, limit)

    def _taken(self, name: str, content: bytes, limit: int) -> bytes:
        """Remember what a file holds, unless it is too much."""
        if len(content) > limit:
            raise self._too_large(name, len(content), limit)
        self._left -= len(content)
        if self._left < 0:
            detail = f"With {name}, all files together have more than {MAX_TOTAL / 1e6:.0f} MB."
            fix = "split the manifest into several projects"
            raise FileProblem(detail, fix, "PSH108")
        self._digests[name] = hashlib.sha256(content).digest()
        return content

    def _from_disk(self, name: str, path: Path, limit: int) -> bytes:
        try:
            # Before it is opened, since opening alone does something to some devices.
            self._check(name, os.stat(path), limit)
            with open(self._opened(path), "rb") as stream:
                self._check(name, os.fstat(stream.fileno()), limit)
                return stream.read(limit + 1)
        except FileNotFoundError:
            raise self._not_found(name) from None
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else "no path"
            detail = f"{name} cannot be read: {reason}."
            raise FileProblem(detail, "check its permissions") from None

    def real(self, name: str) -> str:
        """Return what a name leads to, links resolved; raises `FileProblem`."""
        return str(self._inside(name))

    def matches(self, pattern: str) -> list[str]:
        """Return the names that match a glob pattern, sorted; raises `FileProblem`."""
        try:
            return glob.matching(self._root, pattern, most=MAX_INCLUDES)
        except OSError as error:
            detail = f"The pattern {pattern} cannot be followed: {error.strerror or 'no path'}."
            fix = "make the folders that it names readable, or name others"
        except ValueError:
            detail = f"The pattern {pattern} cannot be used."
            fix = "write it like campaigns/*.yaml, or ** as a whole folder name"
        except glob.LeadsOut as error:
            raise self._escapes(str(error)) from None
        except glob.TooManyLooks:
            detail = f"The pattern {pattern} goes through more than {glob.MAX_LOOKS:,} names."
            fix = "name the folder that holds the files, like campaigns/*.yaml"
        raise FileProblem(detail, fix)

    def _check(self, name: str, facts: os.stat_result, limit: int) -> None:
        if not stat.S_ISREG(facts.st_mode):
            kind = "folder" if stat.S_ISDIR(facts.st_mode) else "special file"
            raise FileProblem(f"{name} is a {kind}, not a file.", "name a file")
        if facts.st_size > limit:
            raise self._too_large(name, facts.st_size, limit)

    def _opened(self, path: Path) -> int:
        """Open a resolved path below the root, folder by folder, following no links."""
        if not (NO_FOLLOW and os.open in os.supports_dir_fd):
            return _opened_and_looked_at(path)
        top = self._root if path.is_relative_to(self._root) else _repository(self._root)
        *folders, last = path.relative_to(top).parts or (".",)
        flags = os.O_RDONLY | os.O_DIRECTORY | NO_FOLLOW
        at = os.open(top, flags)
        try:
            for folder in folders:
                below = os.open(folder, flags, dir_fd=at)
                os.close(at)
                at = below
            return open_file(last, os.O_RDONLY, dir_fd=at)
        finally:
            os.close(at)

    def _inside(self, name: str) -> Path:
        try:
            real = Path(os.path.realpath(self._root / name))
        except (OSError, ValueError):
            raise self._not_found(name) from None
        top = _repository(self._root) if name.startswith(OUTSIDE) else self._root
        if not real.is_relative_to(top):
            raise self._escapes(name)
        return real

    def _escapes(self, path: str) -> FileProblem:
        detail = (
            f"{path} leads outside the folder of the manifest, and only files inside it are read; "
            "for `extends` it is the repository."
        )
        fix = "copy the file into the folder and name it without .. or links"
        return FileProblem(detail, fix, "PSH106")

    def _too_large(self, name: str, size: int, limit: int) -> FileProblem:
        finding = yaml_errors.too_large(name, size, limit)
        return FileProblem(finding.detail, finding.fix, finding.code)

    def _not_found(self, name: str) -> FileProblem:
        guess = self._similar(name)
        fix = f"did you mean {guess}?" if guess else "correct the path, or create the file"
        if "\\" in name:
            fix = "write / between folders, as every system understands it"
        if not guess and not self.names:
            fix = "write one with `pushctl init`, or name another folder with -C"
        return FileProblem(f"There is no file {name}.", fix)

    def _similar(self, name: str) -> str | None:
        """Find a file of nearly the same name in the same folder, or a folder above."""
        wanted = PurePosixPath(name)
        try:
            folder = self._inside(str(wanted.parent))
            there = [item.name for item in list(folder.iterdir())[:1000] if item.is_file()]
        except (OSError, FileProblem):
            return None
        import difflib  # noqa: PLC0415  (only where a file is missing)

        found = difflib.get_close_matches(wanted.name, sorted(there), n=1, cutoff=0.5)
        return str(wanted.parent / found[0]) if found else None


def name_of(path: str, beside: str, root: str, system: Any = os.path) -> str:
    """Return a path that a file `beside` it mentions as a name below the root, with / in it.

    `system` is a module such as `os.path`.
    """
    name: str = system.normpath(system.join(posixpath.dirname(beside), path))
    return relative(name, root, system) if system.isabs(name) else name.replace(system.sep, "/")


def _opened_and_looked_at(path: Path) -> int:
    """Open a resolved path where nothing can be opened within an open folder, as on Windows."""
    descriptor = open_file(path, os.O_RDONLY)
    if os.path.realpath(path) == str(path):
        return descriptor
    os.close(descriptor)
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def _repository(folder: Path) -> Path:
    """Return the root of the repository that a folder is in; the folder itself outside of any."""
    return next((at for at in (folder, *folder.parents) if (at / ".git").exists()), folder)
