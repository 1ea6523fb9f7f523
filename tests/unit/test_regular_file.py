"""Only a regular file is read, and nothing else is waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pushctl.regular_file import read_regular


def test_the_content_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x\0y\r\n")
    (tmp_path / "b").symlink_to(path)
    assert read_regular(path) == read_regular(tmp_path / "b") == b"x\0y\r\n"
    with pytest.raises(OSError, match="symbolic links"):
        read_regular(tmp_path / "b", follow=False)
    with pytest.raises(FileNotFoundError):
        read_regular(tmp_path / "c")


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty", "/"])
def test_what_is_no_file_is_refused(device: str, tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(device)
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    with pytest.raises(OSError):  # noqa: PT011 - a device may refuse in its own words
        read_regular(tmp_path / "a")
    after = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    assert after == before


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a")
    with pytest.raises(OSError, match="not a regular file"):
        read_regular(tmp_path / "a")
