"""A finding shows its place, its sentence, its line with a mark below it, and the fix."""

from __future__ import annotations

from typing import Any

import pytest

from pushctl.diagnostics import Diagnostic, Position, Range, Severity
from pushctl.render.text.findings import finding, findings, mended, summary
from pushctl.text.style import Style


def found(
    snippet: str | None = None, columns: tuple[int, int] = (1, 1), **changes: Any
) -> Diagnostic:
    first, after = columns
    place = Range("a.yaml", Position(12, first), Position(12, after))
    given: dict[str, Any] = {"severity": Severity.ERROR, "range": place, "snippet": snippet}
    return Diagnostic(**{"code": "PSH101", "summary": "Wrong", "detail": "", **given, **changes})


def test_a_finding_in_full() -> None:
    item = found("  title: Sale\n", (10, 14), detail="Too short.", fix="write more")
    assert finding(item) == (
        "✗ a.yaml:12:10 PSH101  Wrong\n".replace("10 P", "10  P") + "    Too short.\n"
        "    12 │   title: Sale\n"
        "       │          ^^^^\n"
        "    fix: write more\n"
    )


def test_a_finding_about_no_place_is_its_sentence() -> None:
    assert finding(found(range=None, severity=Severity.INFO)) == "· PSH101  Wrong\n"
    assert findings([found(range=None)] * 2) == "✗ PSH101  Wrong\n\n" * 2


@pytest.mark.parametrize(
    ("snippet", "columns", "line", "carets"),
    [
        ("中文: ab", (5, 7), "中文: ab", "      ^^"),
        ("中文", (1, 3), "中文", "^^^^"),
        ("\tab", (2, 4), " ab", " ^^"),
        ("a\x1b: b", (5, 6), r"a\x1b: b", "       ^"),
        ("ab", (3, 3), "ab", "  ^"),
        ("x" * 300, (1, 301), "x" * 160, "^" * 160),
        ("x" * 300, (151, 301), "x" * 160, " " * 150 + "^" * 10),
    ],
)
def test_the_mark_is_below_what_is_meant(
    snippet: str, columns: tuple[int, int], line: str, carets: str
) -> None:
    assert finding(found(snippet, columns)).splitlines()[1:] == [
        f"    12 │ {line}",
        f"       │ {carets}",
    ]


def test_a_terminal_shows_as_much_of_the_line_as_it_has_room_for() -> None:
    item = found("title: " + "折" * 40, (8, 48))
    assert finding(item, Style(cells=30)).splitlines()[1:] == [
        "    12 │ title: 折折折折折折…",
        "       │        ^^^^^^^^^^^^^^",
    ]
    assert finding(found("title: " + "x" * 40, (40, 42)), Style(cells=30)).count("\n") == 2


def test_a_place_beyond_what_is_shown_has_no_mark() -> None:
    assert finding(found("x" * 300, (200, 210))).splitlines()[1:] == [f"    12 │ {'x' * 160}"]


def test_nothing_in_a_finding_reaches_the_terminal_as_it_is() -> None:
    text = finding(found("\x1b", (1, 2), summary="a\x1bb", detail="\u202e", fix="::error::"))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.endswith("    fix: \\x3a:error::\n")


def test_what_was_fixed_and_what_was_not() -> None:
    assert mended([], [], 0) == "Fixed nothing.\n"
    assert mended([found()], ["b.yaml is read-only\x1b"], 1) == (
        "fixed a.yaml:12:1 PSH101 Wrong\nnot fixed: b.yaml is read-only\\x1b\n"
        "Fixed 1 finding in 1 file.\n"
    )


def test_findings_are_counted_by_severity() -> None:
    kinds = (Severity.ERROR, Severity.ERROR, Severity.WARNING, Severity.INFO)
    items = [found(severity=severity) for severity in kinds]
    assert summary(items) == "2 errors, 1 warning"
    assert summary(items, notes=True) == "2 errors, 1 warning, 1 note"
    assert summary([items[0], items[3]], notes=True) == "1 error, 1 note"
    assert summary(items[3:]) == summary([]) == "no findings"


def test_of_many_alike_ten_are_shown_and_the_others_counted() -> None:
    many = [found(code="PSH506", detail=f"Number {n}.") for n in range(1_224)]
    few = [found(code="PSH506", severity=Severity.WARNING), found(summary="Other")]
    said = findings([*many[:700], *few, *many[700:]])
    assert [n for n in range(1_224) if f"Number {n}." in said] == [*range(10)]
    assert "\n! a.yaml:12:1  PSH506" in said
    assert "Other" in said
    assert said.endswith("\n… and 1,214 more like it (PSH506)\n\n")
    assert "more like it" not in findings(many[:10])
