"""What a change of a plan comes from, as values: lines that were edited, the clock, the service."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from pushctl.diagnostics import EditedLine


class Cause(StrEnum):
    """What kind of reason a change has; `UNEXPLAINED` is none."""

    EDITED = "edited"
    FILE = "file"
    INDIRECT = "afar"
    INDENTED = "indented"
    FOLLOWS = "follows"
    CLOCK = "clock"
    DRIFT = "drift"
    DOUBT = "doubt"
    STOPPED = "stopped"
    ZONE_DATA = "zone_data"
    UNFINISHED = "unfinished"
    UNEXPLAINED = "unexplained"


OWN = frozenset({"", "moved", "removed", "adopt"})
"""Parts that name the entry: whoever edits them means it."""

FILES = frozenset({"audience", "calendar"})
"""Parts that are a file which the entry names."""


class Origin(Struct, frozen=True):
    """Where one change comes from; `lines` are empty where no edit is known."""

    cause: Cause
    lines: tuple[EditedLine, ...] = ()


def origin_of_edit(lines: tuple[EditedLine, ...], *, indented: bool = False) -> Origin:
    """Judge an edit of an entry by the parts that its lines belong to."""
    parts = {item.part for item in lines}
    if parts & OWN:
        return Origin(Cause.INDENTED if indented and parts <= OWN else Cause.EDITED, lines)
    if parts and parts <= FILES:
        return Origin(Cause.FILE, lines)
    return Origin(Cause.INDIRECT, lines)
