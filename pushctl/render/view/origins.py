"""Where a change comes from, in words and as a document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, assert_never

from pushctl.diagnostics import EditedLine
from pushctl.plan.origin import Cause, Origin

SHOWN = 3
"""Places that a sentence names before it only counts them."""


def sentence(origin: Origin) -> str:
    """Say where a change comes from, on one line; names of files are as they are."""
    places = _places(origin.lines)
    match origin.cause:
        case Cause.EDITED | Cause.FILE:
            return f"edited: {places}"
        case Cause.INDIRECT:
            return f"not edited itself; through {places or 'other lines'}"
        case Cause.INDENTED:
            return f"only indentation was changed: {places}"
        case Cause.FOLLOWS:
            return "not edited itself; follows from the other changes"
        case Cause.CLOCK:
            return "no edit: its time has come"
        case Cause.DRIFT:
            return "no edit: the service differs from what was applied"
        case Cause.DOUBT:
            return "no edit: the outcome of an earlier call is unknown"
        case Cause.STOPPED:
            return "no edit: it was stopped"
        case Cause.UNFINISHED:
            return "no edit: completes what was applied before"
        case Cause.UNEXPLAINED:
            return "comes from no edit"
        case _:
            assert_never(origin.cause)


def _places(lines: Iterable[EditedLine]) -> str:
    named = [f"{item} ({item.part})" if item.part else str(item) for item in lines]
    more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
    return f"{', '.join(named[:SHOWN])}{more}"


def document(origin: Origin) -> dict[str, Any]:
    """Return the document of an origin; `first` and `last` are null if it is about a whole file."""
    return {
        "cause": str(origin.cause),
        "lines": [
            {
                "file": item.file,
                "first": item.number or None,
                "last": item.number or None,
                "part": item.part or None,
                "former": item.former,
            }
            for item in origin.lines
        ],
    }
