"""`examples/fleet` with the jobs of `init --ci github`: six plans, one comment, six approvals."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.ci.runner import Forge, Job, git
from tests.acceptance.ci.test_workflows import SAME
from tests.acceptance.cli import Here, example
from tests.fake_code_hosts import GitHub, serving

TARGETS = [(app, env) for app in ("bank", "shop", "travel") for env in ("prod", "test")]
STATE = 'state: "git+origin:#pushctl-state"\n'


@pytest.fixture
def github() -> Iterator[GitHub]:
    with serving(GitHub()) as host:
        assert isinstance(host, GitHub)
        yield host


@pytest.fixture
def clone(tmp_path: Path) -> Here:
    made = example("fleet", tmp_path / "clone", Here)
    for path in made.folder.rglob("pushctl.yaml"):
        path.write_text(path.read_text("utf-8") + STATE, "utf-8")
    return made


@pytest.fixture
def forge(tmp_path: Path, clone: Here, github: GitHub, forked: str) -> Forge:
    found = Forge(tmp_path / "forge", forked, {"GITHUB_API_URL": github.url, "TOKEN": github.token})
    git(clone.folder, "init", "--quiet", "--initial-branch=main")
    assert clone.run("init", "--ci", "github").code == 0
    found.start(clone.folder)
    return found


def pull_request(forge: Forge, clone: Here) -> Job:
    sha = git(clone.folder, "rev-parse", "HEAD")
    pull = {"number": 7, "head": {"repo": SAME, "sha": sha}, "base": {"repo": SAME}}
    return forge.run("pull_request", payload={"pull_request": pull})["comment"]


def test_one_comment_shows_every_push_of_every_app(
    forge: Forge, clone: Here, github: GitHub
) -> None:
    job = pull_request(forge, clone)
    assert not job.failed, job.log
    (note,) = github.notes
    titles = re.findall(r"### pushctl plan · `(\w+)` · `(\w+)` · `ONEX", note.body)
    assert titles == TARGETS
    shown = re.findall(r"<b>\+ create</b> <code>([\w-]+)</code>", note.body)
    bank, shop, travel = ["statement"], ["weekend", "xmas-sale"], ["last-minute", "new-year"]
    assert shown == [*bank, *bank, *shop, *shop, *travel, *travel]


@pytest.mark.slow
def test_what_cannot_be_planned_hides_nothing_else(
    forge: Forge, clone: Here, github: GitHub
) -> None:
    root = (clone.folder / "bank" / "pushctl.yaml").read_text("utf-8").replace("../", "")
    clone.write(root)
    assert clone.run("init", "--ci", "github").code == 0  # and the root, too
    clone.write("version: [", "shop/pushctl.yaml")
    forge.commit(clone.folder, "break one")
    assert not pull_request(forge, clone).failed
    (note,) = github.notes
    assert note.body.count("No plan") == 2
    assert note.body.count("### pushctl plan · `") == 5
    assert "Not every job went well" in note.body


@pytest.mark.slow
def test_what_is_applied_is_what_the_comment_showed(
    forge: Forge, clone: Here, github: GitHub
) -> None:
    pull_request(forge, clone)
    (note,) = github.notes
    reviewed = re.findall(r"<sub>plan `(\w+)`", note.body)
    payload = {"before": git(clone.folder, "rev-parse", "HEAD^1")}
    forge.run("push", payload=payload)
    applied = []
    for app, env in TARGETS:
        ran = clone.run("-C", app, "--env", env, "history", "--format", "json")
        (entry,) = json.loads(ran.out)
        assert entry["exit"] == 0
        applied.append(entry["plan"][:12])
    assert applied == reviewed
