"""One comment per plan on a change, kept up to date, whatever the code host.

A comment is known by its first line, a marker that no reader sees. Only one that was written under
the same name as ours is ever touched: a marker is easily copied, and whoever copies it must neither
have their comment edited nor keep ours away.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from pushctl.codehosts.client import Api, typed
from pushctl.errors import CodeHostError
from pushctl.text.regex import regex
from pushctl.text.width import utf16_units

_MARKER = regex(r"<!-- pushctl:[a-z]+(?: [^<>]*)? -->")
_NAMED = 120
"""Characters of a name that the marker holds."""


class Comment(Struct, frozen=True):
    """A comment as it is. `mine` says that it was written under the name that we write under."""

    id: str
    body: str
    mine: bool


def read_comment(fields: Mapping[str, Any], *, mine: bool) -> Comment:
    """Read what a comment is everywhere; raises `CodeHostError`."""
    id = typed(fields.get("id"), int, "a comment's number")
    return Comment(str(id), typed(fields.get("body") or "", str, "a comment's text"), mine)


class Conversation(ABC):
    """The comments on one change. Every method raises `CodeHostError`; nothing is ever retried.

    `longest` is how long a comment may be, in UTF-16 units. `comments_path` is where the API lists
    them and takes new ones; below `comment_path` is each of them.
    """

    longest: int
    update_method: str

    def __init__(self, api: Api, comments_path: str, comment_path: str) -> None:
        self._api = api
        self._comments_path = comments_path
        self._comment_path = comment_path

    @abstractmethod
    def comments(self) -> Iterable[Comment]:
        """Return the comments that are there, the oldest first, all pages of them."""

    def create(self, body: str) -> None:
        """Write a new comment."""
        self._api.send("POST", self._comments_path, {"body": body})

    def update(self, id: str, body: str) -> None:
        """Replace the text of a comment."""
        self._api.send(self.update_method, f"{self._comment_path}/{id}", {"body": body})

    def delete(self, id: str) -> None:
        """Take a comment away."""
        self._api.send("DELETE", f"{self._comment_path}/{id}")


class Upserted(StrEnum):
    """What was done to have the comment say what it should."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


def upsert(conversation: Conversation, text: str) -> Upserted:
    """Make a comment with the marker of `text` say `text`, and be the only one of ours that does.

    Two runs at the same time may both have created one; whoever comes next leaves the older.
    Raises `CodeHostError`.
    """
    mark = marker(text)
    if utf16_units(text) > conversation.longest:
        detail = f"It has {utf16_units(text):,} characters of {conversation.longest:,}."
        fix = "let pushctl plan --markdown write it; it leaves out what does not fit"
        raise CodeHostError("The comment is too long", detail, fix=fix)
    mine = (item for item in conversation.comments() if item.mine)
    ours = [item for item in mine if item.body.partition("\n")[0].rstrip() == mark]
    for surplus in ours[1:]:
        conversation.delete(surplus.id)
    if not ours:
        conversation.create(text)
        return Upserted.CREATED
    if _plain(ours[0].body) == _plain(text):
        return Upserted.UNCHANGED
    conversation.update(ours[0].id, text)
    return Upserted.UPDATED


def marker(text: str) -> str:
    """Return the first line of a text, by which its comment is found; raises `CodeHostError`."""
    first = text.partition("\n")[0].rstrip()
    if _MARKER.fullmatch(first) is None:
        raise CodeHostError(
            "The text has no marker",
            "Its first line must be a comment such as <!-- pushctl:plan -->, by which it is found.",
            fix="write it with: pushctl plan --markdown FILE",
        )
    return first


def with_marker(text: str, name: str) -> str:
    """Put the marker of a name in the place of the marker of a text, if it has one.

    Whoever knows what two plans differ in, such as their folders, can tell their comments apart.
    """
    first, _, rest = text.partition("\n")
    if _MARKER.fullmatch(first.rstrip()) is None:
        rest = text
    if len(name) > _NAMED:
        name = f"{name[:_NAMED]}~{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    quoted = quote(name, safe="/", errors="surrogatepass").replace("--", "-%2D")
    return f"<!-- pushctl:plan at={quoted} -->\n{rest}"


def _plain(body: str) -> str:
    """Return a text without what code hosts change when they store it."""
    return body.replace("\r\n", "\n").strip()
