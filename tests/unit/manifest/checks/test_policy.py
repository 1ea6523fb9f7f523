"""What a schema cannot say about a policy."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.manifest.read import read_manifest

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
        ("targets: {users: 'u-('}", "PSH113", "missing )"),
        ("targets: {ios: '(?=a)'}", "PSH113", "(?="),
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


def test_recipients_who_want_no_marketing(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("name,member\nAnn,u1\nBen,u2\nBen,u2\n", "utf-8")
    assert told(tmp_path, "suppressed: {file: out.csv, column: member}") == []
    assert read_manifest(tmp_path).suppressed == {"u1", "u2"}
    assert "out.csv" in read_manifest(tmp_path).files
