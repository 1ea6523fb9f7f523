"""The line of a file beside a finding, and when it must not be shown."""

from __future__ import annotations

from pathlib import Path

from pushctl.cli.project.source_lines import attached
from pushctl.diagnostics import Diagnostic, Position, Range, Severity


def about(line: int, *, snippet: str | None = None) -> Diagnostic:
    place = Range("pushctl.yaml", Position(line, 1), Position(line, 2))
    return Diagnostic(Severity.ERROR, "PSH999", "Summary", "Detail.", place, snippet)


def test_a_line_that_one_must_not_show_none_shows(tmp_path: Path) -> None:
    (tmp_path / "pushctl.yaml").write_text("one: 1\nkey: secret\nthree: 3\n", "utf-8")
    found = attached([about(1), about(2), about(2, snippet=""), about(3)], tmp_path)
    assert [item.snippet for item in found] == ["one: 1", None, "", "three: 3"]
