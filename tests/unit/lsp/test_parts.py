"""The pure parts of the language server: places, pointers, proposals, one small change."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.diagnostics import Position
from pushctl.lsp.actions import replacement
from pushctl.lsp.completion import proposals
from pushctl.lsp.cursor import pointed_at
from pushctl.lsp.hover import hover
from pushctl.lsp.look import Look, Present, look
from pushctl.lsp.positions import Lines, Spot, Units
from tests.unit.manifest.project import HEAD, PUSH

NOW = 1796086800  # 2026-12-01T09:00:00+08:00


# --- places ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("units", "column"), [(Units.UTF8, 8), (Units.UTF16, 4), (Units.UTF32, 3)])
def test_columns_are_counted_in_the_units_of_the_editor(units: Units, column: int) -> None:
    lines = Lines.of("x\na\U0001f600今b\r\n", units)
    assert lines.spot(Position(2, 4)) == Spot(1, column)
    assert lines.position(Spot(1, column)) == Position(2, 4)


def test_only_what_the_protocol_knows_ends_a_line() -> None:
    assert len(Lines.of("a\u2028b\x0bc\x85d\re\r\nf").lines) == 3


@given(st.text(max_size=40), st.sampled_from(list(Units)), st.data())
def test_every_place_survives_the_way_there_and_back(
    text: str, units: Units, data: st.DataObject
) -> None:
    lines = Lines.of(text, units)
    line = data.draw(st.integers(0, len(lines.lines) - 1))
    column = data.draw(st.integers(0, len(lines.lines[line])))
    position = Position(line + 1, column + 1)
    assert lines.position(lines.spot(position)) == position


def test_places_outside_the_text_are_its_edges() -> None:
    lines = Lines.of("ab\nc")
    assert lines.position(Spot(0, 99)) == Position(1, 3)
    assert lines.position(Spot(99, 0)) == Position(2, 2)
    assert lines.spot(Position(99, 1)) == lines.end == Spot(1, 1)


# --- one small change -----------------------------------------------------------------------------


@given(
    st.lists(st.sampled_from(["a", "b", "", "今"]), max_size=6).map("\n".join),
    st.lists(st.sampled_from(["a", "b", "", "今"]), max_size=6).map("\n".join),
)
def test_the_change_of_some_lines_makes_the_other_text(old: str, new: str) -> None:
    edit = replacement("x", old, new)
    lines = old.split("\n")

    def offset(place: Position) -> int:
        return sum(len(line) + 1 for line in lines[: place.line - 1]) + place.column - 1

    start, end = offset(edit.range.start), offset(edit.range.end)
    assert start <= end <= len(old)
    assert old[:start] + edit.text + old[end:] == new


def test_what_is_the_same_stays() -> None:
    edit = replacement("x", "a\nb\nc\nd\n", "a\nB\nc\nd\n")
    assert (edit.range.start, edit.range.end, edit.text) == (Position(2, 1), Position(3, 1), "B\n")


# --- the pointer ----------------------------------------------------------------------------------

TEXT = """\
# comment
a: {b: [x, "y z"], c: }
d:
  - e: 今日
    f: |
      text
  - g
"""


@pytest.mark.parametrize(
    ("line", "column", "path", "is_key"),
    [
        (2, 1, ("a",), True),
        (2, 5, ("a", "b"), True),
        (2, 9, ("a", "b", 0), False),
        (2, 13, ("a", "b", 1), False),
        (2, 20, ("a", "c"), True),
        (3, 1, ("d",), True),
        (4, 5, ("d", 0, "e"), True),
        (4, 9, ("d", 0, "e"), False),
        (6, 8, ("d", 0, "f"), False),
        (7, 5, ("d", 1), False),
    ],
)
def test_a_place_is_a_path(
    line: int, column: int, path: tuple[str | int, ...], is_key: bool
) -> None:
    found = pointed_at("x", TEXT, Position(line, column))
    assert found is not None
    assert (found.path, found.is_key) == (path, is_key)


@pytest.mark.parametrize(("line", "column"), [(1, 3), (2, 24), (3, 3), (99, 1)])
def test_between_things_there_is_nothing(line: int, column: int) -> None:
    assert pointed_at("x", TEXT, Position(line, column)) is None


def test_a_broken_text_has_nothing_to_point_at() -> None:
    assert pointed_at("x", "a: [", Position(1, 1)) is None


# --- what is shown --------------------------------------------------------------------------------


def seen(folder: Path, text: str, **recorded: frozenset[str]) -> Look:
    return look(
        folder,
        file="pushctl.yaml",
        environment=None,
        unsaved={"pushctl.yaml": text.encode()},
        present=lambda manifest: Present(NOW, **recorded),
    )


def shown(folder: Path, text: str, line: int, column: int) -> str | None:
    cursor = pointed_at("pushctl.yaml", text, Position(line, column))
    return None if cursor is None else hover(cursor, seen(folder, text))


def test_the_next_five_deliveries_in_two_zones(tmp_path: Path) -> None:
    found = shown(tmp_path, f"{HEAD}pushes:\n  hello:\n{PUSH}", 5, 4)
    assert found is not None
    lines = found.split("\n")
    assert lines[0] == "```text"
    assert lines[1] == "hello: every day at 09:45 Asia/Shanghai, until further notice"
    assert lines[2].split() == ["Asia/Shanghai", "UTC"]
    assert lines[3].startswith("Tue 1 Dec 2026 09:45  Tue 1 Dec 2026 01:45  in 45 min")
    assert len(lines) == 9


def test_every_instance_has_its_own_deliveries(tmp_path: Path) -> None:
    zones = ", ".join(f"Etc/GMT+{number}" for number in range(1, 8))
    entry = PUSH.replace('09:45"', '09:45", timezone: "${each.key}"')
    found = shown(tmp_path, f"{HEAD}pushes:\n  hello:\n    for_each: [{zones}]\n{entry}", 5, 4)
    assert found is not None
    assert found.count("hello[Etc/GMT+") == 5
    assert "and 2 more pushes" in found


def test_an_entry_with_a_mistake_has_no_deliveries_to_show(tmp_path: Path) -> None:
    entry = PUSH.replace("09:45", "25:45")
    found = shown(tmp_path, f"{HEAD}pushes:\n  hello:\n{entry}", 6, 6)
    assert found is not None
    assert found.startswith("When it is delivered.")


def test_a_code_explains_itself(tmp_path: Path) -> None:
    allow = "    allow: [{rule: PSH301, reason: agreed}]\n"
    for text in (f"{HEAD}pushes:\n  hello:\n{allow}{PUSH}",):
        found = shown(tmp_path, text, 6, 22)
        assert found is not None
        assert found.startswith("**PSH301** ")
        assert "*What to do:*" in found
    policy = f"{HEAD}policy: {{rules: {{PSH301: off}}}}\n"
    assert (shown(tmp_path, policy, 4, 20) or "").startswith("**PSH301** ")
    unknown = text.replace("PSH301", "PSH000")
    assert shown(tmp_path, unknown, 6, 22) is None


def test_a_field_says_what_it_means(tmp_path: Path) -> None:
    text = f"{HEAD}pushes:\n  hello:\n{PUSH}"
    found = shown(tmp_path, text, 8, 16)
    assert found == 'The title (Title).\n\n```yaml\ntitle: "8h flash sale"\n```'


def test_a_look_is_what_validate_says(tmp_path: Path) -> None:
    found = seen(tmp_path, f"{HEAD}pushes:\n  hello:\n{PUSH.replace('title', 'titel')}")
    assert [item.code for item in found.diagnostics if item.severity == "error"] == ["PSH104"]
    assert found.readable
    assert not seen(tmp_path, "a: [").readable


# --- proposals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("moved:\n  - {from: a, to: ", "here"),
        ("moved:\n  - from: a\n    to: he", "here"),
        ("moved:\n- from: a\n  to: ", "here"),
        ("moved:\n  - {from: ", "gone"),
        ("removed:\n  - {id: ", "gone"),
        ("removed:\n  # old ones\n\n  - id: g", "gone"),
        ("adopt: [{id: ", "here"),
        ("environments:\n  live:\n    moved:\n      - {from: a, to: ", "here"),
        ("pushes:\n  a:\n    to: ", None),
        ("moved: []\npushes:\n  a:\n    to: ", None),
        ("vars: {id: ", None),
        ("moved:\n  - {from: a, to: b, ", None),
    ],
)
def test_ids_are_proposed_where_they_are_meant(text: str, expected: str | None) -> None:
    lines = tuple(text.split("\n"))
    at = Position(len(lines), len(lines[-1]) + 1)
    found = proposals(lines, at, ids=["here"], gone=["gone"])
    assert [item.text for item in found] == ([] if expected is None else [expected])
    assert all(lines[-1][item.start.column - 1 :] in ("", "he", "g") for item in found)


def test_rules_are_proposed_with_their_titles() -> None:
    lines = ("    allow:", "      - rule: PSH")
    found = proposals(lines, Position(2, 18), ids=[], gone=[])
    assert "PSH301" in [item.text for item in found]
    assert all(item.detail for item in found)
