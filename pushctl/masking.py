"""Takes credentials out of texts: those that this process has, and whatever looks like one."""

from __future__ import annotations

import os
import re
from binascii import b2a_base64
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TextIO, cast
from urllib.parse import quote, quote_plus, unquote

from pushctl.text.escape import html, markdown
from pushctl.text.regex import regex

HIDDEN = "(hidden)"

SHORTEST = 8
"""Characters; what is shorter is a toy of the sandbox, and a word that texts are full of."""

_VARIABLE = regex(r"(SECRET|TOKEN|PASSWORD|PASSWD|JWT|PRIVATE_KEY|SK_ENV)$", re.IGNORECASE)
_LOGIN = regex(r"(://[^\s/:@\"'\\<>]{0,64}):([^\s/@\"'\\<>]{1,256})@")
_AFTER = r"\s+(?=.[\w.~+/-]*[A-Z0-9])[\w.~+/-]{16,}=*"

_WORD = r"[^\s,\"']{1,300}, ?"
_SIGNED = rf"ACS3-HMAC-\w+ Credential={_WORD}SignedHeaders={_WORD}Signature=\w+"
_PRIVATE = r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:(?:\s|\\n)*[\w+/=]{16,})*"

# The first of each is a text without which the second need not be looked for. None but the key in
# lines goes over spaces: what phones get must not be hidden from reviewers by a word before it.
_LOOKS: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (mark, regex(pattern), shown)
    for mark, pattern, shown in (
        ("LTAI", r"(?<![A-Za-z0-9])LTAI[A-Za-z0-9]{12,30}(?![A-Za-z0-9])", HIDDEN),
        ("STS.", r"(?<![A-Za-z0-9])STS\.[A-Za-z0-9]{16,}", HIDDEN),
        ("CAIS", r"(?<![A-Za-z0-9+/])CAIS[A-Za-z0-9+/=_%-]{60,}", HIDDEN),
        ("gh", r"(?<![A-Za-z0-9])gh[oprsu]_\w{36,}", HIDDEN),
        ("github_pat_", r"(?<![A-Za-z0-9])github_pat_\w{30,}", HIDDEN),
        ("gl", r"(?<![A-Za-z0-9])gl(?:pat|dt|cbt|ptt|rt|ft|soat|imt|agent)-[\w.-]{20,}", HIDDEN),
        ("eyJ", r"(?<![A-Za-z0-9])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}", HIDDEN),
        ("earer", rf"\b([Bb]earer){_AFTER}", rf"\1 {HIDDEN}"),
        ("asic", rf"\b([Bb]asic){_AFTER}", rf"\1 {HIDDEN}"),
        ("ACS3-HMAC", _SIGNED, HIDDEN),
        ("Signature=", r"Signature=[\w%+/=-]{16,}", f"Signature={HIDDEN}"),
        ("PRIVATE KEY-", _PRIVATE, HIDDEN),
        ("AGE-SECRET-KEY-", r"AGE-SECRET-KEY-[A-Z0-9-]{16,}", HIDDEN),
        ("://", _LOGIN.pattern, rf"\1:{HIDDEN}@"),
    )
)

_known: set[str] = set()


def remember(words: Iterable[str]) -> None:
    """Never show these credentials, which are in no environment variable."""
    _known.update(words)


def mask(text: str) -> str:
    """Return a text without credentials, in whatever spelling they stand there."""
    words = frozenset(word for word in (*_known, *_in_environment()) if len(word) >= SHORTEST)
    for spelled in _all_spellings(words):
        if spelled in text:
            text = text.replace(spelled, HIDDEN)
    for mark, pattern, shown in _LOOKS:
        if mark in text:
            text = pattern.sub(shown, text)
    return text


def _in_environment() -> Iterator[str]:
    for name, value in os.environ.items():
        if _VARIABLE.search(name):
            yield value.strip()
        elif "@" in value and (login := _LOGIN.search(value)):
            yield from (login[2], unquote(login[2]))


@lru_cache(8)
def _all_spellings(words: frozenset[str]) -> tuple[str, ...]:
    """Return every way in which a word may be written, the longest first."""
    found = {spelled for word in words for spelled in (*spellings(word), *_encoded(word))}
    return tuple(sorted(found, key=len, reverse=True))


def spellings(word: str) -> Iterator[str]:
    """Yield a word as it stands in plain text, URLs, JSON, Python, HTML and Markdown."""
    url = quote(word, safe="", errors="surrogatepass")
    yield from (word, url, quote_plus(word, errors="surrogatepass"))
    import json  # noqa: PLC0415  (there may be nothing to hide)

    yield from (json.dumps(word)[1:-1], repr(word)[1:-1], html(word), markdown(word))


def _encoded(word: str) -> Iterator[str]:
    """Yield what of a word is the same in every longer base64 text that it is part of."""
    raw = word.encode("utf-8", "surrogateescape")
    for shift in range(3):
        text = b2a_base64(bytes(shift) + raw, newline=False)
        whole = text[4 if shift else 0 : -4].decode("ascii")
        if len(whole) >= SHORTEST:
            yield from (whole, whole.replace("+", "-").replace("/", "_"))


def masked(stream: TextIO) -> TextIO:
    """Return a stream that shows no credential; what goes to its `buffer` stays as it is."""
    return stream if isinstance(stream, _Masked) else cast(TextIO, _Masked(stream))


class _Masked:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(mask(text))

    def writelines(self, lines: Iterable[str]) -> None:
        self.write("".join(lines))

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


def without_words(words: Iterable[str], instead: str) -> Callable[[str], str]:
    """Return what puts `instead` for words; whole ones only, so that 1 makes no hole in 10.

    Of two words that begin at one place the longer one counts.
    """
    known = frozenset(words) - {""}
    lengths = sorted(set(map(len, known)), reverse=True)

    def masked(text: str) -> str:
        made: list[str] = []
        at = 0
        while at < len(text):
            ends = (at + length for length in lengths) if not _inside(text, at) else ()
            whole = (end for end in ends if text[at:end] in known and not _inside(text, end))
            end = next(whole, None)
            made.append(text[at] if end is None else instead)
            at = end or at + 1
        return "".join(made)

    return masked


def _inside(text: str, at: int) -> bool:
    """Tell whether an offset is behind a character of a word that goes on."""
    return all(item.isalnum() or item == "_" for item in (text[at - 1 : at], text[at : at + 1]))
