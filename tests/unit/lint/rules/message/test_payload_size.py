"""How large a message may be, all in all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.lint.found import message, of_entry

ONLY = {
    "ios": {"to": {"ios": ["7" * 64]}},
    "harmony": {"to": {"harmony": ["harmony-1"]}},
    "users": {},
}


@pytest.mark.parametrize(
    ("body", "extras", "codes"),
    [
        ("全" * 679 + "a", {}, set()),  # with the title's 10 bytes exactly 2,048
        ("全" * 679 + "ab", {}, {"PSH306"}),
        ("x", {"payload": "y" * 1010}, set()),
        ("x", {"payload": "y" * 1011}, {"PSH316"}),
        ("x", {"payload": "y" * 2100}, {"PSH306"}),
    ],
)
def test_sizes(body: str, extras: dict[str, str], codes: set[str], tmp_path: Path) -> None:
    entry: dict[str, Any] = {**message(body=body, extras=extras), **ONLY["harmony"]}
    found = of_entry(tmp_path, entry)
    assert set(found) == codes


def test_a_link_counts_too(tmp_path: Path) -> None:
    link = "https://m.acme.example/" + "x" * 2100
    found = of_entry(tmp_path, message(open=link))
    assert "link 2,123" in found["PSH306"].detail
    assert (found["PSH306"].fix or "").startswith("shorten the link by 100 bytes")
