"""A language for as long as a test needs it, and what is left of another one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from pushctl.text import messages

CODE = re.compile(
    r"<!--.*?-->|```.*?```|`[^`\n]*`|<code>.*?</code>|</?[a-z][^>]*>|“[^”]*”|\"[^\"\n]*\"",
    re.DOTALL,
)
PLACES = re.compile(r"\b(Asia|Europe|America)/\w+")
PROSE = re.compile(r"\b[A-Za-z][a-z]+(?: [A-Za-z][a-z]+)+")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    messages.choose(language)
    try:
        yield
    finally:
        messages.choose(messages.ENGLISH)


def english_in(text: str) -> set[str]:
    """Return every two English words in a row that no quote or code has around them."""
    return set(PROSE.findall(PLACES.sub("", CODE.sub(" · ", text))))
