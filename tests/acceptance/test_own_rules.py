"""The rule of a team that `docs/lints.md` shows, installed and at work."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.cli import Here

PAGE = (Path(__file__).parents[2] / "docs" / "lints.md").read_text("utf-8")
MANIFEST = """\
version: 1
app: {id: ONEX0000000000000, workspace: test, endpoint: sandbox}
timezone: Asia/Shanghai
pushes:
  flash-sale:
    owner: crm@acme.example
    labels: {class: marketing}
    schedule: {at: 2026-12-24T20:00}
    to: {users: [user1024]}
    expires_after: 1h
    message: {title: Flash sale, body: Until midnight.}
    vendors: {vivo: {class: operational}}
"""
NOW = {"PUSHCTL_NOW": "2026-12-01T09:00:00+08:00"}


def shown(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def install(folder: Path, code: str) -> None:
    """Do what an installer does with the package of the page."""
    project = tomllib.loads(shown("toml"))["project"]
    points = project["entry-points"]["pushctl.lints"]
    info = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", "utf-8"
    )
    lines = [f"{name} = {target}" for name, target in points.items()]
    (info / "entry_points.txt").write_text("\n".join(["[pushctl.lints]", *lines, ""]), "utf-8")
    (folder / "acme_pushes.py").write_text(code, "utf-8")


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    yield folder
    sys.modules.pop("acme_pushes", None)


@pytest.fixture
def here(tmp_path: Path) -> Here:
    folder = tmp_path / "project"
    folder.mkdir()
    project = Here(folder)
    project.write(MANIFEST)
    return project


def test_the_rule_of_the_page(here: Here, packages: Path) -> None:
    assert here.run("validate", env=NOW).code == 0
    install(packages, shown("python"))
    ran = here.run("validate", "--format", "json", env=NOW)
    (item,) = ran.json["diagnostics"]
    assert (item["code"], item["severity"]) == ("ACME001", "error")
    assert item["range"]["start"]["line"] == 7
    assert here.run("plan", env=NOW).code == 3
    assert here.run("apply", "--yes", env=NOW).code == 3

    here.write(MANIFEST.replace("class: marketing}", "class: marketing, campaign: xmas}"))
    assert here.run("validate", env=NOW).code == 0
    for _ in range(2):
        assert here.run("apply", "--yes", env=NOW).code == 0


def test_it_can_be_accepted_like_any_other(here: Here, packages: Path) -> None:
    install(packages, shown("python"))
    here.write(MANIFEST.replace("owner:", "allow: [{rule: ACME001, reason: a gift}]\n    owner:"))
    assert here.run("validate", env=NOW).code == 0
    here.write('policy: {rules: {ACME001: "off"}}\n' + MANIFEST)
    assert here.run("validate", env=NOW).code == 0


FORMERLY = """\
from collections.abc import Iterator

from pushctl.diagnostics import Severity
from pushctl.lint.model import EntryCheck, Finding, Project, ProjectCheck, Setting, Subject


def campaigns(project: Project) -> Iterator[tuple[Subject | None, Finding]]:
    setting: Setting = project.setting
    for subject in project.subjects:
        if isinstance(subject, Subject) and isinstance(setting, Setting) and subject.marketing:
            target = setting.label(subject.push.targets[0])
            yield subject, Finding(
                "ACME001", ("labels",), f"{target} in {setting.app.workspace}, {setting.now}.",
                title="Marketing has no campaign", severity=Severity.ERROR,
            )
"""
"""A package that was written when the types had other names and stood in another module."""


def test_a_package_of_before_keeps_working(here: Here, packages: Path) -> None:
    install(packages, FORMERLY)
    ran = here.run("validate", "--format", "json", env=NOW)
    (item,) = ran.json["diagnostics"]
    assert (item["code"], item["severity"]) == ("ACME001", "error")
    assert item["detail"] == "user1024 in test, 1796086800."
    assert item["range"]["start"]["line"] == 7


def test_who_brings_it_is_said(here: Here, packages: Path) -> None:
    install(packages, shown("python"))
    ran = here.run("explain", "acme001")
    assert (ran.code, ran.err) == (0, "")
    assert "ACME001 is a rule of this team" in ran.out
    assert "acme-pushes" in ran.out
    assert "acme_pushes:campaigns" in ran.out


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import nothing_of_this_name", "cannot be loaded"),
        ("def campaigns(project):\n    yield 1 / 0, None", "has failed"),
        (shown("python").replace("ACME001", "PSH301"), "PSH301"),
        (shown("python").replace("ACME001", "acme"), "acme"),
    ],
)
def test_a_rule_that_does_not_run_is_no_rule(
    here: Here, packages: Path, code: str, told: str
) -> None:
    install(packages, code)
    ran = here.run("validate", env=NOW)
    assert ran.code == 1
    assert told in ran.err
    assert "campaigns" in ran.err
