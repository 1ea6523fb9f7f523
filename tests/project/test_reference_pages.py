"""Pages that are made: commands, JSON, decisions, manual pages, and the navigation of the site."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.project import command_pages, json_page
from tests.project.schema_tables import ROOT

DOCS, SITE = ROOT / "docs", ROOT / "zensical.toml"
LISTS = {"rules": "Rules", "decisions": "Decisions"}
DECISIONS = """\
# Decisions

What was decided, why, and what follows from it. A decision is not edited later; a new one takes its
place.

"""


def pages_of(folder: str) -> list[Path]:
    return sorted(path for path in (DOCS / folder).glob("*.md") if path.name != "README.md")


def decisions() -> str:
    titles = {
        path.name: path.read_text("utf-8").split("\n")[0][2:] for path in pages_of("decisions")
    }
    return DECISIONS + "".join(f"- [{title}]({name})\n" for name, title in titles.items())


MADE = {
    "docs/commands.md": command_pages.markdown,
    "docs/json.md": json_page.page,
    "docs/decisions/README.md": decisions,
}


@pytest.mark.parametrize("name", MADE)
def test_a_page_is_current(name: str, update_golden: bool) -> None:
    made = MADE[name]()
    if update_golden:
        (ROOT / name).write_text(made, "utf-8")
    assert (ROOT / name).read_text("utf-8") == made


def test_manual_pages_are_current(update_golden: bool) -> None:
    made = command_pages.man_pages()
    if update_golden:
        for old in (ROOT / "man").glob("*"):
            old.unlink()
        for name, text in made.items():
            (ROOT / "man" / name).write_text(text, "utf-8")
    assert {path.name: path.read_text("utf-8") for path in (ROOT / "man").iterdir()} == made


def test_a_manual_page_escapes_what_its_macros_would_read() -> None:
    assert command_pages.roff(".x --y 'z\\n") == "\\&.x \\-\\-y 'z\\en"


def test_every_field_and_format_is_on_the_page_of_json() -> None:
    page = json_page.page()
    for row in ("| `delivery_counts` | object |", "| `pushctl sent` | `since`, `sent`,"):
        assert row in page
    assert "### `changes[].origin.lines[]`\n" in page


def listed(nav: Any) -> Iterator[str]:
    """Yield the pages of a navigation in their order."""
    for item in nav if isinstance(nav, list) else [nav]:
        if isinstance(item, str):
            yield item
        else:
            for inner in item.values():
                yield from listed(inner)


def nav_of(folder: str) -> str:
    return "".join(f'      "{path.relative_to(DOCS).as_posix()}",\n' for path in pages_of(folder))


def test_the_navigation_has_every_page_in_the_order_of_the_first_one(update_golden: bool) -> None:
    text = SITE.read_text("utf-8")
    if update_golden:
        for folder in LISTS:
            begin, end = f'      "{folder}/README.md",\n', "    ]},"
            head, _, rest = text.partition(begin)
            text = head + begin + nav_of(folder) + rest[rest.index(end) :]
        SITE.write_text(text, "utf-8")
    nav = list(listed(tomllib.loads(text)["project"]["nav"]))
    index = re.findall(r"^ *- \[.+?\]\((.+?)\): ", (DOCS / "index.md").read_text("utf-8"), re.M)
    assert sorted(nav) == sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
    assert [name for name in nav if "/" not in name or name in index] == ["index.md", *index]
