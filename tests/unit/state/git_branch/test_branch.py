"""What git and a code host may do wrong with a branch: lost answers, refusals, missing rights."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pushctl import git_command
from pushctl.errors import (
    ConfigError,
    StateConflictError,
    StateError,
    StateFormatError,
    StateLockedError,
)
from pushctl.state.chain.log import Done, NotSent, Taken, Unknown
from pushctl.state.chain.store import ChainStateStore
from pushctl.state.git_branch import branch
from pushctl.state.git_branch.log import GitLog, open_log
from tests.servers.git_http import TOKEN, GitServer, git_server  # noqa: F401
from tests.unit.state.chain.log_suite import entry
from tests.unit.state.git_branch.test_log import BRANCH, NAMED, git
from tests.unit.state.store_suite import began

SEEN = "refs/pushctl/pushctl-state"


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bare repository."""
    monkeypatch.setattr(branch, "PAUSE", 0.0)
    git(tmp_path, "init", "--quiet", "--bare", "team.git")
    git(tmp_path / "team.git", "config", "http.receivepack", "true")
    return tmp_path / "team.git"


def opened(folder: Path, environ: dict[str, str] | None = None) -> GitLog:
    return open_log(f"git+file://{folder}?path=mk", suffix="", folder=folder, environ=environ or {})


def bodies(log: GitLog, after: int | None = 0) -> list[bytes]:
    return [item.body for item in log.read(after)]


def hook(folder: Path, name: str, *lines: str) -> Path:
    path = folder / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(("#!/bin/sh", *lines, "")))
    path.chmod(0o755)
    return path


# --- pushes ---------------------------------------------------------------------------------------


def test_a_hook_that_refuses_is_named_and_nothing_is_stored(team: Path) -> None:
    assert opened(team).put(1, entry(1)) == Done()
    hook(team, "pre-receive", "echo 'only on weekdays' >&2", "exit 1")
    with pytest.raises(StateError, match=r"takes no push.*only on weekdays") as caught:
        opened(team).put(2, entry(2))
    assert caught.value.fix
    assert bodies(opened(team)) == [entry(1)]


def test_a_second_ref_that_is_refused_leaves_the_branch_as_it_is(team: Path) -> None:
    hook(team, "update", "case $1 in refs/pushctl/*) exit 1;; esac")
    with pytest.raises(StateError, match="takes no push"):
        opened(team).put(1, entry(1))
    assert git(team, "for-each-ref") == ""


@pytest.mark.parametrize("protocol", ["file", "http"])
def test_an_answer_that_is_lost_after_the_push_is_settled_by_reading(
    protocol: str, team: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"file://{team}"
    if protocol == "http":
        server: GitServer = request.getfixturevalue("git_server")
        team = team.rename(server.folder / f"{tmp_path.name}.git")
        url = server.url(team.name)
    hook(team, "post-receive", 'rm "$0"', "kill -9 $PPID")
    log = open_log(f"git+{url}", suffix="", folder=tmp_path, environ={})
    assert isinstance(log.put(1, entry(1)), Unknown)
    assert bodies(log) == [entry(1)]
    assert log.put(1, entry(1)) == Taken()


def test_a_claim_whose_answer_is_lost_is_taken_once(team: Path) -> None:
    hook(team, "post-receive", 'rm "$0"', "kill -9 $PPID")
    store = ChainStateStore(opened(team), app="app", workspace="workspace")
    with store.lock("test") as lease:
        lease.record(began("a"))
    claims = [body for body in bodies(opened(team)) if b'"claim":{"holder"' in body]
    assert len(claims) == 2  # the one of the command, and that in its last snapshot


def test_a_push_that_is_cut_before_it_took_effect_can_be_made_again(team: Path) -> None:
    hook(team, "pre-receive", 'rm "$0"', "kill -9 $PPID")
    log = opened(team)
    assert isinstance(log.put(1, entry(1)), Unknown)
    assert bodies(log) == []
    assert log.put(1, entry(1)) == Done()


def test_a_push_without_an_answer_in_time_may_still_take_effect(
    team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "gate")
    hook(team, "pre-receive", f"echo > {tmp_path / 'here'}", f"cat {tmp_path / 'gate'}")
    log = opened(team)
    log.read(None)
    monkeypatch.setattr(git_command, "TIMEOUT", 2.0)
    assert isinstance(log.put(1, entry(1)), Unknown)
    assert (tmp_path / "here").exists()
    (tmp_path / "gate").write_text("")


def test_the_same_entry_in_the_same_second_is_taken_for_another(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(branch.time, "time", lambda: 1_800_000_000.0)
    logs = [opened(team), opened(team)]
    for log in logs:
        assert log.put(1, entry(1)) == (Done() if log is logs[0] else Taken())
        log.read(None)
    assert [log.put(2, entry(2)) for log in logs] == [Done(), Taken()]


def test_a_lock_of_another_push_is_no_refusal(team: Path) -> None:
    log = opened(team)
    assert log.put(1, entry(1)) == Done()
    left = team / f"{BRANCH}.lock"
    left.touch()
    assert isinstance(log.put(2, entry(2)), NotSent)
    left.unlink()
    assert log.put(2, entry(2)) == Done()


def test_a_ref_that_could_not_be_updated_is_neither_a_race_nor_a_refusal(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, run = opened(team), branch.Branch.run
    assert log.put(1, entry(1)) == Done()
    pushes = list[str]()

    def failing(self: branch.Branch, *words: str, data: bytes = b"") -> Any:
        if words[0] != "push":
            return run(self, *words, data=data)
        pushes.append(words[-1])
        row = f"!\t{words[-1]}\t[remote rejected] (failed to update ref)\n"
        return subprocess.CompletedProcess([], 1, row.encode(), b"")

    monkeypatch.setattr(branch.Branch, "run", failing)
    assert isinstance(log.put(2, entry(2)), NotSent)
    assert len(pushes) == 1


def test_a_branch_is_looked_for_twice_before_it_is_called_gone(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = opened(team)
    assert log.put(1, entry(1)) == Done()
    tip = git(team, "rev-parse", BRANCH)
    git(team, "update-ref", "-d", BRANCH)
    clock = SimpleNamespace(sleep=lambda _: git(team, "update-ref", BRANCH, tip))
    monkeypatch.setattr(branch, "time", clock)
    assert bodies(opened(team)) == [entry(1)]


def test_a_repository_out_of_reach_is_no_empty_one(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"git+http://127.0.0.1:{closed.getsockname()[1]}/team.git"
        log = open_log(url, suffix="", folder=tmp_path, environ={})
        assert isinstance(log.put(1, entry(1)), NotSent)
        with pytest.raises(StateError, match="cannot be reached"):
            log.read(None)


def test_a_server_that_goes_away_before_a_push_has_not_got_it(team: Path) -> None:
    log = opened(team)
    assert log.put(1, entry(1)) == Done()
    team.rename(team.with_name("away"))
    with pytest.raises(StateError, match="cannot be used"):
        log.put(2, entry(2))
    team.with_name("away").rename(team)
    assert bodies(log) == [entry(1)]


# --- rights ---------------------------------------------------------------------------------------


@pytest.fixture
def private(team: Path, tmp_path: Path, git_server: GitServer) -> str:  # noqa: F811
    team = team.rename(git_server.folder / f"{tmp_path.name}.git")
    return git_server.url(team.name, private=True)


def in_job(url: str, token: str = TOKEN) -> dict[str, str]:
    return {"GITHUB_SERVER_URL": url.partition("/private")[0], "GITHUB_TOKEN": token}


def test_the_token_of_a_job_opens_its_repository_and_is_no_argument(
    private: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, seen = subprocess.run, list[str]()

    def watched(command: list[str], **settings: Any) -> Any:
        seen.extend(command)
        return run(command, **settings)

    monkeypatch.setattr(subprocess, "run", watched)
    log = open_log(f"git+{private}", suffix="", folder=tmp_path, environ=in_job(private))
    assert log.put(1, entry(1)) == Done()
    assert len(seen) > 10
    assert not any(TOKEN in word or "Authorization" in word for word in seen)


@pytest.mark.parametrize(
    "change",
    [
        lambda job: {},
        lambda job: {**job, "GITHUB_TOKEN": "another"},
        lambda job: {**job, "GITHUB_SERVER_URL": "http://127.0.0.1:1"},
    ],
)
def test_without_its_token_a_repository_is_no_empty_one(
    change: Callable[[dict[str, str]], dict[str, str]], private: str, tmp_path: Path
) -> None:
    environ = change(in_job(private))
    log = open_log(f"git+{private}", suffix="", folder=tmp_path, environ=environ)
    for ask in (lambda: log.read(None), lambda: log.put(1, entry(1))):
        with pytest.raises(StateError, match="cannot be used") as caught:
            ask()
        assert TOKEN not in str(caught.value)


def test_gitlab_tells_a_token_of_ours_from_that_of_its_job(tmp_path: Path) -> None:
    def header(**job: str) -> str:
        environ = {"CI_SERVER_URL": "https://git.example", **job}
        opened = open_log("git+https://git.example/a", suffix="", folder=tmp_path, environ=environ)
        return opened._branch.environ["GIT_CONFIG_VALUE_1"]

    assert header(CI_JOB_TOKEN="t").endswith("Z2l0bGFiLWNpLXRva2VuOnQ=")
    assert header(CI_JOB_TOKEN="t", PUSHCTL_STATE_TOKEN="u").endswith("b2F1dGgyOnU=")


def test_a_token_without_a_server_that_it_is_for_is_not_left_unused(tmp_path: Path) -> None:
    environ = {"PUSHCTL_STATE_TOKEN": "abc"}
    with pytest.raises(ConfigError, match="GITHUB_SERVER_URL or CI_SERVER_URL") as caught:
        open_log("git+https://git.example/a", suffix="", folder=tmp_path, environ=environ)
    assert "abc" not in str(caught.value)
    open_log("git+ssh://git@git.example/a", suffix="", folder=tmp_path, environ=environ)


# --- what is on the branch ------------------------------------------------------------------------


def test_what_was_trimmed_stays_in_the_earlier_commits(team: Path) -> None:
    log = opened(team)
    for slot in range(1, 8):
        log.trim(3 if slot == 5 else 6 if slot == 7 else 0)
        assert log.put(slot, entry(slot)) == Done()
    every = [entry(slot) for slot in range(1, 8)]
    assert git(team, "show", f"{BRANCH}:mk/pushctl.chain").encode().splitlines() == every[5:]
    assert bodies(opened(team), None) == every[5:]
    assert bodies(opened(team), 0) == bodies(log, 0) == every
    assert bodies(opened(team), 3) == every[3:]
    attributes = team / "attributes"
    attributes.write_text("* diff=upper\n")
    settings = {"core.attributesFile": str(attributes), "diff.upper.textconv": "tr a-z A-Z <"}
    environ = {"GIT_CONFIG_COUNT": "2"}
    for number, (key, value) in enumerate(settings.items()):
        environ |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    assert bodies(opened(team, environ), 0) == every


def test_a_second_ref_that_is_behind_or_gone_is_no_loss(team: Path) -> None:
    for slot in (1, 2):
        assert opened(team).put(slot, entry(slot)) == Done()
    git(team, "update-ref", SEEN, f"{BRANCH}~1")
    assert opened(team).put(3, entry(3)) == Done()
    git(team, "update-ref", "-d", SEEN)
    assert opened(team).put(4, entry(4)) == Done()
    assert git(team, "rev-parse", SEEN) == git(team, "rev-parse", BRANCH)


def test_what_this_process_saw_must_still_be_there(team: Path) -> None:
    log = opened(team)
    for slot in (1, 2):
        assert log.put(slot, entry(slot)) == Done()
    for ref in (BRANCH, SEEN):
        git(team, "update-ref", ref, f"{BRANCH}~1" if ref == BRANCH else BRANCH)
    with pytest.raises(StateConflictError, match="set back"):
        log.read(None)
    for ref in (BRANCH, SEEN):
        git(team, "update-ref", "-d", ref)
    with pytest.raises(StateConflictError, match="gone"):
        log.read(None)


def test_a_commit_that_follows_brings_back_what_was_taken_from_the_branch(team: Path) -> None:
    log = opened(team)
    for slot in (1, 2):
        assert log.put(slot, entry(slot)) == Done()
    for ref in (BRANCH, SEEN):
        git(team, "update-ref", "-d", ref)
    assert log.put(3, entry(3)) == Done()
    assert bodies(opened(team)) == [entry(1), entry(2), entry(3)]


def test_a_branch_that_began_anew_takes_nothing_of_before(team: Path) -> None:
    log = opened(team)
    for slot in (1, 2):
        assert log.put(slot, entry(slot)) == Done()
    for ref in (BRANCH, SEEN):
        git(team, "update-ref", "-d", ref)
    assert opened(team).put(1, entry(1, "anew")) == Done()
    with pytest.raises(StateConflictError, match="written anew"):
        log.put(3, entry(3))
    assert bodies(opened(team)) == [entry(1, "anew")]


def committed(team: Path, *rows: str) -> None:
    """Put a commit with these files below `mk` on both refs."""
    content = git(team, "hash-object", "-w", "--stdin", data=b"apply of run 7, key 1\n")
    lines = [row.replace("OID", content) for row in rows]
    mk = git(team, "mktree", "--missing", data="".join(f"{line}\n" for line in lines).encode())
    top = mk if rows[0].endswith("\tmk") else None
    tree = top or git(team, "mktree", data=f"040000 tree {mk}\tmk\n".encode())
    parent = ["-p", BRANCH] if git(team, "for-each-ref", BRANCH) else []
    commit = git(team, *NAMED, "commit-tree", *parent, "-m", "by hand", tree)
    for ref in (BRANCH, SEEN):
        git(team, "update-ref", ref, commit)


@pytest.mark.parametrize(
    "row",
    [
        "100755 blob OID\tpushctl.chain",
        "120000 blob OID\tpushctl.state.json",
        f"160000 commit {7:040}\tpushctl.state.journal",
        "040000 tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\tpushctl.claim",
        "120000 blob OID\tmk",
    ],
)
def test_only_plain_files_are_taken_for_a_state(row: str, team: Path) -> None:
    git(team, "mktree", data=b"")
    committed(team, row)
    for ask in (lambda: opened(team).read(None), lambda: opened(team).put(1, entry(1))):
        with pytest.raises(StateFormatError, match="plain files"):
            ask()


def test_files_of_others_may_be_anything(team: Path) -> None:
    rows = ("120000 blob OID\tother", "100755 blob OID\tpushctl.prod.chain")
    committed(team, *rows, "100644 blob OID\tpushctl.sandbox.db")
    assert opened(team).put(1, entry(1)) == Done()
    listed = git(team, "ls-tree", "--format=%(objectmode) %(path)", f"{BRANCH}:mk").splitlines()
    assert listed == [
        *("120000 other", "100644 pushctl.chain", "100755 pushctl.prod.chain"),
        *("100644 pushctl.sandbox.db", "100644 pushctl.state.json"),
    ]


@pytest.mark.parametrize("content", ["no entry\n", "", '{"slot":1}', '{"slot":1}\n{"slot":3}\n'])
def test_what_is_no_chain_is_damage(content: str, team: Path) -> None:
    oid = git(team, "hash-object", "-w", "--stdin", data=content.encode())
    committed(team, f"100644 blob {oid}\tpushctl.chain")
    for ask in (lambda: opened(team).read(None), lambda: opened(team).put(2, entry(2))):
        with pytest.raises(StateFormatError, match="damaged"):
            ask()


def test_a_chain_that_somebody_deleted_is_no_first_run(team: Path) -> None:
    assert opened(team).put(1, entry(1)) == Done()
    left = git(team, "rev-parse", f"{BRANCH}:mk/pushctl.state.json")
    committed(team, f"100644 blob {left}\tpushctl.state.json")
    for ask in (lambda: opened(team).read(None), lambda: opened(team).put(1, entry(1))):
        with pytest.raises(StateConflictError, match="not what it was"):
            ask()


def test_a_first_run_of_an_earlier_version_is_waited_for(team: Path) -> None:
    committed(team, "100644 blob OID\tpushctl.claim")
    assert bodies(opened(team)) == []
    with pytest.raises(StateLockedError, match="apply of run 7"):
        opened(team).put(1, entry(1))


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rest",
    [
        *("?folder=mk", "?path=/etc", "?path=../x", "?path=a%22b", "?path=a%0Ab"),
        *("?path=%FF", "?path=\udcff"),
        *("#-x", "#a..b", "#a b", "#x.lock", "#a/.b"),
    ],
)
def test_an_address_that_means_nothing_is_refused(rest: str, tmp_path: Path) -> None:
    address = f"git+https://host/team.git{rest}"
    with pytest.raises(ConfigError, match="address of the state"):
        open_log(address, suffix="", folder=tmp_path, environ={})


def test_a_password_in_an_address_is_refused_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no password") as caught:
        open_log("git+https://me:hidden@host/a.git", suffix="", folder=tmp_path, environ={})
    assert "hidden" not in str(caught.value)


def test_the_origin_of_a_clone_and_the_place_of_the_manifest_are_found(
    team: Path, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "--quiet", f"file://{team}", "clone")
    folder = tmp_path / "clone" / "apps" / "shop"
    folder.mkdir(parents=True)
    log = open_log("git+origin:#states", suffix=".prod", folder=folder, environ={})
    assert log.address == "git+origin:#states:apps/shop/pushctl.prod"
    assert log.put(1, entry(1)) == Done()
    names = git(team, "ls-tree", "-r", "--name-only", "refs/heads/states").splitlines()
    assert names[0] == "apps/shop/pushctl.prod.chain"
    with pytest.raises(ConfigError, match="called origin"):
        open_log("git+origin:", suffix="", folder=tmp_path, environ={})


def test_variables_that_a_hook_sets_lead_nowhere_else(team: Path, tmp_path: Path) -> None:
    environ = {"GIT_DIR": str(tmp_path / "x"), "GIT_NAMESPACE": "x"}
    assert opened(team, environ).put(1, entry(1)) == Done()
    assert git(team, "rev-parse", "--verify", BRANCH)


def test_settings_of_git_in_the_environment_stay() -> None:
    own = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "a.b", "GIT_CONFIG_VALUE_0": "c"}
    made = branch.environment("https://host/a", {"d.e": "f"}, own)
    keys = [made[f"GIT_CONFIG_KEY_{number}"] for number in range(int(made["GIT_CONFIG_COUNT"]))]
    assert keys == ["a.b", "remote.state.url", "d.e"]


def test_settings_of_git_that_cannot_be_counted_are_refused() -> None:
    with pytest.raises(ConfigError, match="GIT_CONFIG_COUNT"):
        branch.environment("https://host/a", {}, {"GIT_CONFIG_COUNT": "x"})
