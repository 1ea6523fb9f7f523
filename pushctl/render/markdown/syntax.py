"""Escaped pieces of a Markdown page: text, code, links and blocks that a reader opens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from pushctl.text import escape
from pushctl.text.regex import regex
from pushctl.text.width import utf16_units

SHORTENED = "*Shortened to fit into a comment; `pushctl plan` shows all of it.*"
_MARKUP = regex(r"([\\`*_\[\]<>|~])")
_TICKS = regex("`+")
_FOLDED = regex(
    r"^<details><summary>(.*)</summary>\n(?:(?!</?details>).*\n)*</details>$", re.MULTILINE
)
_PLAIN_URL = regex(r"https?://[\w.:/?=&%~+-]+(#\w+)?", re.ASCII)


def text(value: object, *, limit: int = 200) -> str:
    """Write any value as plain text within a line, shortened to so many characters."""
    return escape.markdown(shown(value, limit=limit))


def prose(value: str, *, limit: int = 400) -> str:
    """Write a sentence in which what people may copy stands between backticks, as code.

    Not within a table. Whoever brings backticks of his own only changes what looks like code.
    """
    parts = shown(value, limit=limit).split("`")
    if len(parts) % 2 == 0:
        return escape.markdown("`".join(parts))
    return "".join(
        code(part, limit=limit) if index % 2 and part.strip() else escape.markdown(part)
        for index, part in enumerate(parts)
    )


def shown(value: object, *, limit: int = 200) -> str:
    """Return any value as one line of text that hides nothing, shortened; not yet escaped."""
    return escape.plain(value, limit=limit) if not isinstance(value, str) else _cut(value, limit)


def own_text(words: str) -> str:
    """Write words of this program, with numbers, dates and zones, as they are.

    Only what would be read as markup is escaped; never for what somebody else wrote.
    """
    return _MARKUP.sub(r"\\\1", words)


def _cut(value: str, limit: int) -> str:
    seen = escape.visible(value)
    return seen if len(seen) <= limit else seen[: limit - 1] + "…"


def code(value: str, *, limit: int = 200) -> str:
    """Write a text as code within a line, not within a table: it can be copied as it is."""
    seen = _cut(value, limit)
    if not seen.strip():
        return "`(empty)`"
    ticks = "`" * (_longest(seen) + 1)
    space = " " if seen[0] in "` " or seen[-1] in "` " else ""
    return f"{ticks}{space}{seen}{space}{ticks}"


def fenced(content: str, language: str = "") -> str:
    """Write lines as a block of code; nothing in them can close it."""
    fence = "`" * max(3, _longest(content) + 1)
    return f"{fence}{language}\n{content.rstrip()}\n{fence}"


def _longest(content: str) -> int:
    """Return the length of the longest run of backticks."""
    return max(map(len, _TICKS.findall(content)), default=0)


def folded(summary: str, content: Iterable[str]) -> str:
    """Write a block that shows only its summary until it is opened.

    `summary` is HTML, `content` are blocks of Markdown.
    """
    inner = "\n\n".join(content)
    return f"<details><summary>{summary}</summary>\n\n{inner}\n\n</details>"


def together(pages: Sequence[str], limit: int) -> str:
    """Put pages one below the other, in so many UTF-16 units if their headlines have room.

    As many as possible show what is not folded, and then as many as possible all of it.
    """
    brief = [f"{_unfolded(page)}\n\n{SHORTENED}" for page in pages]
    shown = ["\n\n".join([*page.split("\n\n")[:2], SHORTENED]) for page in brief]
    for fuller in (brief, [page.strip() for page in pages]):
        for at, page in enumerate(fuller):
            more = [*shown[:at], page, *shown[at + 1 :]]
            if utf16_units("\n\n".join(more)) <= limit:
                shown = more
    return "\n\n".join(shown) + "\n"


def _unfolded(page: str) -> str:
    """Return a page with the summaries in the place of its folded blocks, the inner ones first."""
    inner = _FOLDED.sub(r"<p>\1</p>", page)
    return page.strip() if inner == page else _unfolded(inner)


def link(label: str, address: str) -> str:
    """Write a link; an address that is not a plain one of the web is shown and leads nowhere."""
    if _PLAIN_URL.fullmatch(address):
        return f"[{escape.markdown(label)}]({address})"
    return f"{escape.markdown(label)} ({code(address)})"


def line_of(file: str, line: int, source: str = "") -> str:
    """Name a line of a file; as a link below the address `source`, if there is one."""
    label = code(f"{file}:{line}")
    if not source:
        return label
    address = f"{source}/{quote(file, safe='/', errors='surrogatepass')}#L{line}"
    return f"[{label}]({address})" if _PLAIN_URL.fullmatch(address) else label


def html_code(value: str, *, limit: int = 200) -> str:
    """Write a text as code within an HTML block: it can be copied as it is."""
    return f"<code>{escape.html(_cut(value, limit))}</code>"
