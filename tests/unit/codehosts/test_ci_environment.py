"""Where a line of the manifest is shown in a browser, by what a CI job says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pushctl.cli.repository import path_of
from pushctl.codehosts.ci_environment import source

SHA, HEAD = "1" * 40, "2" * 40
GITHUB = {
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "qinghe/pushes",
    "GITHUB_SHA": SHA,
}
GITLAB = {"CI_PROJECT_URL": "https://gitlab.example/qinghe/pushes", "CI_COMMIT_SHA": SHA}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    made = tmp_path / "a b"
    made.mkdir()
    return made


def test_a_folder_is_shown_at_the_commit_of_the_job(folder: Path) -> None:
    assert source(folder, GITHUB) == f"https://github.com/qinghe/pushes/blob/{SHA}/a%20b"
    assert source(folder.parent, GITHUB) == f"https://github.com/qinghe/pushes/blob/{SHA}"
    assert source(folder, GITLAB) == f"https://gitlab.example/qinghe/pushes/-/blob/{SHA}/a%20b"


def test_a_pull_request_is_shown_at_its_head(folder: Path) -> None:
    event = folder / "event.json"
    event.write_text(json.dumps({"pull_request": {"head": {"sha": HEAD}}}), "utf-8")
    assert f"/blob/{HEAD}/" in source(folder, {**GITHUB, "GITHUB_EVENT_PATH": str(event)})


@pytest.mark.parametrize("said", ["", "[", "[]", '{"pull_request": null}', '{"pull_request": 3}'])
def test_any_other_event_is_no_reason_to_fail(folder: Path, said: str) -> None:
    event = folder / "event.json"
    event.write_text(said, "utf-8")
    assert f"/blob/{SHA}/" in source(folder, {**GITHUB, "GITHUB_EVENT_PATH": str(event)})


@pytest.mark.parametrize("sha", ["", "main", f"{SHA}/../..", "1" * 41])
def test_what_is_no_commit_is_not_linked(folder: Path, sha: str) -> None:
    assert source(folder, {**GITHUB, "GITHUB_SHA": sha}) == ""
    assert source(folder, {**GITLAB, "CI_COMMIT_SHA": sha}) == ""


def test_nobody_knows_an_address_outside_of_a_job_or_a_repository(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert source(folder, {}) == ""
    assert source(tmp_path_factory.mktemp("elsewhere"), GITHUB) == ""


def test_a_manifest_is_known_by_its_place_in_the_repository(folder: Path) -> None:
    assert path_of(folder.parent, "pushctl.yaml") == ""
    assert path_of(folder.parent, "./pushctl.yaml") == ""
    assert path_of(folder, "pushctl.yaml") == "a b"
    assert path_of(folder, "other.yaml") == "a b/other.yaml"
