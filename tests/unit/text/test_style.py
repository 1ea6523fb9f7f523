"""Colours are codes around a text, or nothing at all."""

from __future__ import annotations

import pytest

from pushctl.text.style import CODES, PLAIN, Style


def test_a_text_is_painted_between_its_codes_and_their_end() -> None:
    assert Style(color=True).paint("no", "red", "bold") == "\x1b[31;1mno\x1b[0m"
    assert Style(color=True).paint("", "red") == ""


@pytest.mark.parametrize("name", CODES)
def test_without_colour_a_text_stays_as_it_is(name: str) -> None:
    assert PLAIN.paint("no", name) == Style(cells=80).paint("no", name) == "no"


def test_a_colour_that_there_is_not_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        Style(color=True).paint("no", "mauve")
