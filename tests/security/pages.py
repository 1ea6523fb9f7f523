"""Read a Markdown comment as a code host does, and tell what in it is more than text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from markdown_it import MarkdownIt

OURS = {
    *("b", "blockquote", "code", "del", "details", "em", "h3", "ins", "li", "p", "pre", "strong"),
    *("sub", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
"""The elements that a comment of ours consists of."""

CALLS = re.compile(r"[@#!~$%&^][\w\"]|://|www\.|\b[a-z]+-\d", re.IGNORECASE)
"""What a code host makes a link, a mention or a reference of, if it does not stand in code."""

ALERTS = re.compile(r"\[!(CAUTION|WARNING)\]")
"""The beginning of a box; on purpose."""


@dataclass
class Page(HTMLParser):
    """What a browser would see.

    `strange` are elements, attributes and comments that are not ours, `calls` what would be made a
    link, `text` all that can be read.
    """

    strange: list[Any] = field(default_factory=list)
    text: str = ""
    loose: str = ""
    unclosed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def calls(self) -> list[str]:
        return CALLS.findall(ALERTS.sub("", self.loose))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unclosed.append(tag)
        if tag not in OURS or (attrs and attrs != [("class", "language-json")]):
            self.strange.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        if not self.unclosed or self.unclosed.pop() != tag:
            self.strange.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        if not data.startswith(" pushctl:plan ") or self.text.strip():
            self.strange.append(data)

    def handle_data(self, data: str) -> None:
        self.text += data
        # Between two elements nothing can be one word.
        self.loose += " " if "code" in self.unclosed else data


def read(markdown: str) -> Page:
    """Read a comment."""
    page = Page()
    page.feed(
        MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)
    )
    page.close()
    return page
