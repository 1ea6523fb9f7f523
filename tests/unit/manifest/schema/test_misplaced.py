"""A field in the wrong map is told the right one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.manifest.schema.misplaced import elsewhere, shape
from tests.unit.manifest.project import HEAD, project

PARTS = {
    "schedule": "    schedule: {at: 2026-12-24T20:00}\n",
    "to": "    to: {users: [u1]}\n",
    "message": "    message: {title: A, body: B}\n",
}
INDENT = "indent it, so that it stands below `{}:`"


def said(folder: Path, text: str) -> list[tuple[str, str | None]]:
    reading = project(folder, {"pushctl.yaml": text})
    return [(item.detail, item.fix) for item in reading.diagnostics]


@pytest.mark.parametrize(
    ("part", "lines", "field", "home"),
    [
        ("message", "    message:\n      title: A\n    body: B\n", "body", "message"),
        ("message", "    message:\n      body: B\n    title: A\n", "title", "message"),
        ("message", "    body: {x: A, y: B}\n", "body", "message"),
        ("schedule", "    at: 2026-12-24T20:00\n", "at", "schedule"),
        ("schedule", '    schedule:\n      every: day\n    at: "09:45"\n', "at", "schedule"),
        ("to", "    users: [u1]\n", "users", "to"),
        ("to", "    users_from: vip.csv\n", "users_from", "to"),
    ],
)
def test_one_level_out_is_one_finding(
    part: str, lines: str, field: str, home: str, tmp_path: Path
) -> None:
    text = "".join((PARTS | {part: lines}).values())
    found = said(tmp_path, f"{HEAD}pushes:\n  a:\n{text}")
    assert found == [(f"`{field}` belongs to `{home}`.", INDENT.format(home))]


@pytest.mark.parametrize(
    ("key", "path", "detail", "fix"),
    [
        ("owner", ("message",), "`owner` belongs to the push itself.", "move it out, to where `me"),
        ("to", ("schedule",), "`to` belongs to the push itself.", "move it out, to where `sched"),
        ("at", ("message",), "`at` belongs to `schedule`.", "move it to the other fields of `sch"),
        ("class", (), "`class` belongs to `vendors.vivo`.", "move it to the other fields of"),
        ("xiaomi", (), "`xiaomi` belongs to `vendors`.", INDENT.format("vendors")),
        (
            "title",
            ("message", "open"),
            "`title` belongs to `message`.",
            "move it out, to where `op",
        ),
        ("channel", (), None, "did you mean `channel` in `vendors."),
        ("link", (), None, "did you mean `open` in `message`?"),
        ("time", (), None, "did you mean `at` in `schedule`?"),
    ],
)
def test_in_a_push(key: str, path: tuple[str, ...], detail: str | None, fix: str) -> None:
    for before, in_push in (((), True), (("pushes", "a"), False), (("defaults",), False)):
        found = elsewhere(key, (*before, *path), in_push=in_push)
        assert found is not None
        assert found[0][: len(before)] == before
        assert found[1] == detail
        assert found[2].startswith(fix)


@pytest.mark.parametrize(
    ("key", "detail"),
    [
        ("workspace", "`workspace` belongs to `app`."),
        ("quiet_hours", "`quiet_hours` belongs to `policy`."),
        ("schedule", "`schedule` belongs to a push."),
        ("body", "`body` belongs to a push."),
    ],
)
def test_at_the_top_of_a_file(key: str, detail: str) -> None:
    found = elsewhere(key, (), in_push=False)
    assert found is not None
    assert found[1] == detail


def test_no_other_map_has_it() -> None:
    assert elsewhere("priority", (), in_push=True) is None
    assert elsewhere("titel", ("message",), in_push=True) is None


def test_the_schema_of_a_path() -> None:
    assert shape("to", in_push=True).schema["description"] == "Who gets it."
    assert shape("nothing", "there", in_push=False).schema == {}
