"""A page read by the standard library alone: what must hold of it whatever browser opens it."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

VOID = {"br", "input", "link", "meta"}
LOADING = {"src", "srcset", "data", "poster", "background", "action", "formaction", "ping", "style"}
"""Attributes by which an element loads, sends or decorates something; none is on the page."""

ELEMENTS = frozenset(
    {
        *(
            "html",
            "head",
            "title",
            "meta",
            "link",
            "style",
            "body",
            "header",
            "nav",
            "main",
            "footer",
        ),
        *("section", "article", "div", "h1", "h2", "h3", "h4", "p", "pre", "ul", "li"),
        *("dl", "dt", "dd", "table", "caption", "thead", "tbody", "tr", "th", "td"),
        *("a", "b", "bdi", "code", "del", "i", "ins", "mark", "small", "span", "strong"),
        *("details", "summary", "figure", "figcaption", "meter"),
        *("fieldset", "legend", "label", "input"),
    }
)
"""Every element that a page may have: nothing that runs, loads, embeds or sends."""


@dataclass
class Element:
    name: str
    attributes: dict[str, str | None]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """All elements of a page in their order, and its text; complains of what is not closed."""

    elements: list[Element] = field(default_factory=list)
    text: str = ""
    open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        counted = Counter(name for name, _ in attrs)
        assert max(counted.values(), default=1) == 1, (tag, attrs)
        self.elements.append(Element(tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(self.elements[-1])

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().name == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.open:
            self.open[-1].text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def all(self, *names: str) -> list[Element]:
        return [element for element in self.elements if element.name in names]

    def values(self, attribute: str) -> list[str]:
        found = (element.attributes.get(attribute) for element in self.elements)
        return [value for value in found if value is not None]


def read(text: str) -> Page:
    page = Page()
    page.feed(text)
    page.close()
    assert page.open == []
    return page


def faults(text: str) -> list[str]:
    """Say all that is wrong with a page."""
    page = read(text)
    return [*_policy(page, text), *_elements(page), *_links(page), *_outline(page), *_names(page)]


def _policy(page: Page, text: str) -> Iterator[str]:
    metas = page.all("meta")
    csp = [item for item in metas if item.attributes.get("http-equiv")]
    if len(csp) != 1 or page.elements.index(csp[0]) > 3:
        yield "the policy is not near the top, or not once"
    (style,) = page.all("style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    expected = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    if csp[0].attributes.get("content") != expected:
        yield "the policy is another one"
    if not any(item.attributes.get("content") == "no-referrer" for item in metas):
        yield "it tells others where a reader came from"
    if "url(" in style.text or "@import" in style.text or not text.startswith("<!doctype html>\n"):
        yield "the style loads something, or the page is in quirks mode"


def _elements(page: Page) -> Iterator[str]:
    for element in page.elements:
        if element.name not in ELEMENTS:
            yield f"<{element.name}>"
        for name in element.attributes:
            if name in LOADING or name.startswith("on"):
                yield f"<{element.name} {name}>"


def _links(page: Page) -> Iterator[str]:
    ids = Counter(page.values("id"))
    yield from (f"id {id} is there {number} times" for id, number in ids.items() if number > 1)
    for element in page.elements:
        target = element.attributes.get("href")
        if target is None:
            continue
        if target.startswith("#"):
            if target[1:] not in ids:
                yield f"{target} leads nowhere"
        elif element.name == "link":
            if target != "data:,":
                yield f"{target} is loaded"
        elif not target.startswith(("http://", "https://")):
            yield f"{target} is no address of the web"
        elif "noreferrer" not in (element.attributes.get("rel") or ""):
            yield f"{target} is told where a reader came from"


def _outline(page: Page) -> Iterator[str]:
    levels = [int(element.name[1]) for element in page.all("h1", "h2", "h3", "h4")]
    if levels.count(1) != 1 or levels[0] != 1:
        yield "there is not one main heading, first"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"


def _names(page: Page) -> Iterator[str]:
    """Say what somebody who listens would not know the meaning of."""
    (document,) = page.all("html")
    if document.attributes.get("lang") != "en":
        yield "the page does not say its language"
    for element in page.all("th"):
        if "scope" not in element.attributes:
            yield "a heading of a table does not say what it heads"
    for element in page.elements:
        role = element.attributes.get("role")
        if role == "region" and not element.attributes.get("aria-label"):
            yield "a region has no name"
        if element.name == "meter" and not element.attributes.get("aria-label"):
            yield "a meter has no name"
