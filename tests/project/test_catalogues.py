"""The catalogues hold every message of the program, translated, and nothing else."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from pushctl.lint.registry import rules
from pushctl.text.messages import LANGUAGES, SAID, _catalogue
from tests.project.messages import CODE, messages

PLACE = re.compile(r"\{(\w+)[^{}]*\}")
OTHERS = LANGUAGES[1:]


HEAD = """\
# What pushctl says. What has the context "said" is put together elsewhere, in English.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


def place(language: str) -> Path:
    return Path(CODE, "text", "locale", f"{language}.po")


def renew(language: str) -> None:
    """Write a catalogue anew: without what nobody says any more, new messages without a text."""
    known, written = catalogue(language), Catalog()
    for text in {*map(str, messages())}:
        written.add(text, known.get((text, False), ""))
    for text, said in known:
        if said:
            written.add(text, known[text, True], context=SAID)
    for item in written:
        item.flags.clear()
    out = io.BytesIO()
    write_po(out, written, width=0, sort_output=True, no_location=True, omit_header=True)
    place(language).write_text(
        HEAD.format(language=language) + out.getvalue().decode().lstrip(), "utf-8"
    )


def catalogue(language: str) -> dict[tuple[str, bool], str]:
    """Return what a catalogue says, by the message and whether it is a sentence made elsewhere."""
    with place(language).open("rb") as file:
        found = read_po(file, abort_invalid=True)
    return {(str(item.id), item.context == SAID): str(item.string) for item in found if item.id}


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated_and_nothing_else(language: str, update_golden: bool) -> None:
    if update_golden:
        renew(language)
    found = catalogue(language)
    assert {text for text, said in found if not said} == set(map(str, messages()))
    assert [text for (text, _), translated in found.items() if not translated.strip()] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_same_places(language: str) -> None:
    for (text, made_elsewhere), translated in catalogue(language).items():
        assert {*PLACE.findall(translated)} <= {*PLACE.findall(text)}, text
        if not made_elsewhere:
            assert {*PLACE.findall(text)} == {*PLACE.findall(translated)}, text


@pytest.mark.parametrize("language", OTHERS)
def test_every_rule_has_a_title(language: str) -> None:
    found = catalogue(language)
    assert [rule.title for rule in rules().values() if (rule.title, True) not in found] == []


def test_the_reader_of_the_program_reads_what_babel_reads() -> None:
    for language in OTHERS:
        words, said = _catalogue(language)
        known = catalogue(language)
        assert {text: words[text] for text, is_said in known if not is_said} == {
            text: translated for (text, is_said), translated in known.items() if not is_said
        }
        assert {text: said[text] for text, is_said in known if is_said} == {
            text: translated for (text, is_said), translated in known.items() if is_said
        }
