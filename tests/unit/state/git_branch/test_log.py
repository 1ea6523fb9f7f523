"""A state on a branch: the contract, over files and over HTTP, and what a branch may do wrong."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pushctl.errors import StateConflictError, StateFormatError, StateLockedError, StateMovedError
from pushctl.state.chain.log import Done
from pushctl.state.chain.store import ChainStateStore
from pushctl.state.codec import decode_state
from pushctl.state.decoding import NewerFormatError
from pushctl.state.events import CreateConfirmed
from pushctl.state.file.store import FileStateStore
from pushctl.state.git_branch import branch
from pushctl.state.git_branch.log import GitLog
from pushctl.state.git_branch.log import open_log as open_git
from tests.builders import NOW
from tests.servers.git_http import GitServer, git_server  # noqa: F401
from tests.unit.state.chain.log_suite import *  # noqa: F403
from tests.unit.state.chain.log_suite import OpenLog, entry
from tests.unit.state.store_suite import SLOT, began

BRANCH = "refs/heads/pushctl-state"
NAMED = ("-c", "user.name=test", "-c", "user.email=test@invalid")


def git(where: Path, *arguments: str, data: bytes = b"") -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=where, input=data, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branch, "PAUSE", 0.0)


@pytest.fixture(params=["file", pytest.param("http", marks=pytest.mark.slow)])
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    if request.param == "file":
        folder = tmp_path / "team.git"
        url = f"file://{folder}"
    else:
        server = request.getfixturevalue("git_server")
        folder = server.folder / f"{tmp_path.name}.git"
        url = server.url(folder.name)
    git(tmp_path, "init", "--quiet", "--bare", str(folder))
    git(folder, "config", "http.receivepack", "true")
    return folder, url


@pytest.fixture
def open_log(repository: tuple[Path, str], tmp_path: Path) -> OpenLog:
    address = f"git+{repository[1]}?path=mk/shop"
    return lambda: open_git(address, suffix=".prod", folder=tmp_path, environ={})


# --- the branch is not what it was ----------------------------------------------------------------


def filled(open_log: OpenLog) -> None:
    log = open_log()
    for slot in (1, 2, 3):
        assert log.put(slot, entry(slot)) == Done()


@pytest.mark.parametrize("how", ["deleted", "set back", "rewritten"])
def test_a_branch_that_was_changed_by_hand_is_never_taken_for_the_truth(
    how: str, repository: tuple[Path, str], open_log: OpenLog
) -> None:
    filled(open_log)
    folder = repository[0]
    tip = git(folder, "rev-parse", BRANCH)
    if how == "deleted":
        git(folder, "update-ref", "-d", BRANCH)
    elif how == "set back":
        git(folder, "update-ref", BRANCH, f"{tip}~1")
    else:
        tree = git(folder, "rev-parse", f"{tip}^{{tree}}")
        other = git(folder, *NAMED, "commit-tree", "-m", "other", tree)
        git(folder, "update-ref", BRANCH, other)
    with pytest.raises(StateConflictError, match="branch of the state"):
        open_log().read(None)
    with pytest.raises(StateConflictError, match="branch of the state"):
        open_log().put(4, entry(4))


def test_states_on_one_branch_do_not_disturb_each_other(
    repository: tuple[Path, str], tmp_path: Path
) -> None:
    address = f"git+{repository[1]}?path=mk"
    logs = [open_git(address, suffix=name, folder=tmp_path, environ={}) for name in (".a", ".b")]

    def fill(log: GitLog) -> list[object]:
        return [log.put(slot, entry(slot)) for slot in range(1, 6)]

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(fill, logs)) == [[Done()] * 5] * 2
    for log in logs:
        assert [item.slot for item in log.read(0)] == [1, 2, 3, 4, 5]


def test_a_link_in_the_place_of_the_state_is_refused(
    repository: tuple[Path, str], open_log: OpenLog
) -> None:
    filled(open_log)
    folder = repository[0]
    target = git(folder, "hash-object", "-w", "--stdin", data=b"/etc/passwd")
    rows = f"120000 blob {target}\tpushctl.prod.chain\n".encode()
    shop = git(folder, "mktree", data=rows)
    mk = git(folder, "mktree", data=f"040000 tree {shop}\tshop\n".encode())
    tree = git(folder, "mktree", data=f"040000 tree {mk}\tmk\n".encode())
    commit = git(folder, *NAMED, "commit-tree", "-p", BRANCH, "-m", "link", tree)
    git(folder, "update-ref", BRANCH, commit)
    with pytest.raises(StateFormatError, match="plain files"):
        open_log().read(None)


# --- a branch that jobs of earlier versions keep --------------------------------------------------


@pytest.fixture
def earlier(repository: tuple[Path, str], tmp_path: Path) -> Path:
    """A state in files, with an event that was not folded, committed as earlier versions do."""
    place = tmp_path / "earlier" / "mk" / "shop"
    place.mkdir(parents=True)
    store = FileStateStore(place, app="app", workspace="workspace", name="pushctl.prod")
    with store.lock("apply") as lease:
        lease.record(began("a"))
        lease.record(CreateConfirmed("a", SLOT, "T1", "R1", NOW))
    with store.lock("killed") as lease:
        lease.record(began("b"))
        kept = {path: path.read_bytes() for path in place.iterdir()}
    for path in place.iterdir():
        path.unlink()
    for path, content in kept.items():
        if path.suffix not in (".lock", ".gate"):
            path.write_bytes(content)
    git(tmp_path / "earlier", "init", "--quiet", "-b", "pushctl-state")
    pushed(place, repository)
    return place


def pushed(place: Path, repository: tuple[Path, str]) -> None:
    root = place.parents[1]
    git(root, "add", "--all")
    git(root, *NAMED, "commit", "--quiet", "-m", "state")
    to = ("HEAD:refs/heads/pushctl-state", "HEAD:refs/pushctl/pushctl-state")
    git(root, "push", "--quiet", str(repository[0]), *to)


def test_a_state_of_earlier_jobs_is_taken_over_as_it_is(
    earlier: Path, repository: tuple[Path, str], open_log: OpenLog
) -> None:
    files = FileStateStore(earlier, name="pushctl.prod").read()
    store = ChainStateStore(open_log(), app="app", workspace="workspace")
    assert files is not None
    assert store.read() == files
    with store.lock("test") as lease:
        assert set(lease.in_doubt()) == {"b"}
        lease.record(began("c"))
    again = ChainStateStore(open_log()).read()
    assert again is not None
    assert sorted(again.pushes) == ["a", "b", "c"]
    names = git(repository[0], "ls-tree", "-r", "--name-only", BRANCH).splitlines()
    assert names == ["mk/shop/pushctl.prod.chain", "mk/shop/pushctl.prod.state.json"]


def test_earlier_versions_refuse_what_is_left_of_their_state(
    earlier: Path, repository: tuple[Path, str], open_log: OpenLog, tmp_path: Path
) -> None:
    with ChainStateStore(open_log(), app="app", workspace="workspace").lock("test") as lease:
        lease.record(began("c"))
    left = git(repository[0], "show", f"{BRANCH}:mk/shop/pushctl.prod.state.json")
    with pytest.raises(NewerFormatError):  # as they read it
        decode_state(json.loads(left))
    (tmp_path / "pushctl.state.json").write_text(left, "utf-8")
    with pytest.raises(StateMovedError, match="git\\+origin:#pushctl-state"):
        FileStateStore(tmp_path).read()


def test_what_is_taken_over_is_the_same_for_everybody(earlier: Path, open_log: OpenLog) -> None:
    assert [item.body for item in open_log().read(0)] == [item.body for item in open_log().read(0)]


def test_nothing_is_taken_over_from_a_job_that_runs(
    earlier: Path, repository: tuple[Path, str], open_log: OpenLog
) -> None:
    (earlier / "pushctl.prod.claim").write_text("apply of run 7, key 12\n", "utf-8")
    pushed(earlier, repository)
    store = ChainStateStore(open_log(), app="app", workspace="workspace")
    with pytest.raises(StateLockedError, match="run 7"), store.lock("test"):
        pass
