"""The published schemas."""

from __future__ import annotations

import json

import pytest

from pushctl import schemas


@pytest.mark.parametrize("name", ["manifest", "plan", "state"])
def test_every_schema_is_there(name: str) -> None:
    assert json.loads(schemas.read(name))["$schema"].startswith("https://json-schema.org/")


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
