"""Comments on a pull request at GitHub.

Source: https://docs.github.com/en/rest/issues/comments
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from pushctl.codehosts.client import Api
from pushctl.codehosts.comments import Comment
from pushctl.errors import CodeHostDeniedError

LONGEST = 65_536
"""UTF-16 units of one comment; longer ones are answered with 422."""

BOT = "github-actions[bot]"
"""Who writes with the token of a workflow. Such a token may not ask who it is."""


class GitHubConversation:
    """The comments on one pull request."""

    longest = LONGEST

    def __init__(
        self, api_url: str, token: str, repository: str, number: int, author: str = ""
    ) -> None:
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        self._api = Api(api_url.rstrip("/"), headers)
        self._repository = f"/repos/{repository}"
        self._number = number
        self._author = author

    def comments(self) -> Iterator[Comment]:
        """Return the comments that are there, the oldest first."""
        me = self._author or self._who()
        path = f"{self._repository}/issues/{self._number}/comments?per_page=100"
        for item in self._api.pages(path):
            author = (item.get("user") or {}).get("login")
            yield Comment(str(item["id"]), item.get("body") or "", author == me)

    def create(self, body: str) -> None:
        """Write a new comment."""
        path = f"{self._repository}/issues/{self._number}/comments"
        self._api.send("POST", path, {"body": body})

    def update(self, id: str, body: str) -> None:
        """Replace the text of a comment."""
        self._api.send("PATCH", f"{self._repository}/issues/comments/{id}", {"body": body})

    def delete(self, id: str) -> None:
        """Take a comment away."""
        self._api.send("DELETE", f"{self._repository}/issues/comments/{id}")

    def _who(self) -> str:
        answer: Any = None
        with contextlib.suppress(CodeHostDeniedError):
            answer = self._api.get("/user")
        return str(answer["login"]) if isinstance(answer, dict) and "login" in answer else BOT
