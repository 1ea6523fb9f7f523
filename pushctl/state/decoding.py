"""Strict decoding of plain data that was read from a file; every reader raises `FormatError`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import lru_cache
from reprlib import repr as abridged
from typing import Any, TypeVar

LATEST_DAY = dt.date(2199, 12, 31)
LATEST = 7258118400
"""No schedule goes beyond the year 2199; whatever does is damage."""

T = TypeVar("T")


class FormatError(ValueError):
    """The data is not what this version writes."""


class NewerFormatError(FormatError):
    """The data was written by a newer version."""


# --- instants -------------------------------------------------------------------------------------


def iso(instant: int | None) -> str | None:
    """Write epoch seconds as ISO 8601 in UTC."""
    if instant is None:
        return None
    return dt.datetime.fromtimestamp(instant, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def epoch(text: Any) -> int | None:
    """Read what `iso` wrote; raises `FormatError`."""
    return None if text is None else _epoch(typed(text, str, "an instant"))


@lru_cache(1024)  # most instants of a task are the same
def _epoch(text: str) -> int:
    instant = dt.datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise FormatError(f"{text} has no zone")
    return instant_of(int(instant.timestamp()), text)


def instant_of(at: int, name: str) -> int:
    """Return epoch seconds that must be between 1970 and 2199; raises `FormatError`."""
    if not 0 <= at <= LATEST:
        raise FormatError(f"{name} is no moment of this age")
    return at


# --- strict reading -------------------------------------------------------------------------------


def decoded(place: str, reader: Callable[[Any], T], document: Any) -> T:
    """Read a part, turning whatever a wrong shape provokes into one kind of error."""
    try:
        return reader(document)
    except ODD as error:
        raise FormatError(short(f"{place}: {error}")) from error


ODD = (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError, RecursionError)
"""What values of a wrong shape provoke."""


def short(text: str) -> str:
    """Return the first line of what an error says, at most 200 characters of it."""
    return text.partition("\n")[0][:200]


def mapping(value: Any, name: str) -> Mapping[str, Any]:
    """Return a value that must be an object; raises `FormatError`."""
    if not isinstance(value, dict):
        raise FormatError(f"{name} is not an object")
    return value


def get(data: Mapping[str, Any], key: str, kind: type[T]) -> T:
    """Return what is under a key, of the right kind; raises `FormatError`."""
    return typed(data.get(key), kind, key)


def optional(data: Mapping[str, Any], key: str, kind: type[T]) -> T | None:
    """Return what is under a key, or None if there is nothing; raises `FormatError`."""
    return None if data.get(key) is None else get(data, key, kind)


def typed(value: Any, kind: type[T], name: str) -> T:
    """Return a value that must be of a kind; true and false are no numbers."""
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        # Abridged, since it may be a megabyte, or too deep to be shown.
        raise FormatError(f"{name} is {abridged(value)}, expected {kind.__name__}")
    return value
