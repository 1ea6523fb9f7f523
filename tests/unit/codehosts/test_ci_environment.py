"""Where a line of the manifest is shown in a browser, by what a CI job says."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

import pytest

from pushctl.codehosts.ci_environment import source

SHA, HEAD = "1" * 40, "2" * 40
GITHUB = {
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "qinghe/pushes",
    "GITHUB_SHA": SHA,
}
GITLAB = {"CI_PROJECT_URL": "https://gitlab.example/qinghe/pushes", "CI_COMMIT_SHA": SHA}


PLACE = PurePosixPath("a b")


def test_a_folder_is_shown_at_the_commit_of_the_job() -> None:
    assert source(PLACE, GITHUB) == f"https://github.com/qinghe/pushes/blob/{SHA}/a%20b"
    assert source(PurePosixPath(), GITHUB) == f"https://github.com/qinghe/pushes/blob/{SHA}"
    assert source(PLACE, GITLAB) == f"https://gitlab.example/qinghe/pushes/-/blob/{SHA}/a%20b"


def test_a_pull_request_is_shown_at_its_head(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"head": {"sha": HEAD}}}), "utf-8")
    assert f"/blob/{HEAD}/" in source(PLACE, {**GITHUB, "GITHUB_EVENT_PATH": str(event)})


@pytest.mark.parametrize("said", ["", "[", "[]", '{"pull_request": null}', '{"pull_request": 3}'])
def test_any_other_event_is_no_reason_to_fail(tmp_path: Path, said: str) -> None:
    event = tmp_path / "event.json"
    event.write_text(said, "utf-8")
    assert f"/blob/{SHA}/" in source(PLACE, {**GITHUB, "GITHUB_EVENT_PATH": str(event)})


@pytest.mark.parametrize("sha", ["", "main", f"{SHA}/../..", "1" * 41])
def test_what_is_no_commit_is_not_linked(sha: str) -> None:
    assert source(PLACE, {**GITHUB, "GITHUB_SHA": sha}) == ""
    assert source(PLACE, {**GITLAB, "CI_COMMIT_SHA": sha}) == ""


def test_nobody_knows_an_address_outside_of_a_job_or_a_repository() -> None:
    assert source(PLACE, {}) == ""
    assert source(None, GITHUB) == ""
