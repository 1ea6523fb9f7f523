"""Which files a pattern means."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.manifest.files import glob


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a.yaml", "b.yml", "t/a.yaml", "t/u/c.yaml", "t/[x].yaml"):
        path = tmp_path / "root" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.yaml").touch()
    return tmp_path / "root"


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("a.yaml", ["a.yaml"]),
        ("*.y*ml", ["a.yaml", "b.yml"]),
        ("?.yaml", ["a.yaml"]),
        ("*", ["a.yaml", "b.yml"]),
        ("*/*.yaml", ["t/[x].yaml", "t/a.yaml"]),
        ("**/*.yaml", ["a.yaml", "t/[x].yaml", "t/a.yaml", "t/u/c.yaml"]),
        ("t/**/c.yaml", ["t/u/c.yaml"]),
        ("[!a].yml", ["b.yml"]),
        ("t/[[]x].yaml", ["t/[x].yaml"]),
        ("**", []),
        ("t", []),
        ("none/*.yaml", []),
    ],
)
def test_a_pattern_means_files(root: Path, pattern: str, names: list[str]) -> None:
    assert glob.matching(root, pattern, most=10) == names


@pytest.mark.parametrize("pattern", ["", "/a", "a//b", "./a", "../outside/*", "a**", "t/***/a"])
def test_a_pattern_that_means_nothing(root: Path, pattern: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        glob.matching(root, pattern, most=10)


def test_a_link_inside_is_followed_and_one_that_leads_out_is_named(root: Path) -> None:
    (root / "in").symlink_to("t")
    assert glob.matching(root, "in/a.yaml", most=10) == ["in/a.yaml"]
    (root / "out").symlink_to(root.parent / "outside")
    with pytest.raises(glob.LeadsOut, match=r"^out$"):
        glob.matching(root, "o*/*.yaml", most=10)
    assert "secret" not in str(glob.matching(root, "**/*.yaml", most=10))


def test_a_search_ends(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(glob.matching(root, "**/*.yaml", most=0)) == 1
    monkeypatch.setattr(glob, "MAX_LOOKS", 5)
    with pytest.raises(glob.TooManyLooks):
        glob.matching(root, "**/*.yaml", most=10)
