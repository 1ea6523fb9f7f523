"""Writing files that a command was asked to write, and rewriting those of the manifest."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pushctl.atomic_write import replace_file
from pushctl.errors import PushctlError
from pushctl.masking import mask


def write_file(path: Path, text: str, *, exact: bool = False) -> None:
    """Write a file: atomically if it is an ordinary one, through links and into pipes otherwise.

    Credentials are left out unless it has to be `exact`. Raises `PushctlError`; also for `-`, by
    which people mean stdout and would get a file.
    """
    if str(path) == "-":
        detail = "What this option writes goes into a file."
        fix = "for stdout use --format; for a file of this name write ./-"
        raise PushctlError("- is not the name of a file", detail, fix=fix)
    data = (text if exact else mask(text)).encode("utf-8", "surrogatepass")
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            path.write_bytes(data)
        else:
            replace_file(path, data, mode=0o666 & ~_umask())
    except OSError as error:
        fix = "name a file in a folder that exists and is writable"
        raise _not_written(str(path), error, fix) from error


def rewrite(folder: Path, name: str, before: bytes, after: bytes) -> None:
    """Replace a file atomically, if it is still what was read; its permissions stay.

    `name` is relative to `folder`. Links are not followed: what they lead to may belong to others.
    Raises `PushctlError`.
    """
    path = Path(os.path.realpath(folder)) / name
    try:
        if Path(os.path.realpath(path)) != path:
            detail = f"{name} is a link, or stands in a folder that is one"
            fix = "change the file that it leads to"
            raise PushctlError("A link is not written through", detail, fix=fix)
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise PushctlError("Only files are written", f"{name} is something else")
        if path.read_bytes() != before:
            detail = f"{name} is not what was read a moment ago"
            fix = "run the same command again"
            raise PushctlError("The file was changed meanwhile", detail, fix=fix)
        replace_file(path, after, mode=stat.S_IMODE(facts.st_mode))
    except OSError as error:
        raise _not_written(name, error, "make it and its folder writable") from error


def _not_written(name: str, error: OSError, fix: str) -> PushctlError:
    detail = f"{name}: {error.strerror or error}"
    return PushctlError("The file cannot be written", detail, fix=fix)


def _umask() -> int:
    """Return what the user's new files are not to allow; the system tells only by a change."""
    allowed = os.umask(0o077)
    os.umask(allowed)
    return allowed
