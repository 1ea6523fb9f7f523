"""The published schemas."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pushctl import schemas

NAMES = ("manifest", "output", "plan", "state")


@pytest.mark.parametrize("name", NAMES)
def test_a_checkout_has_them_in_its_top_folder(name: str) -> None:
    path = Path(__file__).parents[2] / "schemas" / f"{name}.schema.json"
    assert schemas.read(name) == path.read_text("utf-8")
    assert json.loads(schemas.read(name))["$schema"]


def test_an_unknown_schema_is_no_file() -> None:
    with pytest.raises(FileNotFoundError):
        schemas.read("calendar")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("id", "xmas-2026", True),
        ("id", "Xmas", False),
        ("address", "deal[zh-CN]", True),
        ("date", "2026-12-24", True),
        ("date", "2026-12-24\n", False),
        ("rule_code", "PSH301", True),
        ("every_word", "2 weeks", True),
        ("skipped_text", "2026-12-24 .. 2026-12-26", True),
        ("skipped_text", "holidays", True),
        ("environment_name", "a/b", False),
    ],
)
def test_texts_that_match_a_definition(name: str, text: str, expected: bool) -> None:
    assert schemas.matches(name, text) is expected
