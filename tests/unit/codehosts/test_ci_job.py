"""Which change a job is about is read from its environment, and whether it may write there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pushctl.codehosts.ci_job import DEPENDABOT, ChangeRequest, change_request
from pushctl.codehosts.github import GitHubConversation
from pushctl.codehosts.gitlab import GitLabConversation
from pushctl.errors import ConfigError

GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_EVENT_NAME": "pull_request",
    "GITHUB_REPOSITORY": "acme/pushes",
    "GITHUB_TOKEN": "secret",
}
GITLAB = {
    "GITLAB_CI": "true",
    "CI_API_V4_URL": "https://git.example/api/v4",
    "CI_MERGE_REQUEST_IID": "7",
    "CI_MERGE_REQUEST_PROJECT_ID": "42",
    "CI_PROJECT_ID": "43",
    "PUSHCTL_GITLAB_TOKEN": "secret",
}


def pull(head: str | None = "acme/pushes") -> dict[str, Any]:
    """A pull request 7; a repository that was deleted has no head any more."""
    repo = None if head is None else {"full_name": head}
    base = {"repo": {"full_name": "acme/pushes"}}
    return {"pull_request": {"number": 7, "head": {"repo": repo}, "base": base}}


def github(folder: Path, event: object, *, number: int | None = None, **more: str) -> ChangeRequest:
    path = folder / "event.json"
    path.write_text(event if isinstance(event, str) else json.dumps(event), "utf-8")
    environ = {**GITHUB, "GITHUB_EVENT_PATH": str(path), **more}
    return change_request(environ, number=number)


@pytest.mark.parametrize(
    ("event", "number", "name"),
    [
        (pull(), None, 7),
        (pull(), 9, 9),
        ({"issue": {"number": 8, "pull_request": {"url": "x"}}}, None, 8),
        ({}, 9, 9),
    ],
)
def test_a_run_at_github_is_about_one_pull_request(
    tmp_path: Path, event: object, number: int | None, name: int
) -> None:
    found = github(tmp_path, event, number=number)
    assert (found.name, found.restricted) == (f"pull request acme/pushes#{name}", "")
    assert isinstance(found.conversation, GitHubConversation)


@pytest.mark.parametrize(
    "event",
    [{}, [], {"pull_request": 7}, {"pull_request": {"number": "7"}}, {"issue": {"number": 8}}],
)
def test_any_other_run_is_about_none(tmp_path: Path, event: object) -> None:
    with pytest.raises(ConfigError, match="belongs to no pull request") as caught:
        github(tmp_path, event)
    assert "started by pull_request" in str(caught.value.detail)


@pytest.mark.parametrize(
    ("event", "actor", "why"),
    [
        (pull("stranger/pushes"), "ann", "it comes from a fork"),
        (pull(None), "ann", "it comes from a fork"),
        (pull(), DEPENDABOT, "it comes from Dependabot"),
        (pull("stranger/pushes"), DEPENDABOT, "it comes from a fork"),
    ],
)
def test_who_may_not_write_needs_no_token(
    tmp_path: Path, event: object, actor: str, why: str
) -> None:
    found = github(tmp_path, event, GITHUB_ACTOR=actor, GITHUB_TOKEN="")
    assert (found.restricted, found.conversation) == (why, None)


@pytest.mark.parametrize("event", ["", "[", "[" * 100_000])
def test_an_event_that_is_no_json_is_an_error(tmp_path: Path, event: str) -> None:
    with pytest.raises(ConfigError, match="event of this run cannot be read"):
        github(tmp_path, event)


def test_a_job_at_gitlab_is_about_one_merge_request() -> None:
    found = change_request(GITLAB)
    assert (found.name, found.restricted) == ("merge request !7", "")
    assert isinstance(found.conversation, GitLabConversation)
    assert change_request(GITLAB, number=9).name == "merge request !9"


@pytest.mark.parametrize(
    ("source", "restricted"),
    [("42", ""), ("43", "it comes from a fork"), ("", "it comes from a fork")],
)
def test_a_merge_request_from_elsewhere_may_not_write(source: str, restricted: str) -> None:
    environ = {**GITLAB, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": source}
    assert change_request(environ).restricted == restricted


@pytest.mark.parametrize(
    ("environ", "wrong", "said"),
    [
        ({}, {}, "neither GitHub Actions nor GitLab CI"),
        (GITLAB, {"CI_MERGE_REQUEST_IID": ""}, "belongs to no merge request"),
        (GITLAB, {"CI_MERGE_REQUEST_IID": "7/../8"}, "belongs to no merge request"),
        (GITLAB, {"CI_MERGE_REQUEST_PROJECT_ID": "", "CI_PROJECT_ID": ""}, "is missing"),
        (GITLAB, {"CI_API_V4_URL": ""}, "is missing"),
        (GITLAB, {"CI_API_V4_URL": "http://git.example"}, "needs https"),
        (GITLAB, {"PUSHCTL_GITLAB_TOKEN": ""}, "no token"),
    ],
)
def test_what_is_missing_is_named(
    environ: dict[str, str], wrong: dict[str, str], said: str
) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        change_request({**environ, **wrong})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"GITHUB_TOKEN": ""}, "no token"),
        ({"GITHUB_REPOSITORY": ""}, "is missing"),
        ({"GITHUB_API_URL": "http://git.example"}, "needs https"),
    ],
)
def test_what_is_missing_at_github_is_named(
    tmp_path: Path, wrong: dict[str, str], said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        github(tmp_path, pull(), **wrong)
