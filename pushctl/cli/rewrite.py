"""Putting another text in the place of a file of the manifest, or leaving the file alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pushctl.errors import PushctlError
from pushctl.state.file.atomic_write import replace_file


def rewrite(folder: Path, name: str, before: bytes, after: bytes) -> None:
    """Replace a file atomically, if it is still what was read; its permissions stay.

    `name` is relative to `folder`. Links are not followed: what they lead to may belong to others.
    Raises `PushctlError`.
    """
    path = Path(os.path.realpath(folder)) / name
    try:
        if Path(os.path.realpath(path)) != path:
            raise PushctlError(
                "A link is not written through",
                f"{name} is a link, or stands in a folder that is one",
                fix="change the file that it leads to",
            )
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise PushctlError("Only files are written", f"{name} is something else")
        if path.read_bytes() != before:
            raise PushctlError(
                "The file was changed meanwhile",
                f"{name} is not what was read a moment ago",
                fix="run the same command again",
            )
        replace_file(path, after, mode=stat.S_IMODE(facts.st_mode))
    except OSError as error:
        raise PushctlError(
            "The file cannot be written",
            f"{name}: {error.strerror or error}",
            fix="make it and its folder writable",
        ) from error
