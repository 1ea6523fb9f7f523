"""What systems do differently, each as it is on the others."""

from __future__ import annotations

import errno
import ntpath
import os
import posixpath
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pushctl import portable


def test_a_link_is_not_opened_where_open_itself_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "b").symlink_to("a")
    monkeypatch.setattr(portable, "NO_FOLLOW", 0)
    with pytest.raises(OSError, match="symbolic links"):
        portable.open_file(tmp_path / "b", os.O_RDONLY)
    for path, follow in ((tmp_path / "a", False), (tmp_path / "b", True)):
        os.close(portable.open_file(path, os.O_RDONLY, follow=follow))


@pytest.mark.parametrize(
    ("full", "fails", "called"),
    [
        (None, 0, ["fsync"]),
        (51, 0, ["full"]),
        (51, errno.ENOTSUP, ["full", "fsync"]),
        (51, errno.EIO, ["full"]),
    ],
)
def test_a_disk_of_a_mac_is_asked_itself(
    full: int | None, fails: int, called: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []

    def control(descriptor: int, what: int) -> None:
        found.append("full")
        if fails:
            raise OSError(fails, os.strerror(fails))

    mac = SimpleNamespace(F_FULLFSYNC=full, fcntl=control)
    monkeypatch.setattr(portable, "fcntl", mac)
    monkeypatch.setattr(os, "fsync", lambda descriptor: found.append("fsync"))
    if fails == errno.EIO:
        with pytest.raises(OSError, match="error"):
            portable.sync(7)
    else:
        portable.sync(7)
    assert found == called


@pytest.mark.parametrize(
    ("path", "folder", "system", "expected"),
    [
        ("/a/b/c", "/a", posixpath, "b/c"),
        ("/a/b\\c", "/a", posixpath, "b\\c"),
        (r"C:\a\b\c", r"c:\A", ntpath, "b/c"),
        (r"C:\b", r"C:\a", ntpath, "../b"),
        (r"D:\b\c", r"C:\a", ntpath, "D:/b/c"),
    ],
)
def test_the_way_to_a_file_has_the_slashes_of_git(
    path: str, folder: str, system: Any, expected: str
) -> None:
    assert portable.relative(path, folder, system) == expected


def test_a_clock_that_nobody_sets_is_there_on_every_system(monkeypatch: pytest.MonkeyPatch) -> None:
    before = portable.uptime()
    assert portable.uptime() >= before
    monkeypatch.delattr(time, "clock_gettime")
    assert portable.uptime() >= time.monotonic() - 60
