"""Who may deploy, as each of the code hosts tells."""

from __future__ import annotations

import contextlib

import pytest

from pushctl.codehosts.environments import is_limited
from pushctl.errors import CodeHostError, ConfigError
from tests.fake_code_hosts import Answer, CodeHost, GitHub


def environ(host: CodeHost) -> dict[str, str]:
    if isinstance(host, GitHub):
        token = {"GITHUB_TOKEN": host.token}
        return {"GITHUB_REPOSITORY": "acme/pushes", "GITHUB_API_URL": host.url, **token}
    token = {"PUSHCTL_GITLAB_TOKEN": host.token}
    return {"CI_API_V4_URL": host.url, "CI_PROJECT_ID": "42", **token}


def answers(host: CodeHost) -> tuple[object, object]:
    """Return what is told of a limited environment, and of one that everybody may deploy to."""
    if isinstance(host, GitHub):
        chosen = {"protected_branches": False, "custom_branch_policies": True}
        return {"deployment_branch_policy": chosen}, {"deployment_branch_policy": None}
    return {"deploy_access_levels": [{"access_level": 40}]}, {"deploy_access_levels": []}


def test_a_limit_is_told_from_none(host: CodeHost) -> None:
    host.script = [Answer(200, body) for body in answers(host)]
    assert is_limited("prod/a b", environ(host)) is True
    assert is_limited("prod", environ(host)) is False
    assert host.calls[0].endswith("environments/prod%2Fa%20b")


@pytest.mark.parametrize("odd", [None, [], 5, "x", [{}], {"deploy_access_levels": 1}])
def test_an_odd_answer_is_no_limit(host: CodeHost, odd: object) -> None:
    host.script = [Answer(200, odd)]
    limited = False
    with contextlib.suppress(CodeHostError):
        limited = is_limited("prod", environ(host))
    assert not limited


def test_an_environment_that_is_not_there_is_said(host: CodeHost) -> None:
    with pytest.raises(CodeHostError, match="404"):
        is_limited("prod", environ(host))


def test_nobody_to_ask_is_said() -> None:
    with pytest.raises(ConfigError, match="which repository"):
        is_limited("prod", {})
