"""Characters that nobody sees, or that phones draw in different ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.diagnostics import Severity
from tests.unit.lint.found import message, of_entry


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Flash\u200b sale", "zero width space"),
        ("Fla\u00adsh", "soft hyphen"),
        ("\u202egpj.exe", "right-to-left override"),
        ("Sale \u2067now\u2069", "right-to-left isolate"),
        ("Sale \x1b[31m", "U+001B"),
        ("100\ufffd off", "replacement character"),
        ("\uf8ff Pay", "U+F8FF"),
        ("S\u0301\u0302\u0303ale", "combining acute"),
        ("a\u200db", "zero width joiner"),
    ],
)
def test_suspect_characters(text: str, word: str, tmp_path: Path) -> None:
    found = of_entry(tmp_path, message(body=text))
    assert set(found) == {"PSH311"}
    assert word in found["PSH311"].detail
    assert found["PSH311"].detail.isprintable()
    assert found["PSH311"].severity is Severity.WARNING


@pytest.mark.parametrize(
    "text",
    [
        "全场六折，会员优先！",
        "Déjà vu à Tiếng Việt",
        "می\u200cخواهم",  # Persian needs its joiner
        "क्\u200dष",
        "السلام \u200f!",
        "🎉 ☀️ 👍🏽 🇨🇳 1️⃣ 👨‍👩‍👧 👩🏽‍🚀",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "two\nlines\tand a tab",
    ],
)
def test_what_people_write_is_no_suspect(text: str, tmp_path: Path) -> None:
    assert of_entry(tmp_path, message(body=text)) == {}


def test_a_title_of_two_lines(tmp_path: Path) -> None:
    assert set(of_entry(tmp_path, message("Flash\nsale"))) == {"PSH311"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (" Tonight ", "begins with a space and ends with a space"),
        ("Tonight\n", "ends with a line break"),
        ("Tonight\u3000", "ends with a wide space"),
        ("\u00a0Tonight", "begins with a no-break space"),
        ("\tTonight", "begins with a tab"),
    ],
)
def test_blanks_at_the_ends(text: str, words: str, tmp_path: Path) -> None:
    for found in (of_entry(tmp_path, message(text)), of_entry(tmp_path, message(body=text))):
        assert set(found) == {"PSH311"}
        assert words in found["PSH311"].detail
        assert found["PSH311"].severity is Severity.WARNING
        assert ("`|-`" in str(found["PSH311"].fix)) is text.endswith("\n")


def test_text_in_another_encoding_is_told_with_what_it_was(tmp_path: Path) -> None:
    found = of_entry(tmp_path, message("CafÃ© â€“ 8â‚¬"))["PSH311"]
    assert (found.severity, found.fix) == (Severity.ERROR, 'write "Café – 8€"')
    assert found.edits == ()
    lost = of_entry(tmp_path, message("锟斤拷锟斤拷"))["PSH311"]
    assert lost.fix == "write it anew"
