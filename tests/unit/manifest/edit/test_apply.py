"""Edits are made only together, only once, and only if the file still says the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.diagnostics import Diagnostic, Edit, Position, Range, Severity
from pushctl.manifest.edit.apply import apply_edits, compatible
from pushctl.manifest.read import read_manifest
from tests.unit.manifest.test_defects import DEFECTS, NAMES, findings

TEXT = "a: {b: x, c: y}\nd:\n  - e\n  - f\ng: 1\n"


def edit(
    old: str, new: str, *, text: str = TEXT, name: str = "pushctl.yaml", grow: int = 0
) -> Edit:
    """Replace the first place of some characters, all on one line."""
    at = text.index(old)
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    end = Position(line, column + len(old) + grow)
    return Edit(Range(name, Position(line, column), end), new)


def finding(*edits: Edit) -> Diagnostic:
    return Diagnostic(Severity.ERROR, "PSH999", "x", "y", edits[0].range, edits=edits)


def test_of_two_that_meet_the_first_is_taken() -> None:
    first, second = finding(edit("b: x", "b: z")), finding(edit("x, c", "q, c"))
    other = finding(edit("e", "h"))
    assert compatible([first, second, other]) == [first, other]
    assert compatible([second, first, other]) == [second, other]


def test_what_two_findings_fix_in_the_same_way_is_fixed_once() -> None:
    first, again = finding(edit("e", "h")), finding(edit("e", "h"))
    assert compatible([first, again]) == [first]


def test_the_same_place_of_another_file_is_another_place() -> None:
    first, second = finding(edit("e", "h")), finding(edit("e", "h", name="other.yaml"))
    assert compatible([first, second]) == [first, second]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x", "'x'"),
        ("x", "[1, 2]"),
        ("b", "z"),
        ("b: x, ", ""),
        ("c: y", "c: y, z: {q: 1}"),
        ("  - e\n", ""),
        ("g: 1\n", "g: 1\nh: 2\n"),
    ],
)
def test_one_change_is_made_and_the_rest_stays(old: str, new: str) -> None:
    if old.endswith("\n"):
        line = TEXT[: TEXT.index(old)].count("\n") + 1
        made = Edit(Range("pushctl.yaml", Position(line, 1), Position(line + 1, 1)), new)
    else:
        made = edit(old, new)
    expected = TEXT.replace(old, new, 1)
    for content, after in ((TEXT, expected), ("\ufeff" + TEXT, "\ufeff" + expected)):
        assert apply_edits(content.encode(), [made]) == after.encode()
    windows = TEXT.replace("\n", "\r\n").encode()
    if not old.endswith("\n"):
        assert apply_edits(windows, [made]) == expected.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x", "x: ["),  # no YAML any more
        ("x", "&x y"),  # not allowed here
        ("x", "x, c: z"),  # a name twice
        ("x", "x}\nh: {"),  # takes a neighbour along
        ("e", "e\nf:\n"),  # what follows is somewhere else now
        ("  - e", "  # - e"),  # fine, an item less
        (": 1", ": 1\n  "),
    ],
)
def test_a_change_that_takes_others_along_is_not_made(old: str, new: str) -> None:
    made = apply_edits(TEXT.encode(), [edit(old, new)])
    assert (made is None) == (old not in ("  - e", ": 1"))


def test_edits_that_meet_or_lead_nowhere_are_not_made() -> None:
    assert apply_edits(TEXT.encode(), [edit("b: x", "b: z"), edit("x,", "q,")]) is None
    backwards = Edit(Range("pushctl.yaml", Position(2, 2), Position(1, 1)), "")
    assert apply_edits(TEXT.encode(), [backwards]) is None
    assert apply_edits(b"\xff", [edit("e", "h")]) is None


def test_other_files_are_text() -> None:
    made = apply_edits(
        b"user\na\na\n", [edit("a\n", "", text="user\na\na\n", name="x.csv", grow=0)]
    )
    assert made is not None


@pytest.mark.parametrize("name", NAMES)
def test_a_finding_with_edits_is_gone_when_they_are_made(name: str, tmp_path: Path) -> None:
    for path in (DEFECTS / name).rglob("*"):
        if path.is_file():
            target = tmp_path / path.relative_to(DEFECTS / name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    for _ in range(5):
        wanted = compatible(findings(tmp_path))
        if not wanted:
            break
        for item in wanted:
            (file,) = {one.range.filename for one in item.edits}
            content = (tmp_path / file).read_bytes()
            alone = apply_edits(content, item.edits)
            assert alone is not None, item
            (tmp_path / file).write_bytes(alone)
            left = {(one.code, one.detail) for one in findings(tmp_path) if one.range == item.range}
            assert (item.code, item.detail) not in left, item
            (tmp_path / file).write_bytes(content)
        everything = [one for item in wanted for one in item.edits]
        made = apply_edits((tmp_path / "pushctl.yaml").read_bytes(), everything)
        assert made is not None
        (tmp_path / "pushctl.yaml").write_bytes(made)
    assert not any(item.edits for item in findings(tmp_path))
    assert read_manifest(tmp_path).files
