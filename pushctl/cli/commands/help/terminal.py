"""Markdown as text for a terminal."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich.console import Console, ConsoleOptions
from rich.markdown import Markdown, TableElement
from rich.table import Table


class _Table(TableElement):
    """A table whose cells are never cut."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Table]:
        """Yield the table with all of its text."""
        for table in super().__rich_console__(console, options):
            for column in table.columns:
                column.overflow = "fold"
            yield table


class _Page(Markdown):
    elements = {**Markdown.elements, "table_open": _Table}


def rendered(markdown: str, width: int, *, color: bool) -> str:
    """Return a page in lines of at most `width` columns, without spaces at their ends."""
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        legacy_windows=False,
        emoji=False,
        highlight=False,
    )
    with console.capture() as shown:
        console.print(_Page(markdown, code_theme="ansi_dark", hyperlinks=False))
    return "".join(f"{line.rstrip()}\n" for line in shown.get().splitlines())
