"""The sentences and words that stand in a table."""

from __future__ import annotations

from typing import Any

import pytest

from pushctl.manifest.words import WORDS

MESSAGES = {
    f"{topic}.{name}": words
    for topic in ("syntax", "yaml", "signs")
    for name, words in WORDS[topic].items()
    if isinstance(words, dict)
}


@pytest.mark.parametrize("words", MESSAGES.values(), ids=MESSAGES)
def test_a_message_is_a_sentence_and_a_way_out(words: dict[str, Any]) -> None:
    assert words["is"].endswith((".", "{one_way}"))
    assert words["fix"][:1].islower()
    assert not words["fix"].endswith(".")


def test_what_a_parser_says_always_finds_a_message() -> None:
    told = [words["when"] for words in WORDS["syntax"].values() if "when" in words]
    assert told[-1] == ""
    assert all(told[:-1])
