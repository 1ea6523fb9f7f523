"""Replace a file so that after a crash there is the whole of one version, never a part of it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from pushctl.portable import sync


def replace_file(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write `data` to `path` atomically and durably; raises OSError and leaves the former file.

    A temporary file in the same folder, synced, renamed over the path, folder synced.
    """
    from tempfile import mkstemp  # noqa: PLC0415  (whoever only reads needs none of it)

    descriptor, name = mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        try:
            if hasattr(os, "fchmod"):  # older Pythons on Windows lack it
                os.fchmod(descriptor, mode)
            _write(descriptor, data)
            sync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    sync_folder(path.parent)


def _write(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; on Windows, which opens no folders, do nothing."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)
