"""Sentences in the language of the reader: English unless the command chose another one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, reduce

from pushctl.text.regex import regex

ENGLISH = "en"
LANGUAGES = (ENGLISH, "zh")

SAID = "said"
"""The context of a sentence that is made in English, and translated where it is shown."""

_ENTRY = regex(
    r'(?:^msgctxt "(.*)"\n)?^msgid ((?:".*"\n)+)msgstr ((?:".*"(?:\n|\Z))+)', re.MULTILINE
)
_PLACE = regex(r"\{(\w+)\}")
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


def _(message: str, **values: object) -> str:
    """Return a message in the chosen language, with values in the place of their names."""
    text = _words.get(message, message)
    return text.format_map(values) if values else text


def count(number: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun in the chosen language; see `plural.count`."""
    return f"{number:,} {_(one if number == 1 else many or one + 's')}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Join words in the chosen language; see `plural.listed`."""
    return _(f" {last} ").join(filter(None, (_(", ").join(words[:-1]), *words[-1:])))


def clauses(parts: Sequence[str]) -> str:
    """Join the clauses of a sentence with commas."""
    return reduce(lambda text, part: _("{text}, {part}", text=text, part=part), parts)


def local(sentence: str) -> str:
    """Translate a whole English sentence that has been put together already.

    It stays as it is where the catalogue has no template that it could come from; only its dates
    are written as the reader writes them.
    """
    if _language == ENGLISH:
        return sentence
    if sentence in _said:
        return _said[sentence]
    for template, pieces in _templates(_language):
        found = all(piece in sentence for piece in pieces) and _pattern(template).fullmatch(
            sentence
        )
        if found:
            values = {name: _value(text) for name, text in found.groupdict().items()}
            if not any(map(_PROSE.search, values.values())):
                return _filled(_said[template], values)
    return _DATE.sub(lambda found: date(*found.groups()), sentence)


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Put values into their places; other braces are part of what is to be typed."""
    return _PLACE.sub(lambda place: values[place[1]], template)


def _value(text: str) -> str:
    """Translate what stands in a sentence; not a single word, and not what somebody else wrote."""
    if " " not in text or text[0] in "\"'`“":
        return text
    said = _COUNTED.sub(lambda found: f"{found[1]} {_(found[2])}", local(text))
    return said.replace(" and ", _(" and ")).replace(" or ", _(" or "))


def date(weekday: str, day: str, month: str, year: str) -> str:
    """Write a date whose weekday and month are short English names."""
    return _(
        "{weekday} {day} {month} {year}", weekday=_(weekday), day=day, month=_(month), year=year
    )


@cache
def _templates(language: str) -> Sequence[tuple[str, Sequence[str]]]:
    """Return the templates with places for values, what says most first, and their fixed parts."""
    found = [text for text in _catalogue(language)[1] if "{" in text]
    found.sort(key=lambda text: len(_PLACE.sub("", text)), reverse=True)
    return [(text, _PLACE.split(text)[::2]) for text in found]


@cache
def _pattern(template: str) -> re.Pattern[str]:
    pieces = _PLACE.split(template)
    parts = (f"(?P<{piece}>.+?)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces))
    return re.compile("".join(parts), re.DOTALL)


@cache
def _catalogue(language: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Read the gettext catalogue of a language: messages, and those with the context `said`."""
    import json  # noqa: PLC0415  (not for English)
    from importlib.resources import files  # noqa: PLC0415  (not for English)

    text = files(__package__).joinpath("locale", f"{language}.po").read_text("utf-8")
    words: dict[str, str] = {}
    said: dict[str, str] = {}
    for context, *texts in _ENTRY.findall(text):
        message, translated = ("".join(map(json.loads, text.splitlines())) for text in texts)
        (said if context == SAID else words)[message] = translated
    return words, said
