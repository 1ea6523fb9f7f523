"""Comments on a pull request at GitHub.

Source: https://docs.github.com/en/rest/issues/comments
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from pushctl.codehosts.client import Api
from pushctl.codehosts.comments import Comment, Conversation
from pushctl.errors import CodeHostDeniedError

LONGEST = 65_536
"""UTF-16 units of one comment; longer ones are answered with 422."""

BOT = "github-actions[bot]"
"""Who writes with the token of a workflow. Such a token may not ask who it is."""


class GitHubConversation(Conversation):
    """The comments on one pull request."""

    longest = LONGEST
    update_method = "PATCH"

    def __init__(
        self, api_url: str, token: str, repository: str, number: int, author: str = ""
    ) -> None:
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        issues = f"/repos/{repository}/issues"
        api = Api(api_url.rstrip("/"), headers)
        super().__init__(api, f"{issues}/{number}/comments", f"{issues}/comments")
        self._author = author

    def comments(self) -> Iterator[Comment]:
        """Return the comments that are there, the oldest first."""
        me = self._author or self._who()
        for item in self._api.pages(f"{self._comments_path}?per_page=100"):
            author = (item.get("user") or {}).get("login")
            yield Comment(str(item["id"]), item.get("body") or "", author == me)

    def _who(self) -> str:
        answer: Any = None
        with contextlib.suppress(CodeHostDeniedError):
            answer = self._api.get("/user")
        return str(answer["login"]) if isinstance(answer, dict) and "login" in answer else BOT
