"""Where a folder is in its repository, and what git tells of it."""

from __future__ import annotations

import os
import subprocess
from functools import partial
from pathlib import Path, PurePosixPath

import pytest

from pushctl.cli.planning.git import (
    Repository,
    blob_reader,
    from_root,
    listed,
    path_of,
    place_of,
    prefix_of,
    repository,
)
from pushctl.diagnostics import Diagnostic, Position, Range, Severity
from pushctl.errors import ConfigError
from pushctl.manifest.files.git_tree import Tree, TreeFile
from pushctl.manifest.files.reader import FileProblem


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    made = tmp_path / "a b"
    made.mkdir()
    return made


def test_a_manifest_is_known_by_its_place_in_the_repository(folder: Path) -> None:
    assert path_of(folder.parent, "pushctl.yaml") == ""
    assert path_of(folder.parent, "./pushctl.yaml") == ""
    assert path_of(folder, "pushctl.yaml") == "a b"
    assert path_of(folder, "other.yaml") == "a b/other.yaml"


def test_a_folder_outside_of_any_repository_has_no_place(tmp_path: Path) -> None:
    assert place_of(tmp_path) is None
    assert prefix_of(tmp_path) == PurePosixPath()


def test_findings_are_named_from_the_root_of_the_repository(folder: Path) -> None:
    place = Range("x.yaml", Position(1, 1), Position(1, 2))
    found = Diagnostic(Severity.INFO, "PSH612", "", "", place)
    nowhere = Diagnostic(Severity.INFO, "PSH612", "", "")
    moved, same = from_root([found, nowhere], folder)
    assert (moved.range and moved.range.filename, same) == ("a b/x.yaml", nowhere)


@pytest.mark.parametrize(
    ("name", "shown"), [("../policy.yaml", "policy.yaml"), ("git+https://h/r//p", None)]
)
def test_a_shared_file_is_named_by_where_it_is(folder: Path, name: str, shown: str | None) -> None:
    place = Range(name, Position(1, 1), Position(1, 2))
    (found,) = from_root([Diagnostic(Severity.ERROR, "PSH107", "", "", place)], folder)
    assert (found.range and found.range.filename) == (shown or name)


# --- what git tells -------------------------------------------------------------------------------


def test_a_list_of_files_is_what_git_prints() -> None:
    line = b"100644 blob %s\ta b\n\xff.yaml\x00120000 blob %s\tlink\0" % (b"0" * 40, b"1" * 40)
    assert listed(line) == {
        "a b\n\udcff.yaml": TreeFile(True, "0" * 40),
        "link": TreeFile(False, "1" * 40),
    }
    assert listed(b"") == {}


@pytest.mark.parametrize(
    "output", [b"x", b"\t", b"a b\tc", b"100644 blob 00", b"\xff \xff\tc", b"1 2 3 4\tname\0", b" "]
)
def test_an_odd_list_of_files_is_refused(output: bytes) -> None:
    with pytest.raises(ConfigError, match="git could not be read"):
        listed(output)


def repository_of(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Lin", "-c", "user.email=lin@acme.example")
    words = ["git", *identity, *arguments]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_folder_that_looks_like_a_repository_is_none(tmp_path: Path) -> None:
    """It would say what an earlier version was, and nothing would be unexplained any more."""
    repository_of(tmp_path, "init", "--quiet")
    inner = tmp_path / "mk"
    repository_of(tmp_path, "init", "--quiet", "--bare", str(inner))
    (inner / "config").write_text("[core]\nbare = false\nworktree = .\n")
    with pytest.raises(ConfigError, match="git could not be read"):
        repository(inner)


def test_links_and_other_repositories_of_a_commit_are_not_read(tmp_path: Path) -> None:
    repository_of(tmp_path, "init", "--quiet")
    (tmp_path / "link.yaml").symlink_to("/etc/passwd")
    repository_of(tmp_path, "add", "link.yaml")
    cache = f"160000,{'1' * 40},module.yaml"
    repository_of(tmp_path, "update-index", "--add", "--cacheinfo", cache)
    repository_of(tmp_path, "commit", "--quiet", "-m", "odd")
    found = repository(tmp_path)
    files = found.files(found.base("HEAD"))
    with blob_reader(found) as load:
        tree = Tree(tmp_path, files, load)
        for name in ("link.yaml", "module.yaml"):
            with pytest.raises(FileProblem, match="is a link or another repository"):
                tree.read(name, limit=1000)


def test_a_file_around_the_folder_is_found_in_a_commit(tmp_path: Path) -> None:
    repository_of(tmp_path, "init", "--quiet")
    (tmp_path / "shop").mkdir()
    (tmp_path / "policy.yaml").write_text("policy: {}\n")
    (tmp_path / "link.yaml").symlink_to("policy.yaml")
    repository_of(tmp_path, "add", "-A")
    repository_of(tmp_path, "commit", "--quiet", "-m", "shared")
    found = repository(tmp_path / "shop")
    base = found.base("HEAD")
    with blob_reader(found) as load:
        tree = Tree(tmp_path / "shop", found.files(base), load, partial(found.outside, base))
        assert tree.read("../policy.yaml", limit=100) == b"policy: {}\n"
        assert tree.matches("**/*") == []
        for name in ("../none.yaml", "../../policy.yaml", "../link.yaml"):
            with pytest.raises(FileProblem):
                tree.read(name, limit=100)


@pytest.mark.parametrize("script", ["exit 0", "echo x", "echo a blob x", "printf 'a blob 9\\nxy'"])
def test_a_git_that_ends_early_is_an_error_with_words(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "git"
    program.write_text(f"#!/bin/sh\nread line\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with blob_reader(Repository(tmp_path, "")) as load:
        for _ in range(2):
            with pytest.raises(ConfigError, match=r"git (could not be read|lacks a file)"):
                load("1" * 40)
