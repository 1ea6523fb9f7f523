"""Single parameters are read, or refused with the code that belongs to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pushctl.sandbox.errors import RefusedError
from pushctl.sandbox.service import fields


@pytest.mark.parametrize(
    ("value", "text"), [("a", "a"), (" a ", " a "), (" \n", ""), ("", ""), (None, ""), (0, "0")]
)
def test_a_text(value: object, text: str) -> None:
    assert fields.text({"X": value}, "X") == text


@pytest.mark.parametrize(("value", "number"), [("7", 7), ("-7", -7), (7, 7), ("", 5), (None, 5)])
def test_a_number(value: object, number: int) -> None:
    assert fields.integer({"X": value}, "X", 5) == number


@pytest.mark.parametrize(
    ("read", "value", "code"),
    [
        (fields.text, True, "3028"),
        (fields.text, ["a"], "3028"),
        (lambda params, name: fields.required(params, name, "3012"), " ", "3012"),
        (fields.integer, "", "3028"),
        (fields.integer, "1.0", "3028"),
        (fields.integer, "٣", "3028"),
        (fields.integer, "9" * 19, "3028"),
        (fields.integer, False, "3028"),
        (lambda params, name: fields.required_integer(params, name, "3020"), "x", "3020"),
        (lambda params, name: fields.required_integer(params, name, "3020"), "", "3020"),
        (lambda params, name: fields.one_of(params, name, (1, 2), 1), "3", "3028"),
        (lambda params, name: fields.mapping(params, name, "3044"), [], "3044"),
        (lambda params, name: fields.mapping(params, name), "{", "3028"),
    ],
)
def test_a_refusal(read: Callable[..., Any], value: object, code: str) -> None:
    with pytest.raises(RefusedError) as caught:
        read({"X": value}, "X")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("number", "size", "page"),
    [("", "", (0, 10)), ("1", "3", (0, 3)), ("3", "3", (6, 3)), ("2", "999", (100, 100))],
)
def test_a_page(number: str, size: str, page: tuple[int, int]) -> None:
    params = {"Number": number, "Size": size}
    assert fields.page(params, "Number", "Size", 10, 100) == page


def test_a_page_that_sqlite_can_count_to() -> None:
    assert fields.page({"N": "9" * 18, "S": "100"}, "N", "S", 10, 100)[0] <= 2**60
