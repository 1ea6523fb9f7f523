"""Two apps in two environments, from the jobs of an earlier version to those of this one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.acceptance.ci.runner import Forge, git
from tests.acceptance.ci.test_workflows import SAME
from tests.acceptance.cli import Here, example
from tests.fake_code_hosts import GitHub, serving
from tests.unit.cli.ci.test_upgrade import old, write

WORKFLOWS = Path(".github/workflows")


@pytest.fixture
def clone(tmp_path: Path) -> Here:
    made = example("fleet", tmp_path / "clone", Here)
    (made.folder / "apps").mkdir()
    (made.folder / "bank").rename(made.folder / "apps" / "bank")
    text = (made.folder / "apps/bank/pushctl.yaml").read_text("utf-8").replace("../", "../../")
    made.write(text, "apps/bank/pushctl.yaml")
    for path in (made.folder / "travel").iterdir():
        path.unlink()
    for path in made.folder.rglob("pushctl.yaml"):
        path.write_text(f'{path.read_text("utf-8")}state: "git+origin:#pushctl-state"\n', "utf-8")
    git(made.folder, "init", "--quiet", "--initial-branch=main")
    return made


def planned(clone: Here, forge: Forge, host: GitHub) -> list[tuple[str, str]]:
    """Return of which apps and environments the comment on a pull request shows a plan."""
    sha = git(clone.folder, "rev-parse", "HEAD")
    pull = {"number": 7, "head": {"repo": SAME, "sha": sha}, "base": {"repo": SAME}}
    ran = forge.run("pull_request", payload={"pull_request": pull})
    assert not ran["plan"].failed, ran["plan"].log
    assert not ran["comment"].failed, ran["comment"].log
    return re.findall(r"### pushctl plan · `([\w/]+)` · `(\w+)` · `ONEX", host.notes[0].body)


@pytest.mark.parametrize("former", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_two_apps_in_two_environments_are_planned_by_upgraded_jobs(
    former: bool, clone: Here, tmp_path: Path, forked: str
) -> None:
    if former:
        write(clone.folder, old("github"))
        path = clone.folder / WORKFLOWS / "pushctl.yml"
        mine = path.read_text("utf-8").replace("timeout-minutes: 15", "timeout-minutes: 20")
        path.write_text(mine, "utf-8")
        refused = clone.run("init", "--ci", "github", "--upgrade", stdin="n\n")
        assert (refused.code, path.read_text("utf-8")) == (1, mine)
        assert "+          source: ${{ vars.PUSHCTL_SOURCE" in refused.out
        ran = clone.run("init", "--ci", "github", "--upgrade", "--yes")
        assert (ran.code, ran.out.count("\nWrote ")) == (0, 3), ran
        assert path.read_text("utf-8").count("timeout-minutes: 20") == 2
    else:
        assert clone.run("init", "--ci", "github").code == 0
    again = clone.run("init", "--ci", "github", "--upgrade")
    assert (again.code, again.out) == (0, "The CI files are up to date.\n")
    with serving(GitHub()) as host:
        assert isinstance(host, GitHub)
        forge = Forge(tmp_path / "forge", forked, {"GITHUB_API_URL": host.url, "TOKEN": host.token})
        forge.start(clone.folder)
        found = planned(clone, forge, host)
    assert sorted(found) == [(a, env) for a in ("apps/bank", "shop") for env in ("prod", "test")]


def test_a_conflict_is_shown_and_nothing_is_written(clone: Here) -> None:
    write(clone.folder, old("github"))
    path = clone.folder / WORKFLOWS / "pushes.yml"
    path.write_text(path.read_text("utf-8").replace("[plan, apply", "[apply, plan"), "utf-8")
    before = {file: file.read_bytes() for file in clone.folder.rglob("*.yml")}
    ran = clone.run("init", "--ci", "github", "--upgrade", "--yes")
    assert (ran.code, "+<<<<<<< yours" in ran.out) == (1, True)
    assert ".github/workflows/pushes.yml (1)" in ran.err
    assert {file: file.read_bytes() for file in clone.folder.rglob("*.yml")} == before
