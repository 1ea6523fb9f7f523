"""Markdown as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.console import Console, ConsoleOptions
from rich.markdown import CodeBlock, Markdown, TableElement
from rich.segment import Segment
from rich.table import Table
from rich.theme import Theme

_THEME = Theme(
    {
        "markdown.code": "cyan",
        "markdown.h1": "bold",
        "markdown.h2": "bold",
        "markdown.h3": "bold",
        "markdown.table.header": "bold",
        "markdown.table.border": "dim",
    }
)


class _Code(CodeBlock):
    """A block that can be copied: its lines are as they are written."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        style = console.get_style("markdown.code")
        for line in str(self.text).rstrip().splitlines():
            yield Segment(f"    {line}", style)
            yield Segment.line()


class _Table(TableElement):
    """A table whose cells are never cut."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Table]:
        for table in super().__rich_console__(console, options):
            assert isinstance(table, Table)
            for column in table.columns:
                column.overflow = "fold"
            yield table


class _Page(Markdown):
    elements: ClassVar = {
        **Markdown.elements,
        "fence": _Code,
        "code_block": _Code,
        "table_open": _Table,
    }


def rendered(markdown: str, width: int, *, color: bool) -> str:
    """Return a page in lines of at most `width` columns; only code may be wider."""
    console = Console(
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        legacy_windows=False,
        emoji=False,
        highlight=False,
        theme=_THEME,
    )
    page = _Page(markdown, hyperlinks=False)
    for token in (inner for block in page.parsed for inner in block.children or ()):
        if token.type == "code_inline" and not color:
            token.content = f"`{token.content}`"
    with console.capture() as shown:
        console.print(page, crop=False)
    return "".join(f"{line.rstrip()}\n" for line in shown.get().splitlines())
