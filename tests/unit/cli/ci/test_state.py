"""Where nothing is recorded, this clone may know that CI keeps the state."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.cli.ci.state import LINE, hint, kept_on_branch
from pushctl.cli.global_options import GlobalOptions
from tests.acceptance.repository import git
from tests.unit.cli.project.test_project import options


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GlobalOptions:
    """The folder `shop` of a clone; CI keeps on a branch the state of a folder beside it."""
    monkeypatch.delenv("PUSHCTL_STATE", raising=False)
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    kept(tmp_path, "other/pushctl.state.json", "refs/remotes/origin/pushctl-state")
    (tmp_path / "shop").mkdir()
    return options(tmp_path / "shop")


def kept(top: Path, name: str, ref: str) -> None:
    """Let a ref lead to a commit with one file."""
    blob = git(top, "hash-object", "-w", "--stdin")
    git(top, "read-tree", "--empty")
    git(top, "update-index", "--add", "--cacheinfo", f"100644,{blob},{name}")
    commit = git(top, "commit-tree", "-m", "state", git(top, "write-tree"))
    git(top, "update-ref", ref, commit)


def test_the_state_of_another_folder_is_none_of_this_one(clone: GlobalOptions) -> None:
    assert kept_on_branch(clone, None) is None
    assert hint(clone, None) == ""


@pytest.mark.parametrize("name", ["shop/pushctl.state.json", "shop/pushctl.chain"])
@pytest.mark.parametrize("ref", ["refs/heads/pushctl-state", "refs/remotes/upstream/pushctl-state"])
def test_a_state_on_the_branch_is_named_with_the_line(
    clone: GlobalOptions, name: str, ref: str
) -> None:
    kept(clone.folder.parent, name, ref)
    found = kept_on_branch(clone, None)
    assert found is not None
    assert found.exit_code == 5
    assert ref in found.detail
    assert LINE in str(found.fix)
    assert LINE in hint(clone, None)


def test_whoever_says_where_the_state_is_is_believed(
    clone: GlobalOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(clone.folder.parent, "shop/pushctl.chain", "refs/heads/pushctl-state")
    monkeypatch.setenv("PUSHCTL_STATE", "gitlab:shop")
    assert kept_on_branch(clone, None) is None
    assert hint(clone, None) == ""


@pytest.mark.parametrize("path", [".github/workflows/pushctl-apply.yml", ".gitlab/pushctl.yml"])
def test_jobs_are_a_hint(clone: GlobalOptions, path: str) -> None:
    jobs = clone.folder.parent / path
    jobs.parent.mkdir(parents=True)
    jobs.write_text("jobs")
    assert kept_on_branch(clone, None) is None
    assert jobs.name in hint(clone, None)


def test_a_folder_outside_of_any_repository_has_no_hint(tmp_path: Path) -> None:
    assert hint(options(tmp_path), None) == ""
