"""What is escaped for a place can not break out of it."""

from __future__ import annotations

import csv
import json
import re
import shlex
import subprocess
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.text import escape
from tests.security.hostile import TEXTS, offences

hostile = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
# Mostly what means something somewhere, so that combinations of it come up.
MIXED = st.lists(
    st.sampled_from([*TEXTS.values(), *"\\`*_[]<>|&;:#@!%,\"'=\n\r\t -0aw", "::", "##", "//"])
).map("".join)
ANY = MIXED | st.text()


@hostile
def test_terminal_obeys_and_hides_nothing(text: str) -> None:
    assert offences(escape.terminal(text)) == []
    assert "\n" not in escape.terminal(text)


@given(ANY)
def test_terminal_is_harmless_whatever_the_text(text: str) -> None:
    assert offences(escape.terminal(text)) == []
    kept = escape.terminal(text, lines=True)
    assert offences(kept) == []
    assert kept.count("\n") == text.count("\n")


@given(ANY)
def test_terminal_leaves_nothing_out(text: str) -> None:
    """Every character is there, itself or spelled."""
    assert len(escape.terminal(text)) >= len(text)


@hostile
def test_json_text_says_the_same_harmlessly(text: str) -> None:
    document = {"a": [text], text: 1}
    written = escape.json_text(json.dumps(document, ensure_ascii=False, indent=2))
    assert json.loads(written) == document
    assert offences(written) == []


@given(ANY)
def test_json_text_says_the_same_whatever_the_text(text: str) -> None:
    written = escape.json_text(json.dumps([text], ensure_ascii=False))
    assert json.loads(written) == [text]
    assert offences(written) == []


ACTIVE = re.compile(r"[\\`*_{}\[\]()#+\-.!|~=$^\"'/:,;?%]")


def markdown_read(text: str) -> str:
    """Take the escapes back as CommonMark does; fail where something was left active."""
    read, at = "", 0
    while at < len(text):
        if text[at] == "\\":
            assert ACTIVE.match(text[at + 1]), text
            read, at = read + text[at + 1], at + 2
        elif found := re.compile("&(amp|lt|gt);").match(text, at):
            read += {"amp": "&", "lt": "<", "gt": ">"}[found[1]]
            at = found.end()
        else:
            assert not ACTIVE.match(text[at]), text
            assert text[at] not in "<>&\n\r", text
            read, at = read + text[at], at + 1
    return read


@hostile
def test_markdown_stays_one_cell_of_plain_text(text: str) -> None:
    read = markdown_read(escape.markdown(text))
    assert read.replace("\u200b", "") == escape.visible(text)


@given(ANY)
def test_markdown_calls_nobody_and_links_nothing(text: str) -> None:
    read = markdown_read(escape.markdown(text))
    assert not re.search(r"[@#!~&]\w|://|www\.", read, re.IGNORECASE), read


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[tuple[str, Any]] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, attrs))

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", data))


@hostile
def test_html_stays_text_and_stays_in_its_attribute(text: str) -> None:
    page = Page()
    page.feed(f'<p title="{escape.html(text)}">{escape.html(text)}</p>')
    page.close()
    assert page.tags == [("p", [("title", escape.visible(text, lines=True))])]
    assert page.text == escape.visible(text, lines=True)


@given(ANY)
def test_html_never_opens_or_closes_anything(text: str) -> None:
    assert not set("<>\"'`") & set(escape.html(text))
    assert not re.search(r"&(?!(amp|lt|gt|quot|#x27|#96);)", escape.html(text))


@hostile
def test_a_block_within_markdown_stays_one_line_of_text(text: str) -> None:
    page = Page()
    page.feed(f"<b>{escape.block(text)}</b>")
    page.close()
    assert page.tags == [("b", [])]
    assert page.text.replace("\u200b", "") == escape.visible(text)


@given(ANY)
def test_a_block_within_markdown_calls_nobody_and_never_ends(text: str) -> None:
    written = escape.block(text)
    assert not set("<>\"'`\n") & set(written)
    page = Page()
    page.feed(written)
    page.close()
    assert not re.search(r"[@#!~]\w|://|www\.", page.text, re.IGNORECASE), page.text


def runner_reads(line: str) -> tuple[dict[str, str], str]:
    """Read a workflow command as GitHub's runner does."""
    name, _, message = line.removeprefix("::").partition("::")
    pairs = (item.partition("=") for item in name.partition(" ")[2].split(",") if item)
    more = (("%3A", ":"), ("%2C", ","))
    return {key: _unescaped(value, more) for key, _, value in pairs}, _unescaped(message, ())


def _unescaped(text: str, more: tuple[tuple[str, str], ...]) -> str:
    for code, character in (("%0D", "\r"), ("%0A", "\n"), *more, ("%25", "%")):
        text = text.replace(code, character)
    return text


@hostile
def test_a_workflow_command_is_one_command_with_what_was_meant(text: str) -> None:
    file, message = escape.command_property(text), escape.command_message(text)
    line = f"::error file={file},line=1::{message}"
    assert "\n" not in line
    assert "\r" not in line
    shown = escape.visible(text, lines=True)
    assert runner_reads(line) == ({"file": shown, "line": "1"}, shown)


@given(ANY)
def test_a_workflow_command_never_ends_early(text: str) -> None:
    assert not set(":,\n\r") & set(escape.command_property(text))
    assert not set("\n\r") & set(escape.command_message(text))


@hostile
def test_csv_is_one_field_and_no_formula(text: str) -> None:
    line = f"{escape.csv(text)},{escape.csv('next')}\r\n"
    ((field, after),) = csv.reader(line.splitlines(keepends=True), strict=True)
    assert after == "next"
    assert not field.lstrip().startswith(("=", "+", "-", "@", "\uff1d"))
    assert field.removeprefix("'") == escape.visible(text, lines=True)


@given(ANY)
def test_csv_never_begins_a_formula(text: str) -> None:
    field = escape.csv(text)
    assert field[0] == field[-1] == '"'
    assert '"' not in field[1:-1].replace('""', "")
    assert not re.match(r"\s*[=+\-@|%]", field[1:-1])


def test_a_shell_takes_every_text_for_one_word(tmp_path: Any) -> None:
    words = [escape.shell(text) for text in TEXTS.values()]
    done = subprocess.run(
        ["sh", "-c", "printf '%s\\n' " + " ".join(words)],
        capture_output=True,
        cwd=tmp_path,
        check=True,
    )
    expected = [escape.terminal(text) for text in TEXTS.values()]
    assert done.stdout.decode("utf-8").splitlines() == expected
    assert list(tmp_path.iterdir()) == []


@given(ANY)
def test_shell_is_one_word(text: str) -> None:
    assert shlex.split(escape.shell(text)) == [escape.terminal(text)]
