"""`explain`: the page of a rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.lint.registry import rules
from tests.acceptance.cli import Here


@pytest.mark.parametrize("code", ["PSH301", "psh301", "301", " 301 "])
def test_a_rule_is_found_however_it_is_typed(code: str, tmp_path: Path) -> None:
    ran = Here(tmp_path).run("explain", code)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("PSH301  vivo will reject")
    assert "What to do" in ran.out


def test_without_a_code_all_are_listed(tmp_path: Path) -> None:
    lines = Here(tmp_path).run("explain").out.splitlines()
    assert [line.split()[0] for line in lines] == list(rules())


def test_a_code_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    ran = Here(tmp_path).run("explain", "PSH031")
    assert ran.code == 1
    assert "There is no such rule" in ran.err
    assert "pushctl explain" in ran.err


@pytest.mark.parametrize(
    ("code", "near"), [("PSH390", "PSH3"), ("PSH999", None), ("PSH690", "PSH6"), ("0", None)]
)
def test_only_what_is_close_is_suggested(code: str, near: str | None, tmp_path: Path) -> None:
    err = Here(tmp_path).run("explain", code).err
    assert "There is no such rule" in err
    assert ("lists all codes" in err) is (near is None)
    assert near is None or f"pushctl explain {near}" in err


def test_a_code_of_a_team_that_is_not_here(tmp_path: Path) -> None:
    ran = Here(tmp_path).run("explain", "ACME001")
    assert (ran.code, ran.out) == (1, "")
    assert "no package with such rules is installed" in ran.err
