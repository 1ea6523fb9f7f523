"""Where a line may be broken, Chinese and Japanese included."""

from __future__ import annotations

from wcwidth.textwrap import SequenceTextWrapper

from pushctl.text.regex import regex


class Wrapper(SequenceTextWrapper):
    """Breaks lines at spaces and after a Chinese or Japanese character with its punctuation.

    No line may begin with punctuation: it looks bad, and a CI system would obey a line that begins
    with two colons.
    """

    wordsep_simple_re = regex(
        "( +|[\u2e80-\u2fff\u3005-\u3007\u3021-\u3029\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff"
        "\U00020000-\U0003fffd](?:(?![（「『《【“‘])[^\\w\\s])*)"
    )
