"""Which commit the manifest is at, for the history. Never a reason to fail."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from pushctl.cli import git
from pushctl.errors import ConfigError

SHAS = ("PUSHCTL_COMMIT", "GITHUB_SHA", "CI_COMMIT_SHA")
DIRTY = "-dirty"


def commit(folder: Path, names: Iterable[str], environ: Mapping[str, str]) -> str:
    """Return the commit that the manifest is at; an empty text if nobody knows.

    It ends in `-dirty` if one of the files that were read, whose `names` are given, is not as it is
    in that commit. A CI system's word for the commit comes first.
    """
    said = next((environ[name] for name in SHAS if environ.get(name)), "")
    with contextlib.suppress(ConfigError, OSError, ValueError):
        repository = git.repository(folder, timeout=git.SHORT)
        base = repository.base(said or "HEAD", timeout=git.SHORT)
        listed = repository.files(base, timeout=git.SHORT)
        same = all(name in listed and _is(folder / name, listed[name].oid) for name in names)
        return base.commit + ("" if same else DIRTY)
    return said


def _is(path: Path, oid: str) -> bool:
    """Tell whether a file's content is what git calls by this id."""
    content = path.read_bytes()
    return oid in (_oid(content, oid), _oid(content.replace(b"\r\n", b"\n"), oid))


def _oid(content: bytes, like: str) -> str:
    digest = hashlib.sha256() if len(like) == 64 else hashlib.sha1(usedforsecurity=False)
    digest.update(b"blob %d\0" % len(content))
    digest.update(content)
    return digest.hexdigest()


def known(folder: Path, names: Iterable[str]) -> str:
    """Return the commit that the manifest of this process is at."""
    return commit(folder, names, os.environ)
