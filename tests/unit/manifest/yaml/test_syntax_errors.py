"""What is said where a parser gives up, and at which place."""

from __future__ import annotations

import pytest

from pushctl.manifest.yaml.loader import load


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a:\n\tb: 1\n", (2, 1), "The indentation of this line has a tab"),
        ('a: "b\nc: d\n', (1, 4), "The quote that opens here is never closed."),
        ("a: [b\nc: d\n", (1, 4), "The bracket that opens here is not closed"),
        ("a: {b: c\n", (1, 4), "The bracket that opens here is not closed"),
        ("title: Sale: 8 hours\n", (1, 12), "There is a second colon followed by a space"),
        ("a: 1\nb\n", (2, 1), "This line has a key without a colon"),
        ("a: 1\n  b: 2\n", (2, 4), "This line does not fit the lines above it"),
        ('a: "\\d"\n', (1, 5), "A backslash in double quotes begins a special character"),
        ("a: @b\n", (1, 4), "A value cannot begin with this character."),
        ("a: `b`\n", (1, 4), "A value cannot begin with this character."),
        ("a: *\n", (1, 4), "A value cannot begin with this character."),
        ("a: |x\n", (1, 4), "A value cannot begin with this character."),
        ("a: > 50% off\n", (1, 4), "A value cannot begin with this character."),
        ("a: ? b\n", (1, 4), "A value cannot begin with this character."),
        ("a: ], b\n", (1, 4), "A value cannot begin with this character."),
        ("a: - b\n", (1, 4), "A list begins on a line of its own."),
        (r'a: "x \ud83d y"', (1, 7), "This is half of a character"),
        (r'a: "x \ude00\ud83d"', (1, 7), "This is half of a character"),
        (r'a: "\uzzzz"', (1, 7), "A backslash in double quotes begins"),
        ("a: {body: Tap: to see}\n", (1, 14), "There is a second colon followed by a space"),
        ("a: {title: Sale: 8h, body: B}", (1, 16), "There is a second colon followed by a space"),
        ("a: {title: 'a', body: b: c}", (1, 24), "There is a second colon followed by a space"),
        ("a: {title: A body: B}\n", (1, 14), "There is no comma before this name."),
        ("a: {title: A; body: B}\n", (1, 15), "There is no comma before this name."),
        ("a: {title: 'A' body: B}\n", (1, 16), "There is no comma before this name."),
        ("a: 'Don't miss'\n", (1, 8), "The text began with such a quote, so it ends here"),
        ("a: {b: 'Don't miss', c: d}\n", (1, 12), "The text began with such a quote"),
        ('a: "The "best" sale"\n', (1, 9), "The text began with such a quote"),
        ('a: "Best" sale\nb: c\n', (1, 9), "The text began with such a quote"),
        ('a: "A",\nb: "B"\n', (1, 7), "Only items in brackets have commas"),
        ("a: [Sale] now\nb: c\n", (1, 11), "No text can follow what is in brackets."),
        ("a: {name}, hi\nb: c\n", (1, 10), "No text can follow what is in brackets."),
        ("a: {b: [Sale] now, c: d}\n", (1, 15), "No text can follow what is in brackets."),
        ('a: "b\nc: "d"\n', (1, 4), "The quote that opens here is never closed."),
        ("a: 'b\nc: d\ne: 'f'\n", (1, 4), "The quote that opens here is never closed."),
        ('a: {b: "c}\nd: {e: "f"}\n', (1, 8), "The quote that opens here is never closed."),
        ("a: {b: ${x}, c: d}\n", (1, 9), "In brackets, a text with brackets needs quotes."),
        ("a: [x, y ${x}]\n", (1, 11), "In brackets, a text with brackets needs quotes."),
        ("a: {b: Hi [name], c: d}\n", (1, 11), "In brackets, a text with brackets needs quotes."),
        ("a: {b: c}}\n", (1, 10), "No bracket is open that this one closes."),
        ("a: {b: [c]]}\n", (1, 11), "No bracket is open that this one closes."),
        ('a: {b: "c"]\n', (1, 11), "No bracket is open that this one closes."),
        ("a: [b}\n", (1, 4), "The bracket that opens here is not closed"),
        ("a: {t: #b, c: d}\ne: f\n", (1, 8), "The bracket of this line is not closed: #"),
        ("a: {t: #b, c: d}\n", (1, 8), "The bracket of this line is not closed: #"),
        ("a: b\nc d\ne: f\n", (2, 1), "This line has a key without a colon"),
    ],
)
def test_a_sentence_and_where_to_type(text: str, place: tuple[int, int], words: str) -> None:
    document, (found,) = load("x", text.encode())
    assert (document, found.code) == (None, "PSH100")
    assert found.detail.startswith(words)
    assert found.range is not None
    assert (found.range.start.line, found.range.start.column) == place
    assert found.fix


@pytest.mark.parametrize("text", ["a: *acme sale\n", "a: {b: *acme sale}\n", "a: &b c d: e\n"])
def test_what_was_refused_is_not_told_twice(text: str) -> None:
    document, (found,) = load("x", text.encode())
    assert (document, found.code) == (None, "PSH103")
    assert (found.fix or "").startswith("put the text in quotes")
