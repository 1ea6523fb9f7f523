"""`extends`: one policy for several manifests, in the repository or in another one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.acceptance.cli import Ran
from tests.acceptance.repository import Tracked, git, tracked

MANIFEST = """\
version: 1
app:
  id: ONEX0000000000000
  workspace: test
  endpoint: sandbox
  sandbox: {{now: "2026-12-01T09:00:00+08:00"}}
timezone: Asia/Shanghai
extends: {extends}
pushes:
  sale:
    owner: crm@acme.example
    schedule: {{at: 2026-12-24T20:00}}
    to: {{users: [u1, u2, u3]}}
    message: {{title: Sale, body: Tonight}}
    expires_after: 2h
"""
STRICT, LENIENT = "policy:\n  max_audience: 2\n", "policy:\n  max_audience: 3\n"


def codes(ran: Ran) -> set[str]:
    return {item["code"] for item in ran.json["diagnostics"]}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tracked:
    monkeypatch.setenv("PUSHCTL_CACHE", str(tmp_path / "cache"))
    (tmp_path / "repository").mkdir()
    return tracked(tmp_path / "repository", "shop")


def commit(shop: Tracked) -> None:
    """Commit everything, also what is beside the shop's folder."""
    git(shop.folder.parent, "add", "-A")
    git(shop.folder, "commit", "-q", "-m", "Change")


def committed(origin: Path, text: str) -> str:
    """Commit a policy in a repository of its own; returns its address."""
    if not origin.exists():
        origin.mkdir()
        git(origin, "init", "-q")
    (origin / "push.yaml").write_text(text)
    git(origin, "add", "push.yaml")
    git(origin, "commit", "-q", "-m", "Change")
    return f"git+file://{origin}//push.yaml?ref={git(origin, 'rev-parse', 'HEAD')}"


def test_a_policy_of_another_repository_is_fetched_once(shop: Tracked, tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    strict, lenient = committed(origin, STRICT), committed(origin, LENIENT)
    shop.write(MANIFEST.format(extends=strict))
    refused = shop.run("plan", "--format", "json")
    assert (refused.code, "PSH504" in codes(refused)) == (3, True), refused
    shutil.move(origin, tmp_path / "gone")
    assert shop.run("plan", "--format", "json").json == refused.json
    shop.write(MANIFEST.format(extends=lenient))
    unknown = shop.run("validate")
    assert unknown.code == 1
    assert "cannot be fetched" in unknown.err + unknown.out
    shutil.move(tmp_path / "gone", origin)
    assert shop.run("validate").code == 0
    shop.write(MANIFEST.format(extends=lenient.partition("=")[0] + "=main"))
    assert "all 40 digits" in shop.run("validate").out


def test_an_incident_waits_for_no_policy(shop: Tracked, tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    shop.write(MANIFEST.format(extends=committed(origin, LENIENT)))
    assert shop.run("apply", "--yes").code == 0
    shutil.rmtree(tmp_path / "cache")
    assert shop.run("stop", "--all", "--yes").code == 0
    assert not (tmp_path / "cache").exists()


def test_a_saved_plan_is_for_the_policy_that_it_was_made_with(shop: Tracked) -> None:
    policy = "../policy.yaml"
    shop.write(MANIFEST.format(extends=policy))
    shop.write(LENIENT, policy)
    assert shop.run("plan", "--out", "saved.json").code == 0
    shop.write(STRICT, policy)
    stale = shop.run("apply", "saved.json", "--yes")
    assert stale.code == 5
    assert "a file that it reads has changed" in stale.err


def test_a_base_has_the_policy_of_its_commit(shop: Tracked) -> None:
    policy = "../policy.yaml"
    shop.write(MANIFEST.format(extends=policy))
    shop.write("policy: {max_cancels: 0.2}\n", policy)
    commit(shop)
    git(shop.folder, "checkout", "-q", "-b", "edit")
    shop.write("policy: {max_cancels: 0.9}\n", policy)
    changed = shop.since()
    (told,) = [item for item in changed.json["diagnostics"] if item["code"] == "PSH614"]
    assert "`policy.max_cancels` from 0.2 to 0.9" in told["detail"]
    assert told["range"]["filename"] == policy
    git(shop.folder, "rm", "-q", "-f", policy)
    commit(shop)
    shop.write(STRICT, policy)
    assert "PSH613" in codes(shop.since("HEAD"))


def test_the_history_says_whether_the_shared_policy_was_committed(shop: Tracked) -> None:
    policy = "../policy.yaml"
    shop.write(MANIFEST.format(extends=policy))
    shop.write(LENIENT, policy)
    commit(shop)
    assert shop.run("apply", "--yes").code == 0
    shop.write(LENIENT + "  max_cancels: 0.9\n", policy)
    shop.replace("pushctl.yaml", "Tonight", "Tomorrow")
    commit(shop)
    shop.write(LENIENT, policy)
    assert shop.run("apply", "--yes").code == 0
    commits = [item["commit"] for item in shop.run("history", "--format", "json").json]
    assert [commit.endswith("-dirty") for commit in commits] == [False, True]
