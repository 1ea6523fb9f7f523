"""Who decides about the language, and what it leaves as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.cli import Here

MANIFEST = """\
version: 1
app: {{id: ONEX0000000000000, workspace: test}}
timezone: Asia/Shanghai
policy: {{language: {language}}}
pushes:
  sale:
    owner: crm@acme.example
    schedule: {{at: 2026-12-24T20:00}}
    to: {{users: [user1024]}}
    message: {{title: Sale, body: Today.}}
"""
NOW = {"PUSHCTL_NOW": "2026-12-01T09:00:00+08:00"}


@pytest.mark.parametrize(
    ("policy", "environment", "option", "chinese"),
    [
        ("en", None, None, False),
        ("zh", None, None, True),
        ("zh", "en", None, False),
        ("en", "zh", None, True),
        ("zh", "zh", "en", False),
        ("en", "en", "zh", True),
    ],
)
def test_who_decides(
    policy: str, environment: str | None, option: str | None, chinese: bool, tmp_path: Path
) -> None:
    project = Here(tmp_path)
    project.write(MANIFEST.format(language=policy))
    env = {**NOW, "PUSHCTL_LANG": environment} if environment else NOW
    before = ("--lang", option) if option else ()
    ran = project.run(*before, "plan", "--offline", env=env)
    assert ("1 条待创建" in ran.out) is chinese, ran
    assert ("1 to create" in ran.out) is not chinese


def test_programs_read_the_same_in_every_language(tmp_path: Path) -> None:
    project = Here(tmp_path)
    said = []
    for language in ("en", "zh"):
        project.write(MANIFEST.format(language="en"))
        ran = project.run("--lang", language, "plan", "--offline", "--format", "json", env=NOW)
        assert ran.code == 0, ran
        document = ran.json
        said.append({**document, "digests": {**document.get("digests", {}), "plan": ""}})
    assert "创建" not in str(said[1])
    assert said[0]["changes"] == said[1]["changes"]


def test_an_approved_plan_stays_valid_in_another_language(tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write(MANIFEST.format(language="en"))
    ran = project.run("plan", "--out", "plan.json", env=NOW)
    assert ran.code == 0, ran
    project.write(MANIFEST.format(language="zh"))
    assert project.run("apply", "plan.json", "--yes", env=NOW).code == 5  # another manifest
    project.write(MANIFEST.format(language="en"))
    ran = project.run("--lang", "zh", "apply", "plan.json", "--yes", env=NOW)
    assert ran.code == 0, ran


def test_a_language_that_nobody_speaks_is_refused(tmp_path: Path) -> None:
    ran = Here(tmp_path).run("plan", env={"PUSHCTL_LANG": "xx"})
    assert ran.code == 64
    assert "'en', 'zh'" in ran.err
