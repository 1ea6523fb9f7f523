"""What a schema cannot say about a policy."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pushctl.manifest.read import read_manifest
from pushctl.manifest.resolve.shapes import MAX_PATTERN, MAX_TARGET, ShapeError, fits, shape

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
        ("targets: {users: 'u-('}", "PSH113", "not closed"),
        ("targets: {ios: '(a+)+'}", "PSH113", "may not be repeated"),
        ("targets: {ios: 'a*b+'}", "PSH113", "only one part may be of any length"),
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
        "u-[0-9]+", "(test|dev)-[0-9]{4,8}", "[a-z]+-[a-z]{0,9}-[0-9]{1,4}(-x)?", "(?:ab){3}",
        "a|b|c|d|e|f", "a+|b+", r"\(a\+\)\+", "[(a+)]+", "[]a]{3,}", "^u-[0-9]+$", r"\d{8}|用户.",
        "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", r"[\w.-]+@acme[.]example",
    ],
)  # fmt: skip
def test_expressions_that_are_safe(pattern: str) -> None:
    assert shape(pattern).pattern == pattern


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+", "(a*)*b", "(a|a)+", "(a|aa){2,}", "(a?){30}a{30}", "((a)+)+", "(?:a+){1,9}",
        "[a-z", "(", "a{2,1}", "a{0}", "[z-a]", "a" * (MAX_PATTERN + 1),
        # Parts that may be long or short, one after another.
        "a*a*a*a*a*b", "a*a+", "(a+)?b+", "a{0,150}b{0,150}", "(a|a)" * 15,
        "[a-z]*[a-z]*[a-z]*[a-z]*[0-9]",
        # What has another meaning than it seems to have, or goes back to what was read before.
        "(?x)(?:[a-z]+) +[0-9]", "(?i)a", "(?P<x>a)", "(?=a)", "(?#x)", r"(a)\1", r"\bA", "a*?",
        # What is repeated without getting anywhere.
        "a++", "", "()", "((){9999}){9999}", "(|a)", "(a{0}){9999}", "^*", "(^){9999}", "a{2}{3}",
    ],
)  # fmt: skip
def test_expressions_that_could_take_forever_or_mean_nothing(pattern: str) -> None:
    with pytest.raises(ShapeError):
        shape(pattern)


@pytest.mark.parametrize(
    "pattern", ["[a]*[ab]{0,99}[ac]", "([a]{1,26}[ab]{1,26}[ac]{1,26})?[x]", "[a]+", "(a[a]*)?x"]
)
def test_what_is_allowed_ends_soon(pattern: str) -> None:
    wanted = shape(pattern)
    begin = time.process_time()
    for _ in range(10):
        assert not fits("a" * (MAX_TARGET - 1) + "!", wanted)
        assert not fits("a" * (MAX_TARGET + 1), wanted)
    assert time.process_time() - begin < 1
