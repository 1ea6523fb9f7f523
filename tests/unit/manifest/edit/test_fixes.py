"""Values with one right answer get it, and others are left to people."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.edit.apply import apply_edits
from pushctl.manifest.read import read_manifest
from tests.unit.manifest.project import HEAD, project

DEFECTS = Path(__file__).parents[1] / "defects"
NOW = 1796086800  # 2026-12-01T09:00:00+08:00
ENTRY = """\
pushes:
  hello:
    schedule: {every: day, at: "09:45"}
    to: {users: [user1]}
    message: {title: Hello, body: Works}
    enabled: true
    via: mps
"""


@pytest.mark.parametrize(
    ("right", "wrong", "after"),
    [
        ("enabled: true", "enabled: Yes", "enabled: true"),
        ("enabled: true", "enabled: maybe", None),
        ("[user1]", "user1", "[user1]"),
        ("[user1]", "user1 user2", None),
        ("[user1]", "[0042]", '["0042"]'),
        ("[user1]", "[42]", '["42"]'),
        ("title: Hello", "title: true", 'title: "true"'),
        ("via: mps", "via: mpss", "via: mps"),
        ("via: mps", "via: zzz", None),
        ('at: "09:45"', 'at: "09:45", timezone: Pacific Time', None),
        ('at: "09:45"', 'at: "09:45", timezone: China Standard Time', None),
        (
            'at: "09:45"',
            'at: "09:45", timezone: America/New York',
            'at: "09:45", timezone: America/New_York',
        ),
        ("enabled:", "enabeld:", "enabled:"),
        ("enabled:", "zzz:", None),
        ('"09:45"', "9:45", '"09:45"'),
        ("every: day", "every: [monday]", "every: mon"),
        ("body: Works", "body: Works, open: acme://x", "body: Works, open: {intent: acme://x}"),
        ("body: Works", "body: Works, open: 'javascript:x'", None),
        (
            "body: Works",
            "body: Works, open: {url: acme://x}",
            "body: Works, open: {intent: acme://x}",
        ),
    ],
)
def test_one_right_answer(right: str, wrong: str, after: str | None, tmp_path: Path) -> None:
    assert right in ENTRY
    text = HEAD + ENTRY.replace(right, wrong)
    found = project(tmp_path, {"pushctl.yaml": text}).diagnostics
    edits = [edit for item in found for edit in item.edits]
    if after is None:
        assert found
        assert edits == []
        return
    assert (apply_edits(text.encode(), edits) or b"").decode() == HEAD + ENTRY.replace(right, after)


@pytest.mark.parametrize("name", sorted(path.name for path in DEFECTS.iterdir()))
def test_a_question_is_never_written(name: str) -> None:
    asked = [x for x in read_manifest(DEFECTS / name).diagnostics if "?" in (x.fix or "")]
    assert [item.edits for item in asked if item.edits] == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("[user1]", "all"),
        ("[user1]", "vip.csv"),
        ("via: mps", "via: mpx"),
        ("every: day", "every: day, timezone: Beijing"),
        ("enabled:", "enable_it:"),
    ],
)
def test_nor_is_what_may_be_wrong(right: str, wrong: str, tmp_path: Path) -> None:
    text = HEAD + ENTRY.replace(right, wrong)
    found = project(tmp_path, {"pushctl.yaml": text})
    (item, *_) = (*found.diagnostics, *compile_manifest(found, now=NOW).diagnostics)
    assert (item.fix or "").startswith("did you mean")
    assert item.edits == ()
