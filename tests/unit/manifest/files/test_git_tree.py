"""The files of an earlier version answer as the files on disk did."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pushctl.manifest.files.git_tree import Tree, TreeFile
from pushctl.manifest.files.reader import FileProblem, Files

NAMES = (
    *("pushctl.yaml", "a.yaml", "more/b.yaml", "more/c.yml", "more/deep/d.yaml"),
    *("more/deep/er/e.yaml", "people/x[1].txt", ".hidden.yaml", "more.yaml"),
)

PATTERNS = (
    *("*.yaml", "*.y*ml", "more/*.yaml", "*/*.yaml", "**/*.yaml", "more/**/*.yaml"),
    *("more/**/deep/*.yaml", "**/**/e.yaml", "more/**", "nothing/*.yaml", "people/x[[]1].txt"),
    *("m?re/b.yaml", "**/er/*", ".*", "*", "more/deep/d.yaml"),
)


@pytest.fixture
def both(tmp_path: Path) -> tuple[Files, Tree]:
    contents = {}
    for name in NAMES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
        contents[name] = TreeFile(True, name)
    return Files(tmp_path), Tree(tmp_path, contents, lambda oid: oid.encode())


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_means_the_same_files(both: tuple[Files, Tree], pattern: str) -> None:
    disk, tree = both
    assert tree.matches(pattern) == disk.matches(pattern)


def test_a_pattern_with_many_stars_comes_to_an_end() -> None:
    name = "/".join(["a"] * 300) + "/b"
    tree = Tree(Path(), {name: TreeFile(True, "")}, lambda oid: b"")
    assert tree.matches("/".join(["**", "a"] * 100) + "/c") == []


def test_contents_and_their_digest_are_the_same(both: tuple[Files, Tree]) -> None:
    disk, tree = both
    for files in both:
        assert files.read("more/b.yaml", limit=100) == b"more/b.yaml"
        assert files.exists("a.yaml")
        assert not files.exists("more")
    assert tree.digest == disk.digest != hashlib.sha256().hexdigest()
    assert tree.names == disk.names == ("more/b.yaml",)


@pytest.mark.parametrize("name", ["none.yaml", "more"])
def test_what_is_not_there_is_told_in_the_same_words(both: tuple[Files, Tree], name: str) -> None:
    for files in both:
        with pytest.raises(FileProblem) as found:
            files.read(name, limit=100)
        assert found.value.words[0] == "PSH107"


def test_what_is_too_large_is_refused(both: tuple[Files, Tree]) -> None:
    for files in both:
        with pytest.raises(FileProblem) as found:
            files.read("more/b.yaml", limit=3)
        assert found.value.words[0] == "PSH108"


def test_a_link_is_refused_and_so_is_another_repository(tmp_path: Path) -> None:
    tree = Tree(tmp_path, {"link": TreeFile(False, "x")}, lambda oid: b"never")
    for look in (tree.real, lambda name: tree.read(name, limit=100)):
        with pytest.raises(FileProblem) as found:
            look("link")
        assert "a link or another repository" in str(found.value)
