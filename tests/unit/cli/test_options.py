"""Mistakes with options, and what is said about them."""

from __future__ import annotations

from pathlib import Path

from tests.acceptance.cli import Here


def test_an_option_that_exists_nowhere_is_wrong_usage(tmp_path: Path) -> None:
    ran = Here(tmp_path).run("validate", "--colour")
    assert ran.code == 64
    assert "--color" in ran.err
