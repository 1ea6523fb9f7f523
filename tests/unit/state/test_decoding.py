"""Plain data that is not what was written is refused."""

from __future__ import annotations

import pytest

from pushctl.state.decoding import (
    LATEST,
    FormatError,
    NewerFormatError,
    decoded,
    epoch,
    get,
    instant_of,
    iso,
    mapping,
    optional,
)
from tests.builders import NOW


def test_iso_and_epoch() -> None:
    assert iso(NOW) == "2026-05-28T20:26:40Z"
    assert epoch("2026-05-28T20:26:40Z") == NOW
    assert epoch("2026-05-29T04:26:40+08:00") == NOW
    assert iso(None) is None
    assert epoch(None) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-05-29T00:00:00", "no zone"),
        ("1969-12-31T23:59:59Z", "no moment of this age"),
        ("2200-01-01T00:00:01Z", "no moment of this age"),
        (7, "an instant is 7, expected str"),
    ],
)
def test_what_is_no_instant_is_refused(text: object, why: str) -> None:
    with pytest.raises(FormatError, match=why):
        epoch(text)


def test_the_first_and_the_last_moment_are_moments() -> None:
    assert (instant_of(0, "at"), instant_of(LATEST, "at")) == (0, LATEST)
    assert iso(LATEST) == "2200-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("value", "kind"), [("1", int), (1.0, int), (True, int), (1, bool), (None, str), ([], dict)]
)
def test_a_value_of_another_kind_is_refused_by_its_name(value: object, kind: type) -> None:
    with pytest.raises(FormatError, match=rf"^size is .*, expected {kind.__name__}$"):
        get({"size": value}, "size", kind)


def test_a_value_of_its_kind_is_returned_as_it_is() -> None:
    assert get({"a": 1}, "a", int) == 1
    assert optional({"a": True}, "a", bool) is True
    assert optional({"a": None}, "a", str) is optional({}, "a", str) is None
    with pytest.raises(FormatError, match="a is 1, expected str"):
        optional({"a": 1}, "a", str)
    assert mapping({"a": 1}, "it") == {"a": 1}
    with pytest.raises(FormatError, match="it is not an object"):
        mapping([("a", 1)], "it")


@pytest.mark.parametrize(
    "error", [ValueError, TypeError, KeyError, OverflowError, OSError, NewerFormatError]
)
def test_whatever_a_shape_provokes_is_one_error_with_its_place(error: type[Exception]) -> None:
    def reader(document: object) -> None:
        raise error("why")

    with pytest.raises(FormatError, match=r"^tasks: .*why"):
        decoded("tasks", reader, {})
    assert decoded("tasks", int, "7") == 7
