"""`validate` for code hosts: files are named from the root of the repository."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.cli import Here, Ran, example

FAULTY = ("title: Stand-up", "titel: Stand-up")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose manifest is two folders down."""
    (tmp_path / ".git").mkdir()
    example("quickstart", tmp_path / "mk" / "ting")
    return tmp_path


def break_it(repository: Path) -> None:
    path = repository / "mk" / "ting" / "pushctl.yaml"
    path.write_text(path.read_text("utf-8").replace(*FAULTY), "utf-8")


def validated(folder: Path, format: str, *options: str) -> Ran:
    command = (*options, "validate", "--format", format)
    now = {"PUSHCTL_NOW": "2026-12-01T09:00:00+08:00"}
    ran = Here(folder).run(*command, env=now)
    assert ran == Here(folder).run(*command, env=now)
    return ran


@pytest.mark.parametrize("options", [("-C", "mk/ting"), ("-C", "mk/../mk/ting")])
def test_annotations_name_the_file_from_the_root(
    repository: Path, options: tuple[str, ...]
) -> None:
    break_it(repository)
    ran = validated(repository, "github", *options)
    assert ran.code == 1
    assert ran.out.startswith("::error file=mk/ting/pushctl.yaml,line=")
    assert ran.out.endswith("The manifest has errors: 1 error.\n")


def test_it_is_the_same_from_within_the_folder(repository: Path) -> None:
    break_it(repository)
    outside = validated(repository, "github", "-C", "mk/ting")
    assert validated(repository / "mk" / "ting", "github") == outside


def test_sarif_and_code_quality_name_the_same_file(repository: Path) -> None:
    break_it(repository)
    log = validated(repository, "sarif", "-C", "mk/ting")
    place = log.json["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "mk/ting/pushctl.yaml"
    report = validated(repository, "gitlab", "-C", "mk/ting")
    assert [item["location"]["path"] for item in report.json] == ["mk/ting/pushctl.yaml"]
    assert (log.code, report.code) == (1, 1)


def test_a_work_tree_is_a_repository_too(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: elsewhere\n")
    example("quickstart", tmp_path / "a")
    break_it_path = tmp_path / "a" / "pushctl.yaml"
    break_it_path.write_text(break_it_path.read_text("utf-8").replace(*FAULTY), "utf-8")
    assert "file=a/pushctl.yaml," in validated(tmp_path, "github", "-C", "a").out


def test_a_valid_manifest_leaves_nothing_to_report(repository: Path) -> None:
    ran = validated(repository, "github", "-C", "mk/ting")
    assert (ran.code, ran.out) == (0, "The manifest is valid (3 pushes): no findings.\n")
    assert validated(repository, "gitlab", "-C", "mk/ting").json == []
    assert validated(repository, "sarif", "-C", "mk/ting").json["runs"][0]["results"] == []


def test_a_manifest_that_is_not_there_is_a_finding_in_every_format(tmp_path: Path) -> None:
    for format in ("sarif", "gitlab"):
        ran = validated(tmp_path, format)
        assert ran.code == 1
        assert "pushctl.yaml" in json.dumps(ran.json)
