"""Read what must be a regular file, whatever stands in its place."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from pushctl.portable import open_file


def read_regular(path: Path, *, follow: bool = True) -> bytes:
    """Return the content of a file; raises OSError.

    A folder, a pipe and a device are refused and never waited for; so is a link unless `follow`.
    """
    descriptor = open_file(path, os.O_RDONLY, follow=follow)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(descriptor)
