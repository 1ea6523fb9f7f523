"""Whatever the service answers, a field is read or it is not there; nothing raises."""

from __future__ import annotations

from typing import Any

import pytest

from pushctl.mpaas.answer_fields import flag, get, nested, parsed, request_id, text


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({"PushTime": 1}, 1),
        ({"pushtime": 1}, 1),
        ({"PUSHTIME": 1, "PushTime": 2}, 2),
        ({"pushtime": 1, "PUSHTIME": 2}, None),
        ({"Push_Time": 1}, None),
        ({}, None),
    ],
)
def test_a_field_is_found_whatever_its_case_unless_it_is_there_twice(
    fields: dict[str, Any], value: object
) -> None:
    assert get(fields, "PushTime") == value


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"a": 1}, {"a": 1}),
        ('{"a": 1}', {"a": 1}),
        ('"{}"', None),
        ("[1]", None),
        ("{", None),
        ("[" * 100_000, None),
        ("", None),
        (None, None),
        ([{}], None),
    ],
)
def test_an_object_may_come_as_json_text(value: object, found: object) -> None:
    assert nested(value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        *((True, True), (False, False), ("true", True), ("FALSE", False)),
        *(("1", None), (1, None), (0, None), ("", None), (None, None)),
    ],
)
def test_a_truth_value_may_come_as_a_word(value: object, found: bool | None) -> None:
    assert flag(value) is found


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("  two\r\n words\t", "two words"),
        ("x" * 301, "x" * 300),
        (" " * 4096 + "x", ""),
        (7, ""),
        (None, ""),
        (["x"], ""),
    ],
)
def test_a_text_is_one_short_line(value: object, line: str) -> None:
    assert text({"message": value}, "Message") == line


def test_what_is_no_json_is_nothing() -> None:
    assert parsed("[1]") == [1]
    assert parsed("nope") is parsed("[" * 100_000) is None


@pytest.mark.parametrize(
    ("fields", "id"),
    [
        ({"requestId": "R1"}, "R1"),
        ({"RequestId": "r" * 200}, "r" * 128),
        ({"RequestId": 7}, ""),
        ({}, ""),
    ],
)
def test_the_request_id_is_short_or_empty(fields: dict[str, Any], id: str) -> None:
    assert request_id(fields) == id
