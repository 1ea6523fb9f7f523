"""Which change a CI job is about, and with whose token: what its environment says.

Sources: https://docs.github.com/en/actions/reference/variables-reference and
https://docs.gitlab.com/ci/variables/predefined_variables/
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from pushctl.codehosts import github, gitlab
from pushctl.codehosts.comments import Conversation
from pushctl.codehosts.github import GitHubConversation
from pushctl.codehosts.gitlab import GitLabConversation
from pushctl.errors import ConfigError

DEPENDABOT = "dependabot[bot]"


class ChangeRequest(Struct, frozen=True):
    """A change. `restricted` says why the job may not write there, and is empty if it may.

    `conversation` is None if the job has no token, which is only right where it is restricted.
    """

    name: str
    restricted: str
    conversation: Conversation | None


def change_request(
    environ: Mapping[str, str], *, number: int | None = None, author: str = ""
) -> ChangeRequest:
    """Find out which change this is about; raises `ConfigError`."""
    if environ.get("GITHUB_ACTIONS") == "true":
        return _github(environ, number, author)
    if environ.get("GITLAB_CI") == "true":
        return _gitlab(environ, number)
    raise ConfigError(
        "This is neither GitHub Actions nor GitLab CI",
        "Comments are written by a job that belongs to a pull or merge request.",
    )


def _github(environ: Mapping[str, str], number: int | None, author: str) -> ChangeRequest:
    event = _event(environ.get("GITHUB_EVENT_PATH", ""))
    pull = _mapping(event.get("pull_request"))
    pull_number: object = number or pull.get("number") or _of_issue(event)
    if not isinstance(pull_number, int):
        detail = f"It was started by {environ.get('GITHUB_EVENT_NAME', 'something else')}."
        fix = "run it on pull_request, or name one: --number N"
        raise ConfigError("This run belongs to no pull request", detail, fix=fix)
    repository = _needed(environ, "GITHUB_REPOSITORY")
    restricted = _restricted(pull, environ)
    token = environ.get("GITHUB_TOKEN", "")
    if not token and not restricted:
        raise _without_token("GITHUB_TOKEN", "give the step env: GITHUB_TOKEN: ${{ github.token }}")
    found = GitHubConversation(github.api_of(environ), repository, pull_number, author)
    name = f"pull request {repository}#{pull_number}"
    return ChangeRequest(name, restricted, found if token else None)


def _restricted(pull: Mapping[str, Any], environ: Mapping[str, str]) -> str:
    """Say why a workflow has a token that may not write, if so."""
    if not pull:
        return ""
    head, base = (
        _mapping(_mapping(pull.get(side)).get("repo")).get("full_name") for side in ("head", "base")
    )
    if head != base:
        return "it comes from a fork"
    return "it comes from Dependabot" if environ.get("GITHUB_ACTOR") == DEPENDABOT else ""


def _of_issue(event: Mapping[str, Any]) -> object:
    """Return the number of the pull request that somebody commented on."""
    issue = _mapping(event.get("issue"))
    return issue.get("number") if issue.get("pull_request") else None


def _gitlab(environ: Mapping[str, str], number: int | None) -> ChangeRequest:
    iid = str(number or environ.get("CI_MERGE_REQUEST_IID", ""))
    if not iid.isdecimal():
        detail = f"It was started by {environ.get('CI_PIPELINE_SOURCE', 'something else')}."
        fix = "run it in merge request pipelines, or name one: --number N"
        raise ConfigError("This job belongs to no merge request", detail, fix=fix)
    project = environ.get("CI_MERGE_REQUEST_PROJECT_ID") or _needed(environ, "CI_PROJECT_ID")
    source = environ.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", project)
    restricted = "" if source == project else "it comes from a fork"
    token = environ.get("PUSHCTL_GITLAB_TOKEN", "")
    if not token and not restricted:
        raise _without_token(
            "PUSHCTL_GITLAB_TOKEN", "add a project access token with the scope api as a CI variable"
        )
    _needed(environ, "CI_API_V4_URL")
    found = GitLabConversation(gitlab.api_of(environ), project, int(iid)) if token else None
    return ChangeRequest(f"merge request !{iid}", restricted, found)


def _event(path: str) -> Mapping[str, Any]:
    try:
        return _mapping(json.loads(Path(path).read_bytes())) if path else {}
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError("The event of this run cannot be read", f"{path}: {error}") from error


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _needed(environ: Mapping[str, str], name: str) -> str:
    if value := environ.get(name, ""):
        return value
    raise ConfigError("A variable of the CI system is missing", name)


def _without_token(name: str, fix: str) -> ConfigError:
    return ConfigError("There is no token to comment with", f"{name} is not set", fix=fix)
