"""Which manifests are meant, and in which environments."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from pushctl.cli.commands.fleet.members import members

PLAIN = "version: 1\napp: {id: X, workspace: test}\ntimezone: UTC\npushes: {}\n"


def written(root: Path, **manifests: str) -> Path:
    for name, text in manifests.items():
        (root / name).mkdir(parents=True)
        (root / name / "pushctl.yaml").write_text(text, "utf-8")
    return root


def found(root: Path, *envs: str, paths: tuple[str, ...] = (".",)) -> list[tuple[str, str | None]]:
    chosen = members([root / path for path in paths], "pushctl.yaml", envs)
    return [(item.path.parent.name, item.env) for item in chosen]


def test_every_manifest_is_found_with_all_its_environments(tmp_path: Path) -> None:
    inline = PLAIN + "environments: {prod: {}, test: {timezone: UTC}}\n"
    written(tmp_path, b=PLAIN, a=inline, c=PLAIN)
    (tmp_path / "c" / "environments").mkdir()
    (tmp_path / "c" / "environments" / "pilot.yaml").write_text("app: {workspace: p}\n")
    assert found(tmp_path) == [("a", "prod"), ("a", "test"), ("b", None), ("c", "pilot")]


def test_only_some_environments(tmp_path: Path) -> None:
    both = PLAIN + "environments: {prod: {}, test: {}}\n"
    written(tmp_path, a=both, b=PLAIN, c=PLAIN + "environments: {test: {}}\n")
    assert found(tmp_path, "prod") == [("a", "prod")]
    assert found(tmp_path, "test", "prod") == [("a", "prod"), ("a", "test"), ("c", "test")]
    with pytest.raises(click.UsageError, match="'prd'"):
        found(tmp_path, "test", "prd")


@pytest.mark.parametrize("envs", [(), ("prod",)])
def test_what_cannot_be_read_is_never_left_out(envs: tuple[str, ...], tmp_path: Path) -> None:
    written(tmp_path, a=PLAIN + "environments: {prod: {}}\n", bad="[\n")
    assert found(tmp_path, *envs) == [("a", "prod"), ("bad", None)]


def test_paths_are_folders_or_manifests_and_each_counts_once(tmp_path: Path) -> None:
    written(tmp_path, a=PLAIN, b=PLAIN, **{".hidden": PLAIN, "venv/lib/site-packages/x": PLAIN})
    paths = ("b/pushctl.yaml", "a", "b")
    assert found(tmp_path, paths=paths) == [("b", None), ("a", None)]
    assert found(tmp_path) == [("a", None), ("b", None)]
    (tmp_path / "empty").mkdir()
    with pytest.raises(click.UsageError, match="There is no pushctl"):
        found(tmp_path, paths=("a", "empty"))
