"""Texts of which a part is a comment."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.diagnostics import Diagnostic
from pushctl.manifest.edit.apply import apply_edits, compatible
from pushctl.manifest.read import read_manifest
from tests.unit.manifest.project import HEAD

ENTRY = """\
pushes:
  hello:
    schedule: {now: true}
    to: {users: [u1]}
    message:
      title: %s
      body: Tonight.
"""


def found(folder: Path, text: str) -> list[Diagnostic]:
    (folder / "pushctl.yaml").write_text(HEAD + text, "utf-8")
    return [item for item in read_manifest(folder).diagnostics if item.code == "PSH122"]


@pytest.mark.parametrize(
    ("written", "lost"),
    [
        ("双十二 #全场六折 今晚开抢", "#全场六折 今晚开抢"),
        ("Sale  #1 # not 2", "#1 # not 2"),
        ("A\n        B #c", "#c"),
        ("Sale # of the year", None),
        ("Sale ## of the year", None),
        ("Sale #", None),
        ("Sale#1", None),
        ('"Sale" #1', None),
        ("'Sale #1'", None),
        (">-\n        Sale #1", None),
    ],
)
def test_what_is_lost(written: str, lost: str | None, tmp_path: Path) -> None:
    items = found(tmp_path, ENTRY % written)
    assert [item.push for item in items] == ([] if lost is None else ["hello"])
    assert all(lost is not None and f'"{lost}"' in item.detail for item in items)


def test_only_texts_that_people_see(tmp_path: Path) -> None:
    text = ENTRY % "A" + "    expires_after: 1h #short\n    description: A #b\n"
    assert found(tmp_path, text) == []
    text = ENTRY % "${a}" + "      open: {url: https://a.example/ #b\n        }\nvars:\n  a: A #b\n"
    assert [item.range.start.line for item in found(tmp_path, text) if item.range] == [11, 14]


def test_instances_share_their_comment(tmp_path: Path) -> None:
    text = (ENTRY % "${each.value} #1").replace("hello:", "hello:\n    for_each: [a, b]")
    (item,) = found(tmp_path, text)
    assert item.push is None


@pytest.mark.parametrize("written", ["Sale #1 today", "#1 of the year", 'The "x" #1'])
def test_the_whole_line_is_put_in_quotes(written: str, tmp_path: Path) -> None:
    text = HEAD + ENTRY % written
    (tmp_path / "pushctl.yaml").write_text(text, "utf-8")
    (item,) = compatible(read_manifest(tmp_path).diagnostics)
    after = apply_edits(text.encode(), item.edits)
    assert after is not None
    (tmp_path / "pushctl.yaml").write_bytes(after)
    (push,) = read_manifest(tmp_path).pushes
    assert push.entry.message.title == written
    assert not read_manifest(tmp_path).diagnostics


def test_within_brackets_nobody_knows_how_far_it_goes(tmp_path: Path) -> None:
    text = (ENTRY % "A").replace("body: Tonight.", "open: {url: https://a.example/ #b\n       }")
    (item,) = found(tmp_path, text)
    assert item.edits == ()
