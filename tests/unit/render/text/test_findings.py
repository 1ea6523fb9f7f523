"""A finding shows its place, its line and what to type."""

from __future__ import annotations

from dataclasses import replace

from pushctl.diagnostics import Diagnostic, Position, Range, Severity
from pushctl.render.text.findings import finding, summary

PLACE = Range("pushctl.yaml", Position(7, 10), Position(7, 15))
FOUND = Diagnostic(
    Severity.ERROR,
    "PSH301",
    "Too long",
    "It is.",
    PLACE,
    "  title: 今日特惠特惠",
    "cut it",
    "promo",
)


def test_the_place_is_marked_under_its_line() -> None:
    assert finding(FOUND) == (
        "✗ pushctl.yaml:7:10  PSH301  Too long\n"
        "    It is.\n"
        "    7 │   title: 今日特惠特惠\n"
        "      │          ^^^^^^^^^^\n"
        "    fix: cut it\n"
    )


def test_findings_are_counted_by_severity() -> None:
    note, warning = (replace(FOUND, severity=kind) for kind in (Severity.INFO, Severity.WARNING))
    assert summary([FOUND, FOUND, warning, note]) == "2 errors, 1 warning"
    assert summary([FOUND, note], notes=True) == "1 error, 1 note"
    assert summary([]) == "no findings"
