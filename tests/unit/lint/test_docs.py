"""The page of a rule, for terminals and for `docs/rules/`."""

from __future__ import annotations

from pathlib import Path

from pushctl.lint import docs
from pushctl.lint.registry import CHAPTERS, chapter, rules

PAGES = Path(__file__).parents[3] / "docs" / "rules"


def test_pages_are_current(update_golden: bool) -> None:
    expected = {f"{item.code}.md": docs.markdown(item) for item in rules().values()}
    expected["README.md"] = docs.index((name, chapter(digit)) for digit, name in CHAPTERS.items())
    if update_golden:
        PAGES.mkdir(exist_ok=True)
        for old in PAGES.glob("*.md"):
            old.unlink()
        for name, text in expected.items():
            (PAGES / name).write_text(text, "utf-8")
    shown = {path.name: path.read_text("utf-8") for path in PAGES.glob("*.md")}
    assert shown == expected
