"""`help`: the list of topics, a page, a command."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from pushctl.cli.commands.help import topics
from tests.acceptance.cli import Here

WIDE = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
"""No width but that of the terminal; who runs the tests may have set one."""


def test_without_a_topic_all_are_listed_in_eighty_columns(tmp_path: Path) -> None:
    ran = Here(tmp_path).run("help")
    assert (ran.code, ran.err) == (0, "")
    assert [line.split()[0] for line in ran.out.splitlines() if line[:2] == "  "] == topics.names()
    assert "\nRun in CI\n" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_a_page_is_plain_text_where_it_is_piped(tmp_path: Path) -> None:
    ran = Here(tmp_path).run("help", "state/oss")
    assert (ran.code, ran.err) == (0, "")
    assert "The state in Alibaba Cloud OSS" in ran.out.splitlines()[0]
    assert "\x1b" not in ran.out


@pytest.mark.parametrize("words", [("plan",), ("state", "list"), ("sandbox", "clock", "next")])
def test_a_command_shows_its_options(words: tuple[str, ...], tmp_path: Path) -> None:
    ran = Here(tmp_path).run("help", *words)
    assert ran.code == 0
    assert ran.out == Here(tmp_path).run(*words, "--help").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("manifset",), "There is no topic 'manifset'. Did you mean manifest?"),
        (("aply",), "There is no topic 'aply'. Did you mean apply?"),
        (("zzz",), "There is no topic 'zzz'. `pushctl help` lists all topics."),
        (("plan", "zzz"), "There is no topic 'plan zzz'."),
        (("PSH301",), "There is no topic 'PSH301'. See `pushctl explain PSH301`."),
    ],
)
def test_an_unknown_topic(words: tuple[str, ...], told: str, tmp_path: Path) -> None:
    ran = Here(tmp_path).run("help", *words)
    assert (ran.code, ran.out) == (64, "")
    assert told in " ".join(ran.err.split())


def test_a_terminal_gets_its_pager_its_width_and_colour(tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\necho PAGED; cat\n", "utf-8")
    pager.chmod(0o755)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "pushctl", "help", "start"],
        stdin=theirs,
        stdout=theirs,
        env={**WIDE, "PAGER": str(pager), "TERM": "xterm"},
    )
    os.close(theirs)
    lines = read(ours).replace("\r\n", "\n").splitlines()
    assert process.wait(30) == 0
    assert lines[0] == "PAGED"
    assert "\x1b[1mFive minutes" in lines[1]
    assert 50 < max(len(line) for line in lines if "\x1b" not in line and line[:4] != "    ") <= 60


def read(terminal: int) -> str:
    """Return all that is written to a terminal until nobody holds its other end."""
    found = b""
    while True:
        try:
            found += os.read(terminal, 65536)
        except OSError:
            os.close(terminal)
            return found.decode("utf-8")
