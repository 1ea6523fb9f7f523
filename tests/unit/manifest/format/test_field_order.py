"""The fields of every place of a manifest, in the order of the schema."""

from __future__ import annotations

import pytest

from pushctl.manifest.format.field_order import NOTHING, FieldOrder, of_file


def at(*path: str | int, kind: str = "file") -> FieldOrder:
    shape = of_file(kind)
    for key in path:
        shape = shape.below(key)
    return shape


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ((), ["version"]),
        (("app",), ["id", "workspace"]),
        (("pushes", "any"), ["name"]),
        (("moved", 0), ["from", "to"]),
        (("pushes", "any", "schedule"), ["now", "again", "every", "rrule", "at"]),
    ],
)
def test_fields_have_the_order_of_the_schema(path: tuple[str | int, ...], first: list[str]) -> None:
    shape = at(*path)
    assert sorted(shape.fields, key=shape.rank)[: len(first)] == first


@pytest.mark.parametrize("path", [("pushes",), ("vars",), ("pushes", "any", "labels")])
def test_names_that_people_choose_have_none(path: tuple[str, ...]) -> None:
    assert at(*path).fields == {}


def test_what_is_not_known_comes_last_and_has_no_shape() -> None:
    assert of_file().rank("unknown") == len(of_file().fields)
    assert at("unknown", 0, "deeper") == NOTHING


def test_kinds_of_files_differ() -> None:
    assert "environments" in of_file().fields
    assert "only" in of_file("environment").fields
    assert "environments" not in of_file("environment").fields
