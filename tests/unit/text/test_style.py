"""Colour is added where it is wanted, and nowhere else."""

from __future__ import annotations

from pushctl.text.style import PLAIN, Style


def test_without_colour_a_text_is_as_it_was() -> None:
    assert PLAIN.paint("sale", "red", "bold") == "sale"


def test_colours_end_where_the_text_ends() -> None:
    assert Style(color=True).paint("sale", "red", "bold") == "\x1b[31;1msale\x1b[0m"


def test_nothing_is_painted_around_nothing() -> None:
    assert Style(color=True).paint("", "red") == ""
