"""Notes on a merge request at GitLab.

Source: https://docs.gitlab.com/api/notes/#merge-requests
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from pushctl.codehosts.client import Api
from pushctl.codehosts.comments import Comment

LONGEST = 1_000_000
"""UTF-16 units of one note."""


class GitLabConversation:
    """The notes on one merge request."""

    longest = LONGEST

    def __init__(self, api_url: str, token: str, project: str, number: int) -> None:
        self._api = Api(api_url.rstrip("/"), {"PRIVATE-TOKEN": token})
        project = quote(project, safe="")
        self._notes = f"/projects/{project}/merge_requests/{number}/notes"

    def comments(self) -> Iterator[Comment]:
        """Return the notes that people and programs wrote, the oldest first."""
        me = self._api.get("/user").get("id")
        path = f"{self._notes}?per_page=100&sort=asc&order_by=created_at"
        for item in self._api.pages(path):
            if not item.get("system"):
                mine = (item.get("author") or {}).get("id") == me
                yield Comment(str(item["id"]), item.get("body") or "", mine)

    def create(self, body: str) -> None:
        """Write a new note."""
        self._api.send("POST", self._notes, {"body": body})

    def update(self, id: str, body: str) -> None:
        """Replace the text of a note."""
        self._api.send("PUT", f"{self._notes}/{id}", {"body": body})

    def delete(self, id: str) -> None:
        """Take a note away."""
        self._api.send("DELETE", f"{self._notes}/{id}")
