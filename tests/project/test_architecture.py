"""The map shows the territory: every module is named in the architecture, and none that is gone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
NAMED = set(re.findall(r"`(?:\w+/)?(\w+\.py)`", PAGE))
OBVIOUS = {"__init__.py", "__main__.py"}


def modules(folder: str) -> set[str]:
    return {path.name for path in (ROOT / "pushctl" / folder).glob("*.py")} - OBVIOUS


@pytest.mark.parametrize("folder", ["core", "engine", "manifest", "cloud", "store", "render"])
def test_every_module_is_on_the_map(folder: str) -> None:
    assert modules(folder) <= NAMED


def test_the_map_names_nothing_that_is_gone() -> None:
    there = {path.name for path in (ROOT / "pushctl").rglob("*.py")}
    assert there >= NAMED
