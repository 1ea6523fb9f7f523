"""Several pages in one comment."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pushctl.render.markdown.plan import LIMIT
from pushctl.text.width import utf16_units

ROOM = LIMIT - 500
"""Characters for pages; the rest is for a marker and a note."""

SHORTENED = "*Shortened to fit into a comment; `pushctl plan` shows all of it.*"

_FOLDED = re.compile(
    r"^<details><summary>(.*)</summary>\n(?:(?!</?details>).*\n)*</details>$", re.MULTILINE
)
"""A block without another one in it."""


def together(pages: Sequence[str], limit: int = ROOM) -> str:
    """Put pages one below the other, shortening what has no room.

    All show their headlines, then as many as possible what is not folded, then all of it.
    """
    shown = [_shortened("\n\n".join(_unfolded(page).split("\n\n")[:2])) for page in pages]
    for fuller in (lambda page: _shortened(_unfolded(page)), str.strip):
        for at, page in enumerate(pages):
            more = [*shown[:at], fuller(page), *shown[at + 1 :]]
            if utf16_units("\n\n".join(more)) <= limit:
                shown = more
    return "\n\n".join(shown) + "\n"


def _shortened(page: str) -> str:
    return f"{page}\n\n{SHORTENED}"


def _unfolded(page: str) -> str:
    """Return a page with the summaries in the place of its folded blocks."""
    inner = _FOLDED.sub(r"<p>\1</p>", page)
    return page.strip() if inner == page else _unfolded(inner)
