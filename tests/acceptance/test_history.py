"""`pushctl history`: who applied what, from which commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.cli.planning import git as repository
from tests.acceptance.cli import Here, Ran
from tests.acceptance.repository import Tracked, git, tracked

MANIFEST = """\
version: 1
app:
  id: ONEX0000000000000
  workspace: test
  endpoint: sandbox
  sandbox: {now: "2026-12-01T09:00:00+08:00"}
timezone: Asia/Shanghai
environments: {pilot: {app: {workspace: pilot}}}
pushes:
  sale:
    schedule: {at: 2026-12-24T20:00}
    to: {users_from: people.txt}
    message: {title: Sale, body: Tonight}
  party:
    schedule: {at: 2026-12-18T16:00}
    to: {users: [u1]}
    message: {title: Party, body: In the kitchen}
"""

NOWHERE = {"GITHUB_SHA": "", "CI_COMMIT_SHA": "", "GITHUB_ACTOR": "lin"}


def ok(ran: Ran, code: int = 0) -> Ran:
    assert ran.code == code, ran
    return ran


def apply(project: Here, env: dict[str, str] | None = None) -> None:
    ok(project.run("apply", "--yes", env={**NOWHERE, **(env or {})}))


@pytest.fixture
def project(tmp_path: Path) -> Tracked:
    made = tracked(tmp_path, "push")
    made.write(MANIFEST)
    made.write("u1\nu2\n", "people.txt")
    made.commit()
    return made


def test_an_apply_writes_down_commit_pushes_and_exit(project: Tracked) -> None:
    sha = git(project.folder, "rev-parse", "HEAD")
    apply(project)
    apply(project)  # nothing to do is nothing to write down
    (found,) = ok(project.run("history", "--format", "json")).json
    assert (found["commit"], found["exit"], found["who"]) == (sha, 0, "lin")
    assert {word: sorted(ids) for word, ids in found["pushes"].items()} == {
        "create": ["party", "sale"]
    }
    assert ok(project.run("state", "history")).out == ok(project.run("history")).out


def test_the_plan_and_the_calls_of_an_apply_and_a_stop_are_written_down(project: Tracked) -> None:
    digest = ok(project.run("plan", "--format", "json")).json["digests"]["actions"]
    apply(project)
    tasks = [task for push in project.state()["pushes"].values() for task in push["tasks"]]
    ok(project.run("stop", "--all"))
    applied, stopped = ok(project.run("history", "--format", "json")).json
    assert applied["plan"] == digest
    assert sorted(applied["calls"]) == sorted(task["request_id"] for task in tasks)
    assert (stopped["plan"], len(set(stopped["calls"]) - set(applied["calls"]))) == ("", 2)


def test_edits_that_are_not_committed_are_marked(project: Tracked) -> None:
    project.write("u1\nu2\nu3\n", "people.txt")
    apply(project)
    assert "and edits" in ok(project.run("history")).out
    project.commit()
    project.write("unrelated", "notes.txt")
    project.replace("pushctl.yaml", "Tonight", "Today")
    project.commit()
    (project.folder / "notes.txt").write_text("edited")
    apply(project)
    last = ok(project.run("history", "--limit", "1")).out
    assert last.count("\n") == 1
    assert f"commit {git(project.folder, 'rev-parse', '--short=9', 'HEAD')}" in last
    assert "and edits" not in last


def test_line_ends_of_another_system_are_no_edits(project: Tracked) -> None:
    path = project.folder / "people.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    apply(project)
    assert "and edits" not in ok(project.run("history")).out


def test_one_push_has_a_history_of_its_own(project: Tracked) -> None:
    apply(project)
    project.replace("pushctl.yaml", "Tonight", "Today")
    apply(project)
    ok(project.run("stop", "sale", "--yes"))
    ok(project.run("resume", "sale"))
    words = [line.split("  ")[2] for line in ok(project.run("history", "sale")).out.splitlines()]
    assert words == ["created", "replaced", "stopped", "resumed"]
    words = [line.split("  ")[2] for line in ok(project.run("history", "party")).out.splitlines()]
    assert words == ["created"]
    ran = ok(project.run("history", "salle"), 64)
    assert "There is no push 'salle' in the state. Did you mean sale?" in ran.err


def test_a_push_from_before_there_was_a_history(project: Tracked) -> None:
    apply(project)
    (project.folder / "pushctl.state.history").unlink()
    assert "before changes were written down" in ok(project.run("history", "sale")).out
    assert ok(project.run("history")).out == "Nothing has changed the state yet.\n"
    assert ok(project.run("history", "--format", "json")).json == []


def test_the_word_of_a_ci_system_comes_first(project: Tracked) -> None:
    first = git(project.folder, "rev-parse", "HEAD")
    project.replace("pushctl.yaml", "Tonight", "Today")
    project.commit()
    apply(project, {"GITHUB_SHA": first})
    (found,) = ok(project.run("history", "--format", "json")).json
    assert found["commit"] == f"{first}-dirty"


def test_without_git_there_is_no_commit_or_the_ci_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in repository.COMMIT_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "pushctl.yaml").write_text(MANIFEST)
    assert repository.manifest_commit(tmp_path, ["pushctl.yaml"], {}) == ""
    assert repository.manifest_commit(tmp_path, ["pushctl.yaml"], {"CI_COMMIT_SHA": "abc"}) == "abc"
    monkeypatch.setenv("PATH", "")
    assert repository.manifest_commit(tmp_path, ["pushctl.yaml"], {"CI_COMMIT_SHA": "abc"}) == "abc"


def test_environments_have_histories_of_their_own(project: Tracked) -> None:
    ok(project.run("--env", "pilot", "apply", "--yes", env=NOWHERE))
    (found,) = ok(project.run("--env", "pilot", "history", "--format", "json")).json
    assert found["env"] == "pilot"
    assert ok(project.run("history")).out == "Nothing has changed the state yet.\n"


def test_whoever_writes_the_history_cannot_paint_the_terminal(project: Tracked) -> None:
    hostile = "\x1b[31mred\x1b[0m\r\n::error::x\u202e"
    env = {"GITHUB_ACTOR": hostile, "PUSHCTL_RUN_URL": hostile, "GITHUB_SHA": hostile}
    apply(project, env)
    out = ok(project.run("history")).out
    assert out.count("\n") == 1
    assert not {"\x1b", "\r", "\u202e"} & set(out)
