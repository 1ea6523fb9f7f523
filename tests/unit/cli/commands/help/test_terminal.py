"""Markdown in a terminal."""

from __future__ import annotations

import re

import pytest
from wcwidth import wcswidth

from pushctl.cli.commands.help import topics
from pushctl.cli.commands.help.terminal import rendered


@pytest.mark.parametrize("name", topics.names())
def test_a_page_loses_nothing_at_eighty_columns(name: str) -> None:
    page = topics.page(name)
    shown = rendered(page, 80, color=False)
    code = [
        line
        for block in re.findall(r"^```.*\n([^`]*)^```$", page, re.M)
        for line in block.split("\n")
    ]
    assert [line for line in code if line.rstrip() not in shown] == []
    text = [line for line in shown.splitlines() if not line.startswith("    ")]
    assert [line for line in text if wcswidth(line) > 80] == []
    assert shown.count("…") <= page.count("…")
    assert "\x1b" not in shown


def test_a_long_word_of_a_table_is_broken_and_not_cut() -> None:
    shown = rendered("| a | b |\n| --- | --- |\n| " + "x" * 90 + " | y |\n", 40, color=False)
    assert shown.count("x") == 90
    assert max(map(len, shown.splitlines())) <= 40


def test_code_in_a_sentence_is_told_by_colour_or_by_its_marks() -> None:
    shown = rendered("# Title\n\nSay `plan`.\n", 40, color=True)
    assert "\x1b[1mTitle" in shown
    assert "\x1b[36mplan\x1b[0m" in shown
    assert rendered("Say `plan`.\n", 40, color=False) == "Say `plan`.\n"
