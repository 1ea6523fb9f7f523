"""Edits of findings are written until there are none left, and never by halves."""

from __future__ import annotations

from pathlib import Path

from pushctl.cli.project import autofix
from pushctl.diagnostics import Diagnostic, Edit, Position, Range, Severity


def edit(column: int, text: str, *, file: str = "a.yaml", length: int = 1) -> Edit:
    return Edit(Range(file, Position(1, column), Position(1, column + length)), text)


def finding(code: str, *edits: Edit) -> Diagnostic:
    return Diagnostic(Severity.ERROR, code, "Summary", "Detail.", edits[0].range, edits=edits)


def test_findings_are_looked_for_until_there_are_none(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: 1\n")
    rounds = {b"a: 1\n": edit(4, "2"), b"a: 2\n": edit(4, "3")}

    def findings() -> tuple[Diagnostic, ...]:
        found = rounds.get(path.read_bytes())
        return () if found is None else (finding("X", found),)

    fixed = autofix.fix(tmp_path, findings)
    assert path.read_bytes() == b"a: 3\n"
    assert (len(fixed.done), fixed.files, fixed.problems) == (2, 1, [])


def test_what_never_ends_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: 1\n")
    count = iter(range(1000))

    def findings() -> tuple[Diagnostic, ...]:
        return (finding("X", edit(4, str(next(count) % 2))),)

    assert autofix.fix(tmp_path, findings).problems == [
        "there is more to fix; run the same command again"
    ]


def test_a_file_that_cannot_be_read_is_said_once(tmp_path: Path) -> None:
    fixed = autofix.fix(tmp_path, lambda: (finding("X", edit(1, "b", file="../out.yaml")),))
    assert fixed.done == []
    assert len(fixed.problems) == 1


def test_a_change_of_two_files_is_not_made_by_halves(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_bytes(b"a: 1\n")
    both = finding("X", edit(4, "2"), edit(1, "b", file="b.yaml"))
    assert autofix.fix(tmp_path, lambda: (both,)).done == []
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"a: 1\n"}
