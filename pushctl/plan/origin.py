"""What changes come from, as values: lines of the manifest, the clock, or nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Cause(StrEnum):
    """What kind of reason a change has; all but the last are good ones."""

    EDITED = "edited"
    FILE = "file"
    AFAR = "afar"
    INDENTED = "indented"
    FOLLOWS = "follows"
    CLOCK = "clock"
    DRIFT = "drift"
    DOUBT = "doubt"
    STOPPED = "stopped"
    UNFINISHED = "unfinished"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True, order=True)
class Lines:
    """Lines of a file, counted from 1, both included; `first` is 0 if it is about the whole file.

    `part` says what they belong to, such as `defaults`; it is empty for what is the entry's own.
    `former` lines are gone: the numbers are those of the base.
    """

    file: str
    first: int = 0
    last: int = 0
    part: str = ""
    former: bool = False


OWN = frozenset({"", "moved", "removed", "adopt"})
"""Parts that name the entry: whoever edits them means it."""

FILES = frozenset({"audience", "calendar"})
"""Parts that are a file which the entry names."""


LEFT_OUT = "not included"
"""The part of lines that are still there, in a file that the manifest does not take in."""


@dataclass(frozen=True, slots=True)
class Trace:
    """How an entry came to differ between two versions, by which lines."""

    cause: Cause
    lines: tuple[Lines, ...] = ()


def traced(lines: tuple[Lines, ...], *, indented: bool = False) -> Trace:
    """Judge by where the lines stand."""
    parts = {item.part for item in lines}
    if parts & OWN:
        return Trace(Cause.INDENTED if indented and parts <= OWN else Cause.EDITED, lines)
    if parts and parts <= FILES:
        return Trace(Cause.FILE, lines)
    return Trace(Cause.AFAR, lines)


@dataclass(frozen=True, slots=True)
class Edits:
    """What differs between two versions of a manifest.

    `entries` maps the id of each entry that differs to how; one that is gone has its former id.
    `settings` are the changed lines of what is about no single entry, such as `policy`.
    """

    entries: Mapping[str, Trace] = field(default_factory=dict)
    settings: tuple[Lines, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one change comes from."""

    cause: Cause
    lines: tuple[Lines, ...] = ()
