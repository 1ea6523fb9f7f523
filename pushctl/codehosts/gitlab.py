"""Notes on a merge request at GitLab.

Source: https://docs.gitlab.com/api/notes/#merge-requests
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from pushctl.codehosts.client import Api
from pushctl.codehosts.comments import Comment, Conversation

LONGEST = 1_000_000
"""UTF-16 units of one note."""


class GitLabConversation(Conversation):
    """The notes on one merge request."""

    longest = LONGEST
    update_method = "PUT"

    def __init__(self, api_url: str, token: str, project: str, number: int) -> None:
        notes = f"/projects/{quote(project, safe='')}/merge_requests/{number}/notes"
        super().__init__(Api(api_url.rstrip("/"), {"PRIVATE-TOKEN": token}), notes, notes)

    def comments(self) -> Iterator[Comment]:
        """Return the notes that people and programs wrote, the oldest first."""
        me = self._api.get("/user").get("id")
        path = f"{self._comments_path}?per_page=100&sort=asc&order_by=created_at"
        for item in self._api.pages(path):
            if not item.get("system"):
                mine = (item.get("author") or {}).get("id") == me
                yield Comment(str(item["id"]), item.get("body") or "", mine)
