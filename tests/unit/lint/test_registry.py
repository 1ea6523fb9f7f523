"""The rules as a whole: all of them found, and each checked in its package."""

from __future__ import annotations

import re
from pathlib import Path

from pushctl.lint.registry import PACKAGES, checks, rule, rules
from pushctl.rule import rules_of
from tests.unit.lint.rule_pages import CHAPTERS

ROOT = Path(__file__).parents[3]
SOURCES = ROOT / "pushctl"
AREAS = sorted((SOURCES / "lint" / "rules").glob("*/[!_]*.py"))


def used(paths: list[Path]) -> set[str]:
    """Return the codes that are named where findings are made."""
    found = (re.findall(r"\"(PSH\d{3})\"", path.read_text("utf-8")) for path in paths)
    return {code for codes in found for code in codes}


def test_every_code_is_described_and_used() -> None:
    sources = [path for path in SOURCES.rglob("*.py") if "sandbox" not in path.parts]
    assert used(sources) == set(rules())


def test_rules_are_checked_in_the_package_that_describes_them() -> None:
    for package in PACKAGES:
        sources = (SOURCES / package.split(".")[1]).rglob("*.py")
        assert {*rules_of(package)} <= used(sorted(sources))


def test_all_checks_are_found() -> None:
    texts = [path.read_text("utf-8") for path in AREAS]
    of_entries, of_projects = checks()
    assert len(of_entries) == sum("\ndef check(" in text for text in texts)
    assert len(of_projects) == sum("\ndef check_project(" in text for text in texts)


def test_codes_rise_and_stand_in_their_chapters() -> None:
    assert {code[3] for code in rules()} == set(CHAPTERS)
    assert list(rules()) == sorted(rules())


def test_one_rule_is_found_without_the_others() -> None:
    assert [rule(code) for code in rules()] == list(rules().values())
    assert rule("PSH999") is None
    assert rule("ACME001") is None


def test_words_are_for_people() -> None:
    for item in rules().values():
        assert item.title[0].isupper() or item.title.startswith(("vivo", "iPhone")), item.code
        assert not item.title.endswith("."), item.code
        assert item.why.endswith("."), item.code
        assert item.fix.endswith("."), item.code
        assert len(item.title) <= 72, item.code
        assert 60 <= len(item.why) <= 900, item.code
