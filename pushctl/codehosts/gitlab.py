"""Notes on a merge request at GitLab.

Source: https://docs.gitlab.com/api/notes/#merge-requests
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from pushctl.codehosts.client import Api, typed
from pushctl.codehosts.comments import Comment, Conversation, read_comment

LONGEST = 1_000_000
"""UTF-16 units of one note."""


def api_of(environ: Mapping[str, str]) -> Api:
    """Return the API as a job's environment names it; raises `ConfigError`."""
    token = environ.get("PUSHCTL_GITLAB_TOKEN", "")
    return Api(environ.get("CI_API_V4_URL", "").rstrip("/"), {"PRIVATE-TOKEN": token})


class GitLabConversation(Conversation):
    """The notes on one merge request."""

    longest = LONGEST
    update_method = "PUT"

    def __init__(self, api: Api, project: str, number: int) -> None:
        notes = f"/projects/{quote(project, safe='')}/merge_requests/{number}/notes"
        super().__init__(api, notes, notes)

    def comments(self) -> Iterator[Comment]:
        """Return the notes that people and programs wrote, the oldest first."""
        user = typed(self._api.get("/user"), dict, "the user")
        me = typed(user.get("id"), int, "the user's number")
        path = f"{self._comments_path}?per_page=100&sort=asc&order_by=created_at"
        for item in self._api.pages(path):
            if (found := comment(item, me)) is not None:
                yield found


def comment(item: object, me: int) -> Comment | None:
    """Read one item of the list; None for what GitLab tells. Raises `CodeHostError`."""
    fields = typed(item, dict, "a note")
    if fields.get("system"):
        return None
    author = typed(fields.get("author") or {}, dict, "a note's author").get("id")
    return read_comment(fields, mine=author == me)
