"""The catalogue as a whole: complete, in order, and the same as the pages made from it."""

from __future__ import annotations

import re
from pathlib import Path

from pushctl.lint import docs
from pushctl.lint.catalogue.catalogue import CHAPTERS, chapter, rule, rules

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "rules"


def used() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "pushctl").rglob("*.py"):
        if path.parent.name not in ("rules", "sandbox"):
            found |= set(re.findall(r"\"(PSH\d{3})\"", path.read_text("utf-8")))
    return found


def test_every_code_is_described_and_used() -> None:
    assert used() == set(rules())


def test_codes_rise_and_stand_in_their_chapters() -> None:
    for digit in CHAPTERS:
        codes = [item.code for item in chapter(digit)]
        assert codes == sorted(set(codes))
        assert all(code.startswith(f"PSH{digit}") for code in codes)


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


def test_pages_are_current(update_golden: bool) -> None:
    expected = {f"{item.code}.md": docs.markdown(item) for item in rules().values()}
    listed = [(CHAPTERS[digit][1], chapter(digit)) for digit in CHAPTERS if chapter(digit)]
    expected["README.md"] = docs.index(listed)
    if update_golden:
        PAGES.mkdir(exist_ok=True)
        for old in PAGES.glob("*.md"):
            old.unlink()
        for name, text in expected.items():
            (PAGES / name).write_text(text, "utf-8")
    shown = {path.name: path.read_text("utf-8") for path in PAGES.glob("*.md")}
    assert shown == expected
