"""A conversation with each of the fake code hosts."""

from __future__ import annotations

from pushctl.codehosts import github, gitlab
from pushctl.codehosts.client import Api
from pushctl.codehosts.comments import Conversation
from pushctl.codehosts.github import GitHubConversation
from pushctl.codehosts.gitlab import GitLabConversation
from tests.fake_code_hosts import CodeHost, GitHub

MARK = "<!-- pushctl:plan app=ONEX0 workspace=prod env=prod -->"
PLAN = f"{MARK}\n### 1 create\n\n限时特惠 😀\n"


def opened(host: CodeHost, token: str = "secret-writer") -> Conversation:
    if isinstance(host, GitHub):
        return GitHubConversation(github_api(host.url, token), "acme/pushes", 7)
    return GitLabConversation(gitlab_api(host.url, token), "42", 7)


def github_api(url: str, token: str) -> Api:
    return github.api_of({"GITHUB_API_URL": url, "GITHUB_TOKEN": token})


def gitlab_api(url: str, token: str) -> Api:
    return gitlab.api_of({"CI_API_V4_URL": url, "PUSHCTL_GITLAB_TOKEN": token})
