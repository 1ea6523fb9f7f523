"""A conversation with each of the fake code hosts."""

from __future__ import annotations

from pushctl.codehosts.comments import Conversation
from pushctl.codehosts.github import GitHubConversation
from pushctl.codehosts.gitlab import GitLabConversation
from tests.fake_code_hosts import CodeHost, GitHub

MARK = "<!-- pushctl:plan app=ONEX0 workspace=prod env=prod -->"
PLAN = f"{MARK}\n### 1 create\n\n限时特惠 😀\n"


def opened(host: CodeHost, token: str = "secret-writer") -> Conversation:
    if isinstance(host, GitHub):
        return GitHubConversation(host.url, token, "acme/pushes", 7)
    return GitLabConversation(host.url, token, "42", 7)
