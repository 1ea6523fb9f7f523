"""`pushctl validate --fix` fixes what has one right answer, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.cli import Here

HEAD = """\
# yaml-language-server: $schema=x
version: 1
app: {id: ONEX570DA89211721, workspace: prod}   # 应用
timezone: Asia/Shangai
defaults: {owner: me, expires_after: 4h}
"""
BROKEN = (
    HEAD
    + """\
pushes:
  hello:   # "the" first
    labels: {class: service}
    schedule: {every: [monday, wed], at: 9:45}   # 早上
    to:
      users:
        - 0042
        - user1
        - user1
    mesage: {titel: "8h: \U0001f600", body: 'It''s on.', opne: acme://x}
"""
)
FIXED = (
    HEAD.replace("Shangai", "Shanghai")
    + """\
pushes:
  hello:   # "the" first
    labels: {class: service}
    schedule: {every: [mon, wed], at: "09:45"}   # 早上
    to:
      users:
        - "0042"
        - user1
    message: {title: "8h: \U0001f600", body: 'It''s on.', open: {intent: acme://x}}
"""
)
ENV = {"PUSHCTL_NOW": "2026-12-01T09:00:00+08:00"}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_has_one_right_answer_is_fixed(tmp_path: Path, newline: str) -> None:
    path = tmp_path / "pushctl.yaml"
    path.write_bytes(BROKEN.replace("\n", newline).encode())
    here = Here(tmp_path)
    ran = here.run("validate", "--fix", env=ENV)
    assert path.read_bytes().decode() == FIXED.replace("\n", newline)
    assert ran.code == 0, ran
    assert "fixed pushctl.yaml:4:11 PSH203 The time zone is missing, or does not exist\n" in ran.err
    assert "fixed pushctl.yaml:15:5 PSH104 The field does not exist\n" in ran.err
    assert ran.err.endswith("Fixed 9 findings in 1 file.\n")
    assert "PSH104" not in ran.out
    again = here.run("validate", "--fix", env=ENV)
    assert again.err == "Fixed nothing.\n"
    assert again.out == ran.out
    assert path.read_bytes().decode() == FIXED.replace("\n", newline)


def test_the_answer_as_json_stays_json(tmp_path: Path) -> None:
    here = Here(tmp_path)
    here.write(BROKEN)
    ran = here.run("validate", "--fix", "--format", "json", env=ENV)
    assert [item for item in ran.json["diagnostics"] if item["severity"] == "error"] == []


def test_files_are_fixed_where_the_mistake_is(tmp_path: Path) -> None:
    here = Here(tmp_path)
    here.write(f"{HEAD}include: [more.yaml]\n")
    here.write("pushes:\n  a:\n    schedule: {every: day, at: 9:45}\n", "more.yaml")
    before = (tmp_path / "pushctl.yaml").read_text("utf-8")
    ran = here.run("validate", "--fix", env=ENV)
    assert ran.code == 1
    assert "PSH111" in ran.out
    assert (tmp_path / "pushctl.yaml").read_text("utf-8") == before.replace("Shangai", "Shanghai")
    assert 'at: "09:45"' in (tmp_path / "more.yaml").read_text("utf-8")


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    here = Here(tmp_path)
    here.write(f"{HEAD}include: [more.yaml]\n")
    here.write("pushes:\n  a: {owner: no}\n", "there.yaml")
    (tmp_path / "more.yaml").symlink_to("there.yaml")
    ran = here.run("validate", "--fix", env=ENV)
    assert "not fixed: more.yaml is a link" in ran.err
    assert (tmp_path / "there.yaml").read_text("utf-8") == "pushes:\n  a: {owner: no}\n"


def test_what_only_its_author_knows_stays(tmp_path: Path) -> None:
    here = Here(tmp_path)
    text = f"{HEAD}pushes:\n  a:\n    schedule: {{every: 15}}\n    to: {{users: []}}\n".replace(
        "Shangai", "Shanghai"
    )
    here.write(text)
    ran = here.run("validate", "--fix", env=ENV)
    assert ran.code == 1
    assert ran.err == "Fixed nothing.\n"
    assert (tmp_path / "pushctl.yaml").read_text("utf-8") == text


def test_what_a_variable_says_is_not_fixed_where_it_is_used(tmp_path: Path) -> None:
    here = Here(tmp_path)
    text = f"""\
{HEAD.replace("Shangai", "Shanghai")}vars: {{when: "9:45"}}
pushes:
  a:
    schedule: {{every: day, at: "${{when}}"}}
    to: {{users: [u]}}
    message: {{title: a, body: b}}
"""
    here.write(text)
    ran = here.run("validate", "--fix", env=ENV)
    assert ran.code == 1
    assert (tmp_path / "pushctl.yaml").read_text("utf-8") == text
