"""Which separator a csv file has, and which of its columns holds the targets."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from pushctl.text.quote import quoted
from pushctl.text.regex import regex
from pushctl.text.suggest import closest

WORDS = tomllib.loads(Path(__file__).with_name("audience_words.toml").read_text("utf-8"))
"""The words of lists of people."""

_BETWEEN = regex("[\\s_\\-'\"\ufeff\u200b]")
_SEPARATOR = regex(r'"?sep=([^"])"?[,;]*', re.IGNORECASE)
_CELLS = regex(r"[,;\t|]")


def _plain(name: str) -> str:
    return _BETWEEN.sub("", name).lower()


_KINDS = {
    kind: [frozenset(map(_plain, names)) for names in ranks]
    for kind, ranks in WORDS["columns"].items()
}
_ANY_KIND = frozenset(map(_plain, WORDS["any"]["columns"]))
_ALL = _ANY_KIND.union(*(words for ranks in _KINDS.values() for words in ranks))


class ColumnError(Exception):
    """Nothing says which column or separator is meant; the arguments are a detail and a fix."""


@lru_cache(maxsize=4096)
def is_column_name(text: str) -> bool:
    """Tell whether a text is what columns of targets are called."""
    return _plain(text) in _ALL


def is_other_kind(name: str, kind: str) -> bool:
    """Tell whether a column of that name holds another kind of target than `kind`."""
    return _plain(name) in _ALL.difference(_ANY_KIND, *_KINDS[kind])


def choose(names: Sequence[str], kind: str, wanted: str | None, file: str) -> int:
    """Return which of a header's names is the column to take; raises `ColumnError`."""
    found = _fitting(names, kind, wanted)
    if len(found) == 1 and (wanted or not is_other_kind(names[found[0]], kind)):
        return found[0]
    there = ", ".join(quoted(name) for name in ([names[at] for at in found] or names)[:10])
    fix = f"name the column: {{file: {file}, column: {names[found[0]] if found else '...'}}}"
    if len(found) > 1:
        raise ColumnError(f"{file} has several columns that could be meant: {there}.", fix)
    if wanted:
        guess = closest(wanted, names)
        fix = f"did you mean {guess}?" if guess else f"use one of: {there}"
        raise ColumnError(f"{file} has no column {quoted(wanted)}.", fix)
    best = f"{kind.replace('_', ' ')}, such as {WORDS['columns'][kind][0][0]}"
    detail = f"{file} has no column of {best}; its first line is {there}."
    raise ColumnError(detail, f"{fix}, or write the names into the first line")


def _fitting(names: Sequence[str], kind: str, wanted: str | None) -> list[int]:
    """Return the columns that fit best; those of other kinds if none of `kind` is there."""
    if wanted is not None:
        return [at for at, name in enumerate(names) if name == wanted]
    plain = [_plain(name) for name in names]
    ranks = ([at for at, name in enumerate(plain) if name in words] for words in _KINDS[kind])
    return next(filter(None, ranks), [at for at, name in enumerate(plain) if name in _ALL])


def separator(line: str, kind: str, wanted: str | None, file: str) -> tuple[str, bool]:
    """Return what separates the values of a csv file, and whether its first line is just that.

    Raises `ColumnError` where two could be meant.
    """
    if told := _SEPARATOR.fullmatch(line.strip(" ")):
        return told[1], True
    rows = {mark: next(csv.reader([line], delimiter=mark), []) for mark in ",;\t|"}
    rows = {mark: [name.strip() for name in row] for mark, row in rows.items() if len(row) > 1}
    found = [mark for mark, row in rows.items() if _fitting(row, kind, wanted)] or list(rows)
    if len(found) > 1:
        marks = " or ".join("tabs" if mark == "\t" else quoted(mark) for mark in found)
        detail = f"The first line of {file} can be separated by {marks}."
        raise ColumnError(detail, f"write sep={found[0]} alone on a line above it")
    return (found or [","])[0], False


def check_title(line: int, lines: Sequence[str], wanted: str | None, file: str) -> None:
    """Raise `ColumnError` if the names of the columns come after the first line with something."""
    for number, text in enumerate(lines[line : line + 10], line + 1):
        cells = [cell.strip(" \"'") for cell in _CELLS.split(text)]
        if wanted in cells if wanted else any(map(is_column_name, cells)):
            detail = f"{file} has the names of its columns on line {number}, and not at the top."
            raise ColumnError(detail, f"delete what stands above line {number}")
