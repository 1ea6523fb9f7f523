"""The list of commands, and those that are not on it."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from pushctl.cli.main import cli
from pushctl.cli.registry import ALIASES, COMMANDS, MEANT
from tests.acceptance.cli import Here


@pytest.mark.parametrize("name", COMMANDS)
def test_a_line_of_help_is_what_the_command_says_itself(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.name == name
    assert command.get_short_help_str(100) == COMMANDS[name][1]


def test_commands_are_listed_in_the_order_of_the_table(tmp_path: Path) -> None:
    listed = Here(tmp_path).run("--help").out.split("Commands:\n")[1].split("\n\n")[0]
    assert [line.split()[0] for line in listed.splitlines()] == list(COMMANDS)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("pln", "There is no command 'pln'. Did you mean plan?"),
        ("zzz", "There is no command 'zzz'."),
        ("diff", "There is no command 'diff'. `pushctl plan` shows what apply would change."),
        ("ls", "`pushctl status` shows every push, `state list` only what is recorded."),
        ("\x1b[31m", "There is no command '\\x1b[31m'."),
    ],
)
def test_an_unknown_command(typed: str, told: str, tmp_path: Path) -> None:
    ran = Here(tmp_path).run(typed)
    assert (ran.code, ran.out) == (64, "")
    assert ran.err.rstrip().endswith(told)


def test_a_name_of_another_tool_is_a_command_of_ours(tmp_path: Path) -> None:
    here = Here(tmp_path)
    assert here.run("lint", "--help").out == here.run("validate", "--help").out
    assert here.run("lint").code == here.run("validate").code == 1


def test_names_of_other_tools_lead_to_commands_that_there_are() -> None:
    assert not COMMANDS.keys() & (MEANT.keys() | ALIASES)
    assert {*ALIASES.values(), *(text.split()[0] for text in MEANT.values())} <= COMMANDS.keys()
