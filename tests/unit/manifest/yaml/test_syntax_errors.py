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
    ],
)
def test_a_sentence_and_where_to_type(text: str, place: tuple[int, int], words: str) -> None:
    document, (found,) = load("x", text.encode())
    assert (document, found.code) == (None, "PSH100")
    assert found.detail.startswith(words)
    assert found.range is not None
    assert (found.range.start.line, found.range.start.column) == place
    assert found.fix
