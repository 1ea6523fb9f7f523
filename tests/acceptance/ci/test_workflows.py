"""The workflows that `init --ci github` writes, run step by step in a real shell.

The code host and its machines are faked around them; git, bash and pushctl are real, and so is the
embedded sandbox that everything is sent to.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.ci.runner import PATH, Forge, Job, git
from tests.acceptance.cli import Here
from tests.fake_code_hosts import GitHub, serving
from tests.security.hostile import offences

MANIFEST = """\
version: 1
app: {id: ONEX0000000000000, workspace: test, endpoint: sandbox,
  sandbox: {now: "2026-12-01T09:00:00+08:00"}}
timezone: Asia/Shanghai
state: "git+origin:#pushctl-state"
environments: {prod: {}, staging: {}}
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

    def __init__(
        self,
        folder: Path,
        program: str,
        text: str = MANIFEST,
        envs: Sequence[str] = ("prod", "staging"),
    ) -> None:
        self.here = folder / "clone"
        (self.here / "mk").mkdir(parents=True)
        self.write(text)
        self.forge = Forge(folder / "forge", program)
        self.program = folder / "pushctl"
        self.program.write_text(program)
        self.program.chmod(0o755)
        (self.here / ".git").mkdir()
        for env in envs:
            ran = Here(self.here).run("-C", "mk", "--env", env, "init", "--ci", "github")
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
        return self.forge.run(event, payload={**payload, "schedule": "17 1 * * 1"})

    def plan(self, head: Any = SAME) -> Job:
        return self.pull_request(head)["plan"]

    def pull_request(self, head: Any = SAME) -> dict[str, Job]:
        sha = git(self.here, "rev-parse", "HEAD")
        pull = {"number": 7, "head": {"repo": head, "sha": sha}, "base": {"repo": SAME}}
        return self.forge.run("pull_request", payload={"pull_request": pull})

    def drift(self) -> Job:
        return self.forge.run("schedule", payload={"schedule": "43 0 * * *"})["look"]

    def press(self, command: str, target: str = "mk (prod)", **inputs: Any) -> dict[str, Job]:
        """Run the workflow by hand, as the form hands it over."""
        empty = {"all": False, "label": "", "ids": "", "dry-run": False, "revoke": False}
        given = {**empty, **inputs, "command": command, "target": target}
        return self.forge.run("workflow_dispatch", target, inputs=given)

    def button(self, command: str, **inputs: Any) -> Job:
        return self.press(command, **inputs)["stop-or-resume"]

    def told(self, *arguments: str, folder: Path | None = None) -> str:
        """Return what a command says in a clone."""
        done = subprocess.run(
            [str(self.program), "-C", "mk", *arguments],
            cwd=folder or self.here,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def standings(self, env: str = "prod") -> dict[str, int]:
        told = self.told("--env", env, "status", "--offline", "--format", "json")
        summary = json.loads(told)["summary"]
        return {word: number for word, number in summary.items() if number}


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
    assert jobs["plan"].outputs["exit-code"] == "2"
    assert not jobs["apply"].failed, jobs["apply"].log
    assert "Apply complete! 2 created" in jobs["apply"].log
    assert "    Apply complete! 2 created" in jobs["apply"].summary
    assert sum(team.standings().values()) == 2
    assert sum(team.standings("staging").values()) == 2
    # Another clone knows what was applied, from the manifest alone.
    git(team.here.parent, "clone", "--quiet", str(team.forge.bare), "second")
    told = team.told("--env", "prod", "status", "--offline", folder=team.here.parent / "second")
    assert "digest" in told
    old = team.forge.artifact("plan-mk_prod")

    # An edit of nothing but a label: nothing to call, and written down all the same.
    labelled = MANIFEST.replace("campaign: xmas", "campaign: new-year")
    jobs = team.merge(labelled)
    assert (jobs["plan"].outputs["exit-code"], jobs["plan"].outputs["edited"]) == ("0", "true")
    assert not jobs["apply"].failed, jobs["apply"].log

    # On Monday there is nothing to do, so nobody is asked.
    monday = team.apply("schedule")
    assert (set(monday), monday["plan"].failed) == ({"plan"}, False)

    # Approved late: what this plan is about was done meanwhile.
    job = team.forge.apply_again(old, {"folder": "mk", "env": "prod"})
    assert job.failed
    assert "The saved plan is stale" in job.log


def test_a_pull_request_gets_one_comment_and_keeps_it(team: Team, github: GitHub) -> None:
    job = team.plan()
    assert not job.failed, job.log
    (note,) = github.notes  # for both environments
    first, _, rest = note.body.replace("\r\n", "\n").strip().partition("\n")
    assert first == "<!-- pushctl:plan at=pushes -->"
    text, _, last = rest.rpartition("\n\n")
    assert text.count("### pushctl plan · `mk` · ") == 2
    assert job.summary.partition("\n")[2].strip() in text
    assert last == f"<sub>Commit {git(team.here, 'rev-parse', 'HEAD')}</sub>"
    assert "限时特惠" in text
    page = team.forge.artifact("report-mk_prod") / "plan.html"
    assert page.read_text("utf-8").startswith("<!doctype html>")
    del github.calls[:]
    assert not team.plan().failed
    assert github.writes == []


def test_a_thousand_pushes_still_fit_into_the_comment(team: Team, github: GitHub) -> None:
    entry = (
        "  push-{n}:\n    schedule: {{at: 2026-12-24T20:00}}\n    to: {{users: [u{n}]}}\n"
        '    message: {{title: "Offer {n}", body: Tonight, open: "https://m.acme.example/{n}"}}\n'
    )
    many = MANIFEST.partition("pushes:")[0] + "pushes:\n"
    team.write(many + "".join(entry.format(n=n) for n in range(1000)))
    team.forge.commit(team.here, "a thousand")
    job = team.plan()
    note = github.notes[0]
    assert "1,000" in note.body or "1000" in note.body
    assert job.failed  # the quota has no room for them, and the comment says so


def test_a_fork_gets_an_offline_plan_in_the_summary(team: Team, github: GitHub) -> None:
    team.forge.env["TOKEN"] = github.reader
    jobs = team.pull_request(FORK)
    job = jobs["plan"]
    assert "it comes from a fork" in jobs["comment"].log
    assert not jobs["comment"].failed
    assert not job.failed, job.log
    assert "believes the recorded state" in job.log
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
    jobs = team.press("apply")
    assert "2 replaced" in jobs["apply"].log


def test_findings_stand_beside_the_lines(team: Team, github: GitHub) -> None:
    team.write(MANIFEST.replace("title: Digest", "titel: Digest"))
    team.forge.commit(team.here, "edit")
    job = team.plan()
    assert job.failed
    assert "\n::error file=mk/pushctl.yaml,line=17," in "\n" + job.log
    assert "No plan: the manif" in job.summary


def test_an_old_plan_does_not_stay_for_a_new_one(team: Team, github: GitHub) -> None:
    team.plan()
    team.write(MANIFEST.replace("git+origin:#", "nowhere:"))
    team.forge.commit(team.here, "edit")
    job = team.plan()
    assert job.failed
    assert "**No plan.** The log of the job says why." in job.summary
    (note,) = github.notes
    assert note.body.count("**No plan.**") == 2
    assert note.body.count("### pushctl plan · <code>mk_") == 2
    assert "Not every job went well" in note.body


def test_a_job_acts_as_a_role_by_its_identity_and_a_plan_without_one_is_offline(
    team: Team, github: GitHub, tmp_path: Path
) -> None:
    team.forge.variables = {"PUSHCTL_PLAN_ROLE_ARN": "acs:ram::1:role/plan"}
    job = team.plan()
    assert not job.failed, job.log
    assert "believes the recorded state" in job.log
    drift = team.drift()
    assert drift.failed
    assert "id-token: write" in drift.log

    curl = tmp_path / "bin" / "curl"
    curl.parent.mkdir()
    curl.write_text('#!/bin/sh\ncat >&2\necho "$@" >&2\necho \'{"value": "secret.identity"}\'\n')
    curl.chmod(0o755)
    told = 'echo "$ALIBABA_CLOUD_ROLE_ARN $(cat "$ALIBABA_CLOUD_OIDC_TOKEN_FILE") $@"'
    team.forge.program = f"#!/bin/sh\n{told}\n"
    team.forge.env = {
        "PATH": f"{curl.parent}{os.pathsep}{PATH}",
        "ACTIONS_ID_TOKEN_REQUEST_URL": "https://issuer.example/token?x=1",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "secret-request",
    }
    job = team.drift()
    assert not job.failed, job.log
    assert "Authorization: Bearer secret-request" in job.log  # by stdin, never an argument
    assert "audience=pushctl https://issuer.example/token?x=1" in job.log
    assert "acs:ram::1:role/plan secret.identity drift" in job.summary
    assert not (job.folder / "temp" / "pushctl" / "identity").exists()


def test_drift_is_looked_for_every_morning(team: Team) -> None:
    team.apply()
    assert not team.drift().failed
    # The machine's sandbox is gone, and with it what was applied: as if somebody had cancelled it.
    shutil.rmtree(team.forge.folder / "caches")
    team.forge.env = {
        "PUSHCTL_NOW": "2026-12-01T09:30:00+08:00"
    }  # what is new may not be listed yet
    assert team.drift().failed


@pytest.mark.slow
def test_buttons_are_for_what_was_picked_and_nothing_else(team: Team) -> None:
    team.apply()
    before = team.standings("prod")
    job = team.button("stop", **{"all": True, "dry-run": True})
    assert not job.failed, job.log
    assert "Would stop 2 pushes" in job.summary
    assert team.standings("prod") == before
    assert "make-way" not in team.press("stop", **{"all": True, "dry-run": True})

    assert team.button("stop").failed  # nothing was named
    assert "There is no push '*'" in team.button("stop", ids="*").log  # a word, and no pattern
    job = team.button("stop", ids=HOSTILE)
    assert job.failed
    assert not list(job.folder.rglob("owned"))
    assert offences(job.log) == []
    assert team.standings("prod") == before

    jobs = team.press("stop", ids="  sale ")
    assert set(jobs) == {"make-way", "stop-or-resume"}
    assert not jobs["stop-or-resume"].failed, jobs["stop-or-resume"].log
    assert team.standings("prod")["stopped"] == 1
    assert not team.button("stop", label="campaign=xmas").failed
    assert team.standings("prod")["stopped"] == 2
    assert team.standings("staging") == before

    assert "sale" in team.press("status")["look"].summary
    job = team.button("resume", **{"all": True, "dry-run": True})
    assert "Would resume 2 pushes" in job.summary
    assert not team.button("resume", all=True).failed
    assert team.apply("schedule")["plan"].outputs["exit-code"] == "2"


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
