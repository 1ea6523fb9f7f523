"""What can be mended by a machine is, and then there is nothing left to find."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.cli import Here

HEAD = """\
version: 1
app: {id: ONEX0000000000000, workspace: test}
timezone: Asia/Shanghai
pushes:
  brunch:
    owner: crm@acme.example
    schedule: {at: 2026-12-24T20:00}
    to: {users: [user1024]}
    message: {title: Brunch, body: For two., icon: https://cdn.acme.example/i.png}
    expires_after: 1h
    labels: {class: marketing}
    vendors: {vivo: {class: operational}}
"""
NOW = {"PUSHCTL_NOW": "2026-12-01T09:00:00+08:00"}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("class: operational", "class: system"),
        ("    vendors: {vivo: {class: operational}}\n", ""),
    ],
)
def test_mended_by_a_machine(right: str, wrong: str, tmp_path: Path) -> None:
    here = Here(tmp_path)
    here.write(HEAD.replace(right, wrong))
    assert here.run("validate", env=NOW).code == 1
    assert here.run("validate", "--fix", env=NOW).code == 0
    mended = (tmp_path / "pushctl.yaml").read_text("utf-8")
    if wrong:
        assert mended == HEAD
    for _ in range(2):
        assert here.run("validate", "--fix", env=NOW).code == 0
        assert (tmp_path / "pushctl.yaml").read_text("utf-8") == mended


@pytest.mark.parametrize("scheme", ["http", "HTTP"])
def test_whether_a_server_can_do_https_only_people_know(scheme: str, tmp_path: Path) -> None:
    here = Here(tmp_path)
    text = HEAD.replace("https://cdn", f"{scheme}://cdn")
    here.write(text)
    ran = here.run("validate", "--fix", env=NOW)
    assert (ran.code, "if the server can do that" in ran.out) == (1, True)
    assert (tmp_path / "pushctl.yaml").read_text("utf-8") == text
