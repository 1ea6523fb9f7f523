"""Colour, and which stream gets what."""

from __future__ import annotations

import io

import pytest

from pushctl.cli.output import Output, cells, colored


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


@pytest.mark.parametrize(("quiet", "talk"), [(False, "a\n"), (True, "")])
def test_quiet_is_about_talk_only(
    quiet: bool, talk: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output = Output(quiet=quiet)
    output.talk("a")
    output.alarm("b\n")
    output.result("c")
    assert capsys.readouterr() == ("c", f"{talk}b\n")
