"""Colour, and which stream gets what."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable
from typing import TextIO

import pytest

from pushctl.cli.output import Output, Unfailing, cells, colored, make_streams_safe


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "environ", "terminal", "expected"),
    [
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"CLICOLOR_FORCE": "1"}, False, True),
        ("auto", {"CLICOLOR_FORCE": "0"}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"CLICOLOR": "0"}, True, False),
    ],
)
def test_who_decides_about_colour(
    choice: str, environ: dict[str, str], terminal: bool, expected: bool
) -> None:
    assert colored(choice, Terminal() if terminal else io.StringIO(), environ) is expected


def test_only_a_terminal_has_a_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "123")
    assert (cells(Terminal()), cells(io.StringIO())) == (123, None)


def test_each_stream_has_the_width_of_its_own_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda number: os.terminal_size((number, 24)))
    stream = Terminal()
    monkeypatch.setattr(stream, "fileno", lambda: 57, raising=False)
    assert (cells(stream), cells(Terminal())) == (57, 80)


@pytest.mark.parametrize(("quiet", "talk"), [(False, "a\n"), (True, "")])
def test_quiet_is_about_talk_only(
    quiet: bool, talk: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output = Output(quiet=quiet)
    output.talk("a")
    output.alarm("b\n")
    output.result("c")
    assert capsys.readouterr() == ("c", f"{talk}b\n")


@pytest.mark.parametrize(("terminal", "shown"), [(True, "a b\n  c\n"), (False, "a b c\n")])
def test_what_people_read_is_folded_to_their_terminal(
    terminal: bool, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, err = (Terminal() if terminal else io.StringIO() for _ in range(2))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setenv("COLUMNS", "4")
    Output().show("a b c\n")
    Output().alarm("a b c")
    assert (out.getvalue(), err.getvalue()) == (shown, shown)


def closed_pipe() -> TextIO:
    """Return the end of a pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    return os.fdopen(writer, "w")


class Failing(io.StringIO):
    """A stream without a descriptor, such as that of a test, that cannot be written."""

    def write(self, text: str) -> int:
        raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize(
    ("stream", "number"),
    [
        (closed_pipe, None),
        (lambda: open("/dev/full", "w"), errno.ENOSPC),  # noqa: SIM115
        (Failing, errno.EIO),
    ],
)
@pytest.mark.parametrize("text", ["short", "long" * 10_000])
def test_what_cannot_be_written_is_dropped(
    stream: Callable[[], TextIO], number: int | None, text: str
) -> None:
    given = stream()
    unfailing = Unfailing(given)
    for _ in range(3):
        assert unfailing.write(text) == len(text)
        unfailing.flush()
    assert (unfailing.failure and unfailing.failure.errno) == number
    given.close()  # as at the end of a process


@pytest.mark.parametrize(("number", "told"), [(errno.EPIPE, False), (errno.ENOSPC, True)])
def test_that_a_reader_went_away_is_no_loss(
    number: int, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Failing()
    monkeypatch.setattr(failing, "write", lambda text: fail_with(number))
    unfailing = Unfailing(failing)
    unfailing.write("x")
    assert (unfailing.failure is not None) is told


def fail_with(number: int) -> int:
    raise OSError(number, os.strerror(number))


@pytest.mark.parametrize("page", ["cp1252", "gbk", "ascii"])
def test_every_code_page_and_system_gets_the_same_bytes(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    for name in ("stdout", "stderr"):
        stream = io.TextIOWrapper(raw, encoding=page, errors="strict", newline="\r\n")
        monkeypatch.setattr(sys, name, stream)
    make_streams_safe()
    Output().result("推送 é 😀 \udc80\n")
    assert raw.getvalue() == "推送 é 😀 \\udc80\n".encode()
