"""Files that a command was asked to write."""

from __future__ import annotations

import os
from pathlib import Path

from pushctl.errors import PushctlError
from pushctl.state.file.atomic_write import replace_file


def write_file(path: Path, text: str) -> None:
    """Write a file: atomically if it is an ordinary one, through links and into pipes otherwise.

    Raises `PushctlError`; also for `-`, by which people mean stdout and would get a file.
    """
    if str(path) == "-":
        raise PushctlError(
            "- is not the name of a file",
            "What this option writes goes into a file.",
            fix="for stdout use --format; for a file of this name write ./-",
        )
    data = text.encode("utf-8", "surrogatepass")
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            path.write_bytes(data)
        else:
            replace_file(path, data, mode=0o666 & ~_umask())
    except OSError as error:
        raise PushctlError(
            "The file cannot be written",
            f"{path}: {error.strerror or error}",
            fix="name a file in a folder that exists and is writable",
        ) from error


def _umask() -> int:
    """Return what the user's new files are not to allow; the system tells only by a change."""
    allowed = os.umask(0o077)
    os.umask(allowed)
    return allowed
