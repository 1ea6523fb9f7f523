"""The page of a rule, for terminals and for `docs/rules/`."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from pushctl.diagnostics import Severity
from pushctl.lint import docs
from pushctl.lint.registry import rules
from pushctl.rule import Example, Rule
from tests.unit.lint import rule_pages

PAGES = Path(__file__).parents[3] / "docs" / "rules"


def test_pages_are_current(update_golden: bool) -> None:
    expected = {f"{item.code}.md": rule_pages.markdown(item) for item in rules().values()}
    expected["README.md"] = rule_pages.index()
    if update_golden:
        PAGES.mkdir(exist_ok=True)
        for old in PAGES.glob("*.md"):
            old.unlink()
        for name, text in expected.items():
            (PAGES / name).write_text(text, "utf-8")
    shown = {path.name: path.read_text("utf-8") for path in PAGES.glob("*.md")}
    assert shown == expected


SHOWN = Rule(
    code="PSH999",
    title="Title",
    severity=Severity.WARNING,
    why="Why.",
    fix="Fix.",
    bad=Example("pushes: {}\n", files={"a.txt": "1\n2\n3\n4\n5\n6\n7\n"}, options=("--base", "x")),
    good=Example("version: 1\n", before="version: 0\n"),
    settings=("min_gap", "freezes"),
    adjustable=True,
)


def test_a_page_for_terminals() -> None:
    assert docs.text(SHOWN).splitlines()[-18:] == [
        "Fix.",
        "",
        "Like this it is found",
        "    pushes: {}",
        "  with `a.txt`:",
        *(f"    {line}" for line in "12345"),
        "    ... 2 more lines",
        "  Seen by `pushctl plan --base x`.",
        "",
        "Better",
        "  Applied before:",
        "    version: 0",
        "  Now:",
        "    version: 1",
    ]
    assert "Goes by `policy.min_gap` and `policy.freezes`." in docs.text(SHOWN).replace("\n", " ")
    fixed = replace(SHOWN, adjustable=False)
    assert "Counts as a warning. Nothing can change that." in docs.text(fixed)
    assert max(map(len, docs.text(SHOWN).splitlines())) <= docs.WIDTH
