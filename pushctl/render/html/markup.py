"""HTML that cannot be broken out of: a `str` is escaped, only `Html` made here is markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from pushctl.text import escape
from pushctl.text.messages import _, count
from pushctl.text.regex import regex


class Html(str):
    """Markup that was made here. Joined to other text it is a plain `str` again, and escaped."""

    __slots__ = ()


Content: TypeAlias = "Html | str | int | Iterable[Content] | None"

VOID = frozenset({"br", "input", "link", "meta"})

LINES = frozenset(
    {
        *("article", "body", "details", "div", "fieldset", "figure", "footer", "head", "header"),
        *("li", "link", "main", "meta", "nav", "section", "style", "table", "title", "tr"),
        *("h2", "h3"),
    }
)
"""Elements that begin a line of the file, so that two reports can be compared."""


def tag(name: str, /, *content: Content, **attributes: str | int | bool | None) -> Html:
    """Make an element. Attributes: `class_` is class, `data_x` is data-x; None leaves one out."""
    start = "\n<" if name in LINES else "<"
    opened = f"{start}{name}{_attributes(attributes)}>"
    if name in VOID:
        return Html(opened)
    return Html(f"{opened}{''.join(_flat(content))}</{name}>")


def join(*content: Content) -> Html:
    """Put content together without an element around it."""
    return Html("".join(_flat(content)))


_PLAIN = regex(r"[A-Za-z0-9 .,;()/_+-]*")
"""What needs no escaping anywhere, which is most of a page."""


def text(value: str) -> Html:
    """Write a text for a page, so that neither a browser nor a log that shows the page obeys it."""
    if _PLAIN.fullmatch(value):
        return Html(value)
    shown = escape.html(value)
    if "\n" in shown or "##" in shown:
        shown = shown.replace("\n", "&#10;").replace("##", "#&#35;")
    return Html(shown)


def wide(content: Html, label: str) -> Html:
    """Let a table scroll by itself where the screen is narrower; with the keyboard as well."""
    return tag("div", content, class_="wide", tabindex="0", role="region", aria_label=label)


def left_out(number: int, one: str, many: str | None = None) -> Html | None:
    """Say how many things there was no room for: `and 3 more that are not listed`."""
    return tag("p", _("and {counted}", count(number, one, many or one))) if number > 0 else None


def pairs(found: Iterable[tuple[str, Content]], *, class_: str | None = None) -> Html:
    """Make a list of names and values."""
    rows = (tag("div", tag("dt", name), tag("dd", value)) for name, value in found)
    return tag("dl", *rows, class_=class_)


def table(
    caption: str | None,
    heads: Iterable[Content],
    rows: Iterable[Html],
    *,
    class_: str | None = None,
    roles: bool = False,
) -> Html:
    """Make a table; a head that is no element yet becomes one of a column.

    With `roles` it stays a table for a screen reader where the style sheet lays it out as blocks;
    the rows and their cells then need roles of their own.
    """
    role = (lambda name: name) if roles else (lambda name: None)
    cells = (
        head if isinstance(head, Html) else tag("th", head, scope="col", role=role("columnheader"))
        for head in heads
    )
    return tag(
        "table",
        tag("caption", caption) if caption else None,
        tag("thead", tag("tr", *cells, role=role("row")), role=role("rowgroup")),
        tag("tbody", *rows, role=role("rowgroup")),
        class_=class_,
        role=role("table"),
    )


def switch(name: str, group: str, choices: Sequence[tuple[str, str]]) -> Html:
    """Make a choice of which the page's style takes note; the first one is chosen.

    A choice is the id of its radio button and its label.
    """
    options = (
        tag(
            "label",
            tag("input", type="radio", name=group, id=id, checked=number == 0),
            tag("span", words),
        )
        for number, (id, words) in enumerate(choices)
    )
    return tag("fieldset", tag("legend", name), *options, class_="switch")


def trusted(markup: str) -> Html:
    """Take a constant of this program for markup; never anything that came from outside."""
    return Html(markup)


def _flat(content: Content) -> Iterable[str]:
    if content is None:
        return
    if isinstance(content, Html):
        yield content
    elif isinstance(content, str | int):
        yield text(str(content))
    else:
        for item in content:
            yield from _flat(item)


def _attributes(attributes: dict[str, str | int | bool | None]) -> str:
    parts = []
    for key, value in attributes.items():
        name = key.rstrip("_").replace("_", "-")
        if value is True:
            parts.append(f" {name}")
        elif value is not None and value is not False:
            parts.append(f' {name}="{text(str(value))}"')
    return "".join(parts)


# --- text of people -------------------------------------------------------------------------------

_KANA = regex("[\u3040-\u30ff]")
_HAN = regex("[\u3400-\u9fff\uf900-\ufaff]")
_HANGUL = regex("[\u1100-\u11ff\uac00-\ud7af]")


def user_text(value: str, **attributes: str | int | bool | None) -> Html:
    """Show what somebody wrote: apart from the direction of the text around it, in its language."""
    return tag("bdi", value, lang=language(value), **attributes)


def language(value: str) -> str | None:
    """Guess the language of a text by its script, for its glyphs and for voices; None if Latin."""
    if value.isascii():
        return None
    if _KANA.search(value):
        return "ja"
    if _HANGUL.search(value):
        return "ko"
    return "zh-Hans" if _HAN.search(value) else None
