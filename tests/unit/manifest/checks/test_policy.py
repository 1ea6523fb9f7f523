"""What a schema cannot say about a policy."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.lint.severity import adjustable
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


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("out.csv", "", "PSH512"),
        ("out.csv", "user_id\n", "PSH512"),
        ("out.txt", "\n", "PSH512"),
        ("out.csv", "e-mail,phone\na@b.example,1\n", "PSH515"),
        ("out.csv", "device_id\nd1\n", "PSH515"),
        ("out.csv", "uid,openid\nu1,o1\n", "PSH515"),
        ("out.csv", "user_id\nNULL\n", "PSH514"),
        ("out.csv", "user_id\nu1,u2\n", "PSH514"),
        ("out.txt", "version https://git-lfs.github.com/spec/v1\n", "PSH107"),
        ("out.csv", "user_id\n=======\nu1\n", "PSH107"),
        ("out.xls", "user_id\nu1\n", "PSH107"),
        ("gone/out.csv", None, "PSH107"),
    ],
)
def test_a_list_of_who_wants_none_never_switches_itself_off(
    name: str, content: str | None, code: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, "utf-8")
    (tmp_path / "pushctl.yaml").write_text(f"{HEAD}suppressed: {name}\n", "utf-8")
    (found,) = read_manifest(tmp_path).diagnostics
    assert (found.code, found.severity) == (code, "error")
    assert not adjustable(found)


def test_a_list_of_who_wants_none_may_say_that_it_is_nobody(tmp_path: Path) -> None:
    (tmp_path / "out.txt").write_text("# nobody so far\n", "utf-8")
    assert told(tmp_path, "suppressed: out.txt") == []


@pytest.mark.parametrize(
    ("content", "column", "suppressed", "not_suppressed"),
    [
        ("user_id,device_id\nu1,d1\n", "user_id", {"u1"}, {"android"}),
        ("user_id,device_id\nu1,d1\n", "device_id", {"d1"}, {"users"}),
        ("user_id,gone\nu1,x1\n", "gone", {"x1"}, set()),
        ("user_id;since\nu1;2026\n", None, {"u1"}, {"android"}),
        ("device_id\nd1\n", None, {"d1"}, {"users"}),
        ("user_id,device_id\nu1,d1\n", None, {"u1", "d1"}, set()),
        ("x1\n", None, {"x1"}, set()),
    ],
)
def test_whom_the_list_can_name(
    content: str,
    column: str | None,
    suppressed: set[str],
    not_suppressed: set[str],
    tmp_path: Path,
) -> None:
    push = (
        "pushes:\n  a:\n    schedule: {at: 2026-12-24T20:00}\n    to: {android: [d9]}\n"
        "    message: {title: T, body: B}\n"
    )
    (tmp_path / "out.csv").write_text(content, "utf-8")
    text = HEAD.replace("pushes: {}\n", push) + (
        f"suppressed: {{file: out.csv, column: {column}}}\n" if column else "suppressed: out.csv\n"
    )
    (tmp_path / "pushctl.yaml").write_text(text, "utf-8")
    reading = read_manifest(tmp_path)
    assert reading.diagnostics == ()
    assert (reading.suppressed, reading.not_suppressed) == (suppressed, not_suppressed)
