"""The workflows that `init --ci github` writes, run step by step in a real shell.

The code host and its machines are faked around them; git, bash and pushctl are real, and so is the
embedded sandbox that everything is sent to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pushctl.sandbox import Sandbox
from tests.acceptance.ci.runner import Forge, Job, git
from tests.acceptance.cli import Here
from tests.fake_code_hosts import GitHub, serving
from tests.security.hostile import offences
from tests.unit.sandbox.client import Client

STATE = "pushctl-state"

MANIFEST = """\
version: 1
app: {id: ONEX0000000000000, workspace: test, endpoint: sandbox,
  sandbox: {now: "2026-12-01T09:00:00+08:00"}}
timezone: Asia/Shanghai
environments: {prod: {}}
defaults: {expires_after: 4h, owner: lin@acme.example, labels: {campaign: xmas}}
policy: {rules: {PSH325: "off"}}
pushes:
  sale:
    schedule: {at: 2026-12-24T20:00}
    to: {users: [u1]}
    message: {title: 限时特惠, body: Tonight, open: "https://m.acme.example/sale"}
  digest:
    schedule: {every: day, at: "09:45"}
    to: {users: [u1, u2]}
    message: {title: Digest, body: Today, open: "https://m.acme.example/digest"}
"""

HOSTILE = "--all ; touch owned $(touch owned) ${{ github.token }}\n::error::owned"

SAME = {"full_name": "acme/pushes"}
FORK = {"full_name": "someone/pushes"}


class Team:
    """People with a clone of a repository whose manifest is in a folder of it."""

    def __init__(self, folder: Path, program: str) -> None:
        self.here = folder / "clone"
        (self.here / "mk").mkdir(parents=True)
        self.write(MANIFEST)
        self.forge = Forge(folder / "forge", program)
        (self.here / ".git").mkdir()
        ran = Here(self.here).run("-C", "mk", "--env", "prod", "init", "--ci", "github")
        assert ran.code == 0, ran
        (self.here / ".git").rmdir()
        self.forge.start(self.here)

    def write(self, text: str) -> None:
        (self.here / "mk" / "pushctl.yaml").write_text(text, "utf-8")

    def merge(self, text: str) -> dict[str, Job]:
        self.write(text)
        self.forge.commit(self.here, "edit")
        return self.apply()

    def apply(self, event: str = "push", before: str = "HEAD^1") -> dict[str, Job]:
        payload = {"before": git(self.here, "rev-parse", before)} if event == "push" else {}
        return self.forge.run("pushctl-prod-apply", event, payload=payload)

    def plan(self, head: Any = SAME, **more: Any) -> Job:
        pull = {"number": 7, "head": {"repo": head}, "base": {"repo": SAME}}
        payload = {"pull_request": pull}
        return self.forge.run("pushctl-prod-plan", "pull_request", payload=payload, **more)["plan"]

    def drift(self) -> Job:
        return self.forge.run("pushctl-prod-drift", "schedule")["drift"]

    def stop(self, what: str, **more: Any) -> Job:
        inputs = {"what": what, "revoke": False}
        jobs = self.forge.run("pushctl-prod-stop", "workflow_dispatch", inputs=inputs, **more)
        assert not jobs["make-way"].failed
        return jobs["stop"]

    @property
    def kept(self) -> dict[str, str]:
        return self.forge.files(STATE)

    @property
    def state(self) -> Any:
        return json.loads(self.kept["mk/pushctl.prod.state.json"])

    @property
    def claims(self) -> list[str]:
        return [name for name in self.kept if name.endswith(".claim")]

    def phases(self) -> dict[str, list[str]]:
        return {
            id: [task["phase"] for task in push["tasks"]]
            for id, push in self.state["pushes"].items()
        }


@pytest.fixture
def team(tmp_path: Path, forked: str) -> Team:
    return Team(tmp_path, forked)


@pytest.fixture
def github(team: Team) -> Iterator[GitHub]:
    with serving(GitHub()) as forge:
        team.forge.env = {"GITHUB_API_URL": forge.url, "TOKEN": forge.token}
        assert isinstance(forge, GitHub)
        yield forge


def test_merges_are_planned_approved_applied_and_recorded(team: Team) -> None:
    jobs = team.apply()
    assert not jobs["plan"].failed, jobs["plan"].log
    assert jobs["plan"].outputs == {"exit-code": "2"}
    assert not jobs["apply"].failed, jobs["apply"].log
    assert "Apply complete! 2 created" in jobs["apply"].log
    assert "Apply complete! 2 created" in jobs["apply"].summary
    assert team.phases() == {"sale": ["scheduled"], "digest": ["scheduled"]}
    assert not [name for name in team.kept if name.endswith((".claim", ".lock", ".gate"))]
    assert not team.kept.keys() & set(team.forge.files("main"))

    # An edit of nothing but a label: nothing to call, and written down all the same.
    labelled = MANIFEST.replace("campaign: xmas", "campaign: new-year")
    jobs = team.merge(labelled)
    assert jobs["plan"].outputs == {"exit-code": "0"}
    assert not jobs["apply"].failed, jobs["apply"].log
    assert team.state["pushes"]["sale"]["labels"] == {"campaign": "new-year"}

    # On Monday there is nothing to do, so nobody is asked.
    before = team.state["pushes"]
    monday = team.apply("schedule")
    assert (set(monday), monday["plan"].failed) == ({"plan"}, False)
    assert team.state["pushes"] == before

    jobs = team.merge(labelled.replace("body: Tonight", "body: Tomorrow"))
    assert "1 replaced" in jobs["apply"].log
    assert team.phases()["sale"].count("scheduled") == 1

    # Approved late: what this plan is about was done meanwhile.
    before = team.state["pushes"]
    job = team.forge.rerun("pushctl-prod-apply", "apply", team.forge.artifact("pushctl-plan"))
    assert job.failed
    assert "The saved plan is stale" in job.log
    assert "ended with 5" in job.log
    assert team.state["pushes"] == before
    assert not team.claims


def test_a_pull_request_gets_one_comment_and_keeps_it(team: Team, github: GitHub) -> None:
    job = team.plan()
    assert not job.failed, job.log
    (note,) = github.notes
    first, _, rest = note.body.replace("\r\n", "\n").strip().partition("\n")
    assert first == "<!-- pushctl:plan at=mk/pushctl.prod -->"
    text, _, last = rest.rpartition("\n\n")
    assert text in job.summary
    assert last == f"<sub>Commit {git(team.here, 'rev-parse', 'HEAD')}</sub>"
    assert "限时特惠" in text
    page = team.forge.artifact("pushctl-report") / "plan.html"
    assert page.read_text("utf-8").startswith("<!doctype html>")
    del github.calls[:]
    assert not team.plan().failed
    assert github.writes == []
    assert STATE not in git(team.forge.bare, "for-each-ref")


def test_a_thousand_pushes_still_fit_into_the_comment(team: Team, github: GitHub) -> None:
    entry = (
        "  push-{n}:\n    schedule: {{at: 2026-12-24T20:00}}\n    to: {{users: [u{n}]}}\n"
        '    message: {{title: "Offer {n}", body: Tonight, open: "https://m.acme.example/{n}"}}\n'
    )
    many = MANIFEST.partition("pushes:")[0] + "pushes:\n"
    team.write(many + "".join(entry.format(n=n) for n in range(1000)))
    team.forge.commit(team.here, "a thousand")
    job = team.plan()
    (note,) = github.notes
    assert "1,000" in note.body or "1000" in note.body
    assert job.failed  # the quota has no room for them, and the comment says so


def test_a_fork_gets_an_offline_plan_in_the_summary(team: Team, github: GitHub) -> None:
    team.forge.env["TOKEN"] = github.reader
    job = team.plan(FORK)
    assert not job.failed, job.log
    assert "believes the recorded state" in job.log
    assert "it comes from a fork" in job.log
    assert "pushctl plan" in job.summary
    assert github.notes == []


def test_a_plan_is_red_while_something_merged_waits_for_its_apply(
    team: Team, github: GitHub
) -> None:
    team.write(MANIFEST.replace("body: Today", "body: Now"))
    team.forge.commit(team.here, "edit")
    job = team.plan()
    assert job.failed
    assert "PSH609" in github.notes[0].body


def test_nothing_is_applied_that_comes_from_nowhere(team: Team, github: GitHub) -> None:
    """What was merged and never applied must not slip in with the next merge or on a Monday."""
    team.apply()
    team.write(MANIFEST.replace("body: Today", "body: Now"))
    team.forge.commit(team.here, "not applied")
    for event in ("push", "schedule"):
        team.write(MANIFEST.replace("body: Today", "body: Now").replace("Tonight", f"By {event}"))
        team.forge.commit(team.here, "edit")
        jobs = team.apply(event)
        assert (set(jobs), jobs["plan"].failed) == ({"plan"}, True)
        assert "PSH609" in jobs["plan"].summary
    # Whoever runs it by hand sees all of it, and applies it.
    jobs = team.apply("workflow_dispatch")
    assert "2 replaced" in jobs["apply"].log


def test_findings_stand_beside_the_lines(team: Team, github: GitHub) -> None:
    team.write(MANIFEST.replace("title: Digest", "titel: Digest"))
    team.forge.commit(team.here, "edit")
    job = team.plan()
    assert job.failed
    assert "\n::error file=mk/pushctl.yaml,line=16," in "\n" + job.log
    assert "pushctl plan ended with 1" in job.log


def test_drift_is_red_when_somebody_used_the_console(team: Team) -> None:
    team.apply()
    assert not team.drift().failed
    cancelled_in_the_console(team)
    job = team.drift()
    assert job.failed
    assert "ended with 2" in job.log
    assert team.drift().failed


def cancelled_in_the_console(team: Team) -> None:
    """Cancel a task of the sandbox whose data is on the state branch, an hour later."""
    machine = team.forge.folder / "console"
    git(team.forge.folder, "clone", "--quiet", "--branch", STATE, str(team.forge.bare), "console")
    task = team.state["pushes"]["sale"]["tasks"][0]["task_id"]
    with Sandbox(machine / "mk" / "pushctl.prod.sandbox.db") as sandbox:
        client = Client(sandbox.url)
        named = {"AppId": "ONEX0000000000000", "WorkspaceId": "test", "UniqueIds": task}
        client.advance(3600)
        assert client.call("CancelPushScheduler", **named).status == 200
        client.close()
    git(machine, "add", "--all")
    git(machine, "commit", "--quiet", "--message", "console")
    git(machine, "push", "--quiet", "origin", "HEAD")


def test_the_red_button_stops_what_it_is_told_and_nothing_else(team: Team) -> None:
    team.apply()
    job = team.stop(HOSTILE)
    assert job.failed
    assert not list(job.folder.rglob("owned"))
    ours = "::error::pushctl stop ended with 64"
    told = "\n".join(line for line in job.log.splitlines() if not line.startswith(ours))
    assert offences(told) == []
    assert team.phases() == {"sale": ["scheduled"], "digest": ["scheduled"]}

    for what, stopped in (("  sale\n", {"sale"}), ("campaign=xmas", {"sale", "digest"})):
        job = team.stop(what)
        assert not job.failed, job.log
        assert {id for id, push in team.state["pushes"].items() if "stopped" in push} == stopped
    assert any(name.startswith("mk/pushctl.prod.stop-") for name in team.kept)

    before = team.state["pushes"]
    assert not team.stop("ALL").failed
    assert team.state["pushes"] == before
    assert team.apply("schedule")["plan"].outputs == {"exit-code": "0"}


def test_a_hostile_title_is_text_in_log_and_summary(team: Team, github: GitHub) -> None:
    title = "@everyone | `x` <b>&<script> \\e[31m ::error::x %0A \\u202e $(touch owned)"
    rules = ", ".join(f"PSH{code}: warning" for code in (301, 302, 303, 304, 317))
    text = MANIFEST.replace("title: Digest", f'title: "{title}"')
    team.write(text.replace('PSH325: "off"', rules))
    git(team.here, "commit", "--quiet", "--amend", "--all", "--no-edit")
    git(team.here, "push", "--quiet", "--force", "origin", "HEAD")
    job = team.plan()
    assert not job.failed, job.log
    assert offences(job.log.replace("::notice::", "").replace("::warning ", "")) == []
    applied = team.apply()["apply"]
    assert not applied.failed, applied.log
    assert "<script>" not in "".join(
        line for line in applied.summary.splitlines() if not line.startswith("    ")
    )
    assert not list(team.forge.folder.rglob("owned"))
