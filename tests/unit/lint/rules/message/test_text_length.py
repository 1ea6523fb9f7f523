"""How long title and body may be, by the phones that are reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.diagnostics import Severity
from tests.unit.lint.found import message, of_entry

ONLY = {
    "ios": {"to": {"ios": ["7" * 64]}},
    "harmony": {"to": {"harmony": ["harmony-1"]}},
    "users": {},
}


LENGTHS = {"PSH301", "PSH302", "PSH303", "PSH304", "PSH305", "PSH317", "PSH318"}


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        ("a" * 32, set()),
        ("a" * 33, {"PSH303"}),
        ("a" * 40, {"PSH303"}),
        ("a" * 41, {"PSH301", "PSH303", "PSH304", "PSH305"}),
        ("a" * 51, {"PSH301", "PSH302", "PSH303", "PSH304", "PSH305"}),
        ("a" * 61, LENGTHS),
        ("全" * 20, set()),
        ("全" * 21, {"PSH301", "PSH305"}),
        ("全" * 31, {"PSH301", "PSH305", "PSH317", "PSH318"}),
    ],
)
def test_titles(title: str, codes: set[str], tmp_path: Path) -> None:
    assert set(of_entry(tmp_path, message(title))) == codes


@pytest.mark.parametrize(
    ("body", "style", "codes"),
    [
        ("a" * 100, "default", set()),
        ("a" * 101, "default", {"PSH301"}),
        ("a" * 129, "default", {"PSH301", "PSH302"}),
        ("a" * 129, "big-text", {"PSH301", "PSH302", "PSH303"}),
        ("a" * 201, "default", {"PSH301", "PSH302", "PSH303"}),
        ("全" * 51, "default", {"PSH301"}),
    ],
)
def test_bodies(body: str, style: str, codes: set[str], tmp_path: Path) -> None:
    assert set(of_entry(tmp_path, message(body=body, style=style))) == codes


def test_only_the_phones_that_are_reached_count(tmp_path: Path) -> None:
    long = message("a" * 61)
    assert set(of_entry(tmp_path, {**long, **ONLY["ios"]})) == {"PSH305"}
    assert set(of_entry(tmp_path, {**long, **ONLY["harmony"]})) == {"PSH318"}
    # The service's own channel has no limits of its own, but iPhones stay iPhones.
    assert set(of_entry(tmp_path, {**long, "via": "mps"})) == {"PSH305", "PSH318"}
    assert set(of_entry(tmp_path, {**long, "via": "mps", "to": {"android": ["d1"]}})) == set()


def test_what_to_shorten_is_told_in_numbers(tmp_path: Path) -> None:
    found = of_entry(tmp_path, message("全" * 23))["PSH301"]
    assert found.detail == "The title is 46 of 40 units long; vivo will reject it."
    assert found.fix is not None
    assert found.fix.startswith("shorten it by 3 characters")
    assert found.severity is Severity.ERROR
    assert found.push == "flash-sale"
