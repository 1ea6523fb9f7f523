"""What git knows of the manifest's folder: its place, a commit's files, the commit checked out.

It looks at objects and refs: no index, no filters, no diff drivers, and no network. Every call may
take `timeout` seconds.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from pushctl.cli.global_options import MANIFEST
from pushctl.diagnostics import Diagnostic
from pushctl.errors import ConfigError
from pushctl.git_command import COMMAND, TIMEOUT, environment, run_git
from pushctl.manifest.files.git_tree import REGULAR, TreeFile
from pushctl.manifest.files.reader import OUTSIDE

if TYPE_CHECKING:
    import subprocess

SHORT = 2.0
"""Seconds that a call may take where git is only asked for something that is nice to know."""

COMMIT_VARIABLES = ("PUSHCTL_COMMIT", "GITHUB_SHA", "CI_COMMIT_SHA")


class Base(Struct, frozen=True):
    """A commit to compare with: what was typed for it, and its full id."""

    ref: str
    commit: str

    def __str__(self) -> str:
        return f"{self.ref} ({self.commit[:9]})"


class Repository(Struct, frozen=True):
    """The repository that a folder is in. `prefix` is the folder's path in it, with a slash."""

    top: Path
    prefix: str

    def base(self, ref: str, *, timeout: float = TIMEOUT) -> Base:
        """Find a commit; `REF...` is where the branch left REF. Raises `ConfigError`."""
        name = ref.removesuffix("...")
        if not name or name.startswith("-"):
            raise ConfigError("This is no name of a commit", ref, fix="try --base origin/main")
        words = ("--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        done = _git(self.top, "rev-parse", *words, timeout=timeout)
        if done.returncode != 0:
            raise self._unknown(name, "There is no such commit here.")
        if ref != name:
            done = _git(self.top, "merge-base", _text(done), "HEAD")
            if done.returncode != 0:
                raise self._unknown(ref, "It has no commit in common with what is checked out.")
        return Base(ref, _text(done))

    def _unknown(self, ref: str, detail: str) -> ConfigError:
        shallow = _text(_git(self.top, "rev-parse", "--is-shallow-repository")) == "true"
        fix = "name one that `git log` shows, such as origin/main; fetch it if it is new"
        if shallow:
            detail += " This clone holds only the newest commits."
            fix = (
                "fetch all of them: `fetch-depth: 0` for actions/checkout, `GIT_DEPTH: 0` on "
                "GitLab, or git fetch --unshallow"
            )
        return ConfigError("The commit to compare with was not found", f"{ref}: {detail}", fix=fix)

    def files(self, base: Base, *, timeout: float = TIMEOUT) -> dict[str, TreeFile]:
        """Return what the folder held in a commit, by its path in the folder."""
        place = f"{base.commit}:{self.prefix}"
        root = _git(self.top, "rev-parse", "--verify", "--quiet", place, timeout=timeout)
        if root.returncode != 0:
            return {}  # the folder is younger than that commit
        words = ("-r", "-z", "--full-tree", _text(root))
        done = _git(self.top, "ls-tree", *words, timeout=timeout)
        if done.returncode != 0:
            raise _broken(_error(done))
        return listed(done.stdout)

    def outside(self, base: Base, name: str) -> TreeFile | None:
        """Return a file of a commit that is not in the folder, by its way from there."""
        path = posixpath.normpath(self.prefix + name)
        words = ("ls-tree", "-z", "--full-tree", base.commit, "--", path)
        return listed(_git(self.top, *words, timeout=SHORT).stdout).get(path)


def repository(folder: Path, *, timeout: float = TIMEOUT) -> Repository:
    """Find the repository that a folder is in; raises `ConfigError`."""
    done = _git(folder, "rev-parse", "--show-toplevel", "--show-prefix", timeout=timeout)
    if done.returncode != 0:
        error = _error(done)
        if "not a git repository" not in error:
            raise _broken(error)
        detail = f"{folder} is in none, and --base compares with one of its commits."
        fix = "clone the repository, or plan without --base"
        raise ConfigError("There is no git repository here", detail, fix=fix)
    top, _, prefix = done.stdout.decode("utf-8", "surrogateescape").partition("\n")
    return Repository(Path(top), prefix.removesuffix("\n"))


def _broken(detail: str) -> ConfigError:
    return ConfigError("git could not be read", detail, fix="try the same with git, or go without")


def listed(output: bytes) -> dict[str, TreeFile]:
    """Read what `ls-tree -z` prints, as names and what they are; raises `ConfigError`."""
    found: dict[str, TreeFile] = {}
    for item in output.split(b"\0"):
        facts, _, name = item.partition(b"\t")
        words = facts.decode("ascii", "replace").split(" ")
        if item and (len(words) != 3 or not name):
            raise _broken("It lists files in a way that nobody foresaw.")
        if item:
            found[name.decode("utf-8", "surrogateescape")] = TreeFile(words[0] in REGULAR, words[2])
    return found


@contextlib.contextmanager
def blob_reader(repository: Repository) -> Iterator[Callable[[str], bytes]]:
    """Open one process that returns the content of blobs by their id.

    Reading raises `ConfigError` if this clone lacks a blob.
    """
    import subprocess  # noqa: PLC0415  (most commands run no git)

    process = subprocess.Popen(
        [*COMMAND, "cat-file", "--batch"],
        cwd=repository.top,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )

    def read(oid: str) -> bytes:
        try:
            return _blob(process, oid)
        except (OSError, ValueError):
            raise _broken("It ended before it had told all of a file.") from None

    with process:
        try:
            yield read
        finally:
            process.kill()
            with contextlib.suppress(OSError):  # what nobody read any more
                process.communicate()


def _blob(process: subprocess.Popen[bytes], oid: str) -> bytes:
    """Ask for one blob; raises `ConfigError`, OSError and ValueError."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{oid}\n".encode("ascii"))
    process.stdin.flush()
    words = process.stdout.readline().split()
    if words[1:] in ([], [b"missing"]):  # versions that may not fetch it end without a word
        detail = "This clone was made without the contents of earlier commits."
        fix = "clone without --filter, or fetch them: git fetch --refetch --no-filter"
        raise ConfigError("git lacks a file of the commit to compare with", detail, fix=fix)
    _, kind, size = words
    content = process.stdout.read(int(size) + 1)
    if kind != b"blob" or len(content) != int(size) + 1:
        raise ValueError(kind)
    return content[:-1]


def _git(
    folder: Path, *arguments: str, timeout: float = TIMEOUT
) -> subprocess.CompletedProcess[bytes]:
    try:
        return run_git(*arguments, folder=folder, timeout=timeout)
    except TimeoutError as error:
        raise _broken(str(error)) from None


def _text(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")


def _error(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stderr.decode("utf-8", "replace").strip()


# --- the commit that the manifest is at -----------------------------------------------------------


def manifest_commit(
    folder: Path, names: Iterable[str], environ: Mapping[str, str] = os.environ
) -> str:
    """Return the commit that the manifest is at, for the history; empty if nobody knows.

    It ends in `-dirty` if one of the files that were read, whose `names` are given, is not as it is
    in that commit. A CI system's word for the commit comes first. Never a reason to fail.
    """
    named = next((environ[name] for name in COMMIT_VARIABLES if environ.get(name)), "")
    with contextlib.suppress(ConfigError, OSError, ValueError):
        found = repository(folder, timeout=SHORT)
        base = found.base(named or "HEAD", timeout=SHORT)
        listed = found.files(base, timeout=SHORT)
        shared = {name: found.outside(base, name) for name in names if name.startswith(OUTSIDE)}
        listed |= {name: file for name, file in shared.items() if file}
        same = all(name in listed and _is(folder / name, listed[name].oid) for name in names)
        return base.commit + ("" if same else "-dirty")
    return named


def _is(path: Path, oid: str) -> bool:
    """Tell whether a file's content is what git calls by this id, with either line ends."""
    content = path.read_bytes()
    return oid in (_oid(content, oid), _oid(content.replace(b"\r\n", b"\n"), oid))


def _oid(content: bytes, like: str) -> str:
    digest = hashlib.sha256() if len(like) == 64 else hashlib.sha1(usedforsecurity=False)
    digest.update(b"blob %d\0" % len(content) + content)
    return digest.hexdigest()


def branch_with(folder: Path, branch: str, names: Iterable[str]) -> str:
    """Return the ref of a branch, here or of a remote, that has one of these files for a folder.

    Empty if this clone knows none. Never a reason to fail.
    """
    with contextlib.suppress(ConfigError, OSError):
        found = repository(folder, timeout=SHORT)
        heads = (f"refs/heads/{branch}", f"refs/remotes/*/{branch}")
        known = _git(found.top, "for-each-ref", "--format=%(refname)", *heads, timeout=SHORT)
        for ref in _text(known).split():
            paths = [found.prefix + name for name in names]
            if _git(found.top, "ls-tree", "--full-tree", ref, "--", *paths, timeout=SHORT).stdout:
                return ref
    return ""


# --- the place in the repository: code hosts name files from its root -----------------------------


def place_of(folder: Path) -> PurePosixPath | None:
    """Return the way from the root of the repository to a folder; None outside of any."""
    here = folder.resolve()
    # A folder in a repository of its own, a file in a work tree or a submodule.
    root = next((item for item in (here, *here.parents) if (item / ".git").exists()), None)
    return PurePosixPath(here.relative_to(root).as_posix()) if root is not None else None


def root_of(folder: Path) -> Path:
    """Return the root of the repository that a folder is in; the folder itself outside of any."""
    here = folder.resolve()
    return (here, *here.parents)[len(prefix_of(folder).parts)]


def prefix_of(folder: Path) -> PurePosixPath:
    """Return the way from the root of the repository to a folder; `.` outside of any."""
    return place_of(folder) or PurePosixPath()


def path_of(folder: Path, file: str) -> str:
    """Name a manifest by its place in the repository: its folder, empty for that of the root.

    One that is not called as usual is named with its file.
    """
    prefix = prefix_of(folder)
    named = prefix if PurePosixPath(file) == PurePosixPath(MANIFEST) else prefix / file
    return "" if named == PurePosixPath() else named.as_posix()


def from_root(findings: Iterable[Diagnostic], folder: Path) -> tuple[Diagnostic, ...]:
    """Return findings whose file names begin at the root of the repository."""
    prefix = prefix_of(folder)
    return tuple(
        replace(item, range=replace(place, filename=posixpath.normpath(prefix / place.filename)))
        if (place := item.range) is not None and "://" not in place.filename
        else item
        for item in findings
    )
