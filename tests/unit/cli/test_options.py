"""Mistakes with options, and what is said about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.cli import Here


@pytest.mark.parametrize("option", ["--color", "--env", "-C", "--debug"])
def test_a_global_option_behind_the_command_is_told_where_to_go(
    option: str, tmp_path: Path
) -> None:
    ran = Here(tmp_path).run("validate", option, "x")
    assert ran.code == 64
    assert f"fix: write it before the command: pushctl {option}" in ran.err


def test_an_option_that_exists_nowhere_gets_no_such_advice(tmp_path: Path) -> None:
    ran = Here(tmp_path).run("validate", "--colour")
    assert ran.code == 64
    assert "before the command" not in ran.err
