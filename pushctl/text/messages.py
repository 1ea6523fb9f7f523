"""Sentences in the language of the reader: English unless the command chose another one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, reduce

from pushctl import bundled
from pushctl.text.regex import regex

ENGLISH = "en"
LANGUAGES = (ENGLISH, "zh")

SAID = "said"
"""The context of a sentence that is made in English, and translated where it is shown."""

_ENTRY = regex(
    r'(?:^msgctxt "(.*)"\n)?^msgid ((?:".*"\n)+)msgstr ((?:".*"(?:\n|\Z))+)', re.MULTILINE
)
_PLACE = regex(r"\{(\w+)\}")
_FIELD = regex(r"\{(\w+)(?::[^{}]*)?\}")
_COUNTED = regex(r"\b([0-9,]+) ([a-z]+)\b")
_PROSE = regex(r"^(?![\"'`“]).*(?:\b[a-z]+ ){2}[a-z]")
"""English that was left: a sentence is translated as a whole or not at all."""
_DATE = regex(
    r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d+) "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4})\b"
)

_language = ENGLISH
_words: Mapping[str, str] = {}
_said: Mapping[str, str] = {}


def choose(language: str) -> None:
    """Choose the language of everything that this process says from now on."""
    global _language, _words, _said
    _language = language
    _words, _said = ({}, {}) if language == ENGLISH else _catalogue(language)


def chosen() -> str:
    """Return the language that was chosen: one of `LANGUAGES`."""
    return _language


def _(message: str, *values: object) -> str:
    """Return a message in the chosen language; values in the order in which it names its places."""
    text = _words.get(message, message)
    return text.format_map(dict(zip(_names(message), values, strict=True))) if values else text


@cache
def _names(message: str) -> Sequence[str]:
    """Return the names of the places of a message, each once."""
    return tuple(dict.fromkeys(_FIELD.findall(message)))


def count(number: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun in the chosen language; see `plural.count`."""
    return f"{number:,} {_(one if number == 1 else many or one + 's')}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Join words in the chosen language; see `plural.listed`."""
    return _(f" {last} ").join(filter(None, (_(", ").join(words[:-1]), *words[-1:])))


def clauses(parts: Sequence[str]) -> str:
    """Join the clauses of a sentence with commas."""
    return reduce(lambda text, part: _("{text}, {part}", text, part), parts)


LONGEST, DEEPEST = 2000, 3
"""Characters of a sentence that is translated, and how many sentences it may have within it."""


def local(sentence: str, depth: int = DEEPEST) -> str:
    """Translate a whole English sentence that has been put together already.

    It stays as it is where the catalogue has no template that it could come from; only its dates
    are written as the reader writes them.
    """
    if _language == ENGLISH:
        return sentence
    if sentence in _said:
        return _said[sentence]
    found = _match(sentence) if depth and len(sentence) <= LONGEST else None
    if found is not None:
        template, parts = found
        values = {name: _value(part, depth - 1) for name, part in parts.items()}
        if not any(map(_PROSE.search, values.values())):
            return _filled(_said[template], values)
    return _DATE.sub(lambda found: date(*found.groups()), sentence)


def _match(sentence: str) -> tuple[str, Mapping[str, str]] | None:
    """Return the first template that a sentence can come from, with the values in its places."""
    for template, pieces in _templates(_language):
        found = all(piece in sentence for piece in pieces) and _pattern(template).fullmatch(
            sentence
        )
        if found:
            return template, found.groupdict()
    return None


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Put values into their places; other braces are part of what is to be typed."""
    return _PLACE.sub(lambda place: values[place[1]], template)


def _value(text: str, depth: int) -> str:
    """Translate what stands in a sentence; not a single word, and not what somebody else wrote."""
    if " " not in text or text[0] in "\"'`“":
        return text
    said = _COUNTED.sub(lambda found: f"{found[1]} {_(found[2])}", local(text, depth))
    return said.replace(" and ", _(" and ")).replace(" or ", _(" or "))


def date(weekday: str, day: str, month: str, year: str) -> str:
    """Write a date whose weekday and month are short English names."""
    return _("{weekday} {day} {month} {year}", _(weekday), day, _(month), year)


@cache
def _templates(language: str) -> Sequence[tuple[str, Sequence[str]]]:
    """Return the templates with places for values, what says most first, and their fixed parts."""
    found = [text for text in _catalogue(language)[1] if "{" in text]
    found.sort(key=lambda text: len(_PLACE.sub("", text)), reverse=True)
    return [(text, _PLACE.split(text)[::2]) for text in found]


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """Return what a sentence of a template looks like; what is between two values ends the first.

    Nothing is tried twice, since whoever wrote the manifest may have written half of the sentence.
    """
    head, *rest = _PLACE.split(template)
    pairs = list(zip(rest[::2], map(re.escape, rest[1::2]), strict=True))
    parts = [f"(?>(?P<{name}>.+?){after})" for name, after in pairs[:-1]]
    last = "".join(f"(?P<{name}>.+){after}" for name, after in pairs[-1:])
    return re.compile(re.escape(head) + "".join(parts) + last, re.DOTALL)


@cache
def _catalogue(language: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Read the gettext catalogue of a language: messages, and those with the context `said`."""
    import json  # noqa: PLC0415  (not for English)

    text = bundled.read(f"pushctl/text/locale/{language}.po")
    words: dict[str, str] = {}
    said: dict[str, str] = {}
    for context, *texts in _ENTRY.findall(text):
        message, translated = ("".join(map(json.loads, text.splitlines())) for text in texts)
        (said if context == SAID else words)[message] = translated
    return words, said
