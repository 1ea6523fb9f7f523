"""Comments on a pull request at GitHub.

Source: https://docs.github.com/en/rest/issues/comments
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pushctl.codehosts.client import Api, typed
from pushctl.codehosts.comments import Comment, Conversation, read_comment
from pushctl.errors import CodeHostDeniedError

LONGEST = 65_536
"""UTF-16 units of one comment; longer ones are answered with 422."""

BOT = "github-actions[bot]"
"""Who writes with the token of a workflow. Such a token may not ask who it is."""


def api_of(environ: Mapping[str, str]) -> Api:
    """Return the API as a job's environment names it; raises `ConfigError`."""
    base = environ.get("GITHUB_API_URL") or "https://api.github.com"
    headers = {
        "Authorization": f"Bearer {environ.get('GITHUB_TOKEN', '')}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    return Api(base.rstrip("/"), headers)


class GitHubConversation(Conversation):
    """The comments on one pull request."""

    longest = LONGEST
    update_method = "PATCH"

    def __init__(self, api: Api, repository: str, number: int, author: str = "") -> None:
        issues = f"/repos/{repository}/issues"
        super().__init__(api, f"{issues}/{number}/comments", f"{issues}/comments")
        self._author = author

    def comments(self) -> Iterator[Comment]:
        """Return the comments that are there, the oldest first."""
        me = self._author or self._who()
        for item in self._api.pages(f"{self._comments_path}?per_page=100"):
            yield comment(item, me)

    def _who(self) -> str:
        try:
            answer = self._api.get("/user")
        except CodeHostDeniedError:
            return BOT
        return typed(typed(answer, dict, "the user").get("login"), str, "the user's name")


def comment(item: object, me: str) -> Comment:
    """Read one item of the list; that of a deleted account is nobody's. Raises `CodeHostError`."""
    fields = typed(item, dict, "a comment")
    author = typed(fields.get("user") or {}, dict, "a comment's author").get("login")
    return read_comment(fields, mine=author == me)
