"""A file of another git repository at one commit: fetched once, verified whenever it is read."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pushctl.errors import ConfigError
from pushctl.git_command import environment, run_git
from pushctl.manifest.files.reader import FileProblem
from pushctl.masking import mask
from pushctl.text.quote import quoted

if TYPE_CHECKING:
    import subprocess

TIMEOUT = 30.0
"""Seconds that one call of git may take."""

FORM = "git+https://HOST/REPOSITORY//FILE?ref=COMMIT"
_HOST = r"(?:https://|ssh://(?:\w[\w.-]*@)?|file://(?=/))(?:\w[\w.-]*(?::\d+)?)?"
_ADDRESS = rf"(?a)(git\+({_HOST}/[^\s?#]+?)//([^?#]+))\?ref=([0-9a-f]{{40}})"


class GitFile(NamedTuple):
    """The file `path` in the commit of this full id; `name` is what findings call it."""

    name: str
    url: str
    path: str
    commit: str


def parse(address: str) -> GitFile | None:
    """Read an address like `FORM`; None if it is the path of a file. Raises `FileProblem`."""
    plain = len(address) <= 1000 and address.isprintable()  # longer ones would take long to match
    if plain and (found := re.fullmatch(_ADDRESS, address)):
        return GitFile(*found.groups())
    if not re.match(r"git\+|[\w+.-]+:(:|//)", address):
        return None
    if plain and re.search("//[^/]*:[^/]*@|https?://[^/]*@", address):
        raise FileProblem("The address holds a name or a password.", "leave the password to git")
    detail = f"{quoted(address)} is no file at a commit; a branch or tag may be another tomorrow."
    raise FileProblem(detail, f"write {FORM} with all 40 digits of the commit, or git+ssh://")


def content(file: GitFile, *, fetch: bool, limit: int) -> bytes:
    """Return the file, and fetch it if this machine never did; raises `FileProblem`."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = Path(os.environ.get("PUSHCTL_CACHE") or Path(cache, "pushctl")).absolute()
    kept = folder / f"{file.commit}-{hashlib.sha256(file.url.encode()).hexdigest()[:16]}"
    if not kept.exists():
        if not fetch:
            raise FileProblem(f"{file.name} was not fetched yet.", "run `pushctl validate`")
        _fetch(file, kept)
    oid = _object(kept, "commit", file.commit, limit)[5:45].decode("ascii", "replace")
    *folders, name = file.path.encode().split(b"/")
    for entry in (*(b"40000 " + part for part in folders), b"100644 " + name):
        # A tree is a list of mode, name and the 20 bytes of an id.
        tree = re.findall(rb"(?s)([^\0]+)\0(.{20})", _object(kept, "tree", oid, limit))
        oid = dict(tree).get(entry, b"").hex()
        if not oid:
            detail = f"There is no file {file.path} in the commit {file.commit} of {file.url}."
            raise FileProblem(detail, "correct the path, or name another commit")
    return _object(kept, "blob", oid, limit)


def _fetch(file: GitFile, kept: Path) -> None:
    from tempfile import TemporaryDirectory  # noqa: PLC0415  (see below)

    words = ("fetch", "--quiet", "--no-tags", "--depth=1", file.url, file.commit)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory("", "fetch-", kept.parent, ignore_cleanup_errors=True) as new:
            _git("init", "--quiet", "--bare", "--template=", "--object-format=sha1", f"{new}/git")
            done = _git(f"--git-dir={new}/git", *words, protocols="file:https:ssh")
            if done.returncode != 0:
                said = re.sub("//[^/ ]*@|[^ -~]+", " ", done.stderr.decode("ascii", "replace"))
                detail = f"{file.name} cannot be fetched: {mask(' '.join(said.split()))[:300]}"
                raise FileProblem(detail, f"try the same: git fetch {file.url} {file.commit}")
            Path(new, "git").rename(kept)
    except OSError as error:
        if not kept.exists():  # else another process was faster
            detail = f"{file.name} cannot be kept in {kept.parent}: {error.strerror}."
            raise FileProblem(detail, "name another folder in PUSHCTL_CACHE") from None


def _object(kept: Path, kind: str, oid: str, limit: int) -> bytes:
    """Return an object that is what its id says, whoever can write into the folder."""
    size = _git(f"--git-dir={kept}", "cat-file", "-s", oid).stdout.strip()
    if size.isdigit() and int(size) > limit:
        raise FileProblem(f"What {kept} holds is larger than {limit:,} bytes.", "name another file")
    found = _git(f"--git-dir={kept}", "cat-file", kind, oid).stdout
    whole = b"%s %d\0" % (kind.encode(), len(found)) + found
    if hashlib.sha1(whole, usedforsecurity=False).hexdigest() != oid:
        raise FileProblem(f"The copy in {kept} is damaged.", "delete it")
    return found


def _git(*arguments: str, protocols: str = "none") -> subprocess.CompletedProcess[bytes]:
    """Run git, with no terminal that it could ask; raises `FileProblem`."""
    try:
        return run_git(*arguments, env=environment(protocols=protocols), timeout=TIMEOUT)
    except ConfigError as error:
        raise FileProblem(f"{error.summary}.", error.fix or "") from None
    except TimeoutError as error:
        raise FileProblem(f"{error}.", "try it again later") from None
