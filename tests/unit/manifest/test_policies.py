"""What a schema cannot say about a policy."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pushctl.manifest.read import read_manifest
from pushctl.manifest.shapes import MAX_PATTERN, MAX_TARGET, ShapeError, fits, shape

HEAD = (
    "version: 1\napp: {id: ONEX0000000000000, workspace: test}\ntimezone: Asia/Shanghai\n"
    "pushes: {}\npolicy:\n  "
)


def told(folder: Path, policy: str) -> list[tuple[str, str]]:
    (folder / "pushctl.yaml").write_text(f"{HEAD}{policy}\n", "utf-8")
    return [(item.code, item.detail) for item in read_manifest(folder).diagnostics]


@pytest.mark.parametrize(
    ("policy", "code", "word"),
    [
        ("freezes: [{from: 2026-02-30, until: 2026-03-01, reason: x}]", "PSH113", "2026-02-30"),
        ("freezes: [{from: 2026-03-01, until: 2026-02-30, reason: x}]", "PSH113", "2026-02-30"),
        ("freezes: [{from: 2026-03-02, until: 2026-03-01, reason: x}]", "PSH115", "before"),
        ("targets: {users: 'u-('}", "PSH113", "unterminated"),
        ("targets: {ios: '(a+)+'}", "PSH113", "may not be repeated"),
        ("suppressed: nobody.txt", "PSH107", "nobody.txt"),
    ],
)
def test_what_is_wrong(policy: str, code: str, word: str, tmp_path: Path) -> None:
    ((found, detail),) = told(tmp_path, policy)
    assert found == code
    assert word in detail


def test_what_is_right(tmp_path: Path) -> None:
    policy = (
        "freezes: [{from: 2026-03-01, until: 2026-03-01, reason: x}]\n"
        "  targets: {users: 'u-[0-9]+', ios: '[0-9a-f]{64}'}"
    )
    assert told(tmp_path, policy) == []


def test_the_people_who_want_no_marketing(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("name,member\nAnn,u1\nBen,u2\nBen,u2\n", "utf-8")
    assert told(tmp_path, "suppressed: {file: out.csv, column: member}") == []
    assert read_manifest(tmp_path).suppressed == {"u1", "u2"}
    assert "out.csv" in read_manifest(tmp_path).files


@pytest.mark.parametrize(
    "pattern",
    [
        "u-[0-9]+", "(test|dev)-[0-9]{4,8}", "[a-z]+-[a-z]*-[0-9]+(-x)?", "(?:ab){3}",
        "a|b|c|d|e|f", r"\(a\+\)\+", "[(a+)]+", "(?i)u-[0-9]+", "(?P<kind>u)-[0-9]+",
    ],
)  # fmt: skip
def test_expressions_that_are_safe(pattern: str) -> None:
    assert shape(pattern).pattern == pattern


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+", "(a*)*b", "(a|a)+", "(a|aa){2,}", "(a?){30}a{30}", "((a)+)+", "(?:a+){1,9}",
        "a*a*a*a*a*b", "(a|a)(a|a)(a|a)(a|a)(a|a)", "[a-z", "(", "a{2,1}", "a" * (MAX_PATTERN + 1),
    ],
)  # fmt: skip
def test_expressions_that_could_take_forever_or_mean_nothing(pattern: str) -> None:
    with pytest.raises(ShapeError):
        shape(pattern)


def test_what_is_allowed_ends_soon() -> None:
    begin = time.process_time()
    assert not fits("a" * (MAX_TARGET - 1) + "!", shape("a*a*a*a*"))
    assert not fits("a" * (MAX_TARGET + 1), shape("a+"))
    assert time.process_time() - begin < 10
