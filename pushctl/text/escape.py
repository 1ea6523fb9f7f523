"""Escapes any text for the place it is printed to: one function for each kind of place."""

from __future__ import annotations

import shlex
import unicodedata

from pushctl.text.regex import regex

_KEEP = frozenset("\n\t")

# Format characters that change how their neighbours are read: direction overrides and isolates,
# and the invisible ones. Joiners stay, because emoji are made of them.
_HARMLESS_FORMAT = frozenset("\u200c\u200d")

# GitHub's runner obeys a line of a log that begins with ::, however far it is indented, and ##[
# anywhere in it; Azure's obeys ##vso[, TeamCity's ##teamcity[. A line may be broken at any space.
_COMMAND = regex(r"(?<!\S):(?=:)|#(?=#\w*\[)")

_PUNCTUATION = regex(r"([\\`*_{}\[\]()#+\-.!|~=$^\"'/:,;?%])")

# What a page of a code host turns into a link or a call by itself: @team, #12, !34, ~label, %1,
# http://…, www.… Nothing that is written in the text prevents it but a character in between.
_LINKED = regex(r"(?<=[@#!~%$&^])(?=[\w\"])|(?<=:)(?=//)|(?<=[Ww])(?=\.)|(?<=-)(?=\d)")
_BETWEEN = "\u200b"

_ENTITIES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;", "`": "&#96;"}
)

_FORMULA = regex(r"\s*[=+\-@|%＝＋－＠]")


def terminal(text: str, *, lines: bool = False) -> str:
    """Spell out what a terminal, or a CI system that reads along, would obey or hide.

    With `lines`, line breaks and tabs are kept; otherwise they are spelled out too.
    """
    shown = visible(text, lines=lines)
    return _COMMAND.sub(lambda match: _code(match[0]), shown)


def visible(text: str, *, lines: bool = False) -> str:
    """Spell out control, direction and invisible characters; the beginning of every other sink."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_spelled(character, lines) for character in text)


def _spelled(character: str, lines: bool) -> str:
    if character in _KEEP:
        return character if lines else repr(character)[1:-1]
    return _code(character) if _is_obeyed(character) else character


def _is_obeyed(character: str) -> bool:
    category = unicodedata.category(character)
    hidden = category == "Cf" and character not in _HARMLESS_FORMAT
    return hidden or category in ("Cc", "Zl", "Zp", "Cs")


def _code(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def json_text(document: str) -> str:
    """Make written JSON harmless in a terminal and in a CI system's log; it says the same.

    Everything of the kind stands inside its strings, where JSON has another spelling for it.
    """
    document = document.replace("##", "#\\u0023")
    if document.isascii() and "\x7f" not in document:
        return document
    return "".join(
        _units(character) if character not in _KEEP and _is_obeyed(character) else character
        for character in document
    )


def _units(character: str) -> str:
    raw = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{raw[at : at + 2].hex()}" for at in range(0, len(raw), 2))


def markdown(text: str) -> str:
    """Write a text for one line of Markdown, table cells included: as it is, and nothing more.

    It makes no link, calls nobody, refers to no issue. Not for code spans, which know no escapes.
    """
    apart = _LINKED.sub(_BETWEEN, visible(text))
    escaped = _PUNCTUATION.sub(r"\\\1", apart)
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def block(text: str) -> str:
    """Write a text for one line of an HTML block within Markdown, such as a `<summary>`.

    Nothing there is read as Markdown, but the page that it becomes is searched for calls and links.
    """
    apart = _LINKED.sub(_BETWEEN, visible(text))
    return apart.translate(_ENTITIES)


def html(text: str) -> str:
    """Write a text for HTML, between tags or as an attribute's value in quotes."""
    return visible(text, lines=True).translate(_ENTITIES)


def command_message(text: str) -> str:
    """Write the message of a workflow command (`::error::message`); its line breaks are kept."""
    shown = visible(text, lines=True)
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """Write a property's value of a workflow command (`::error file=value`)."""
    return command_message(text).replace(":", "%3A").replace(",", "%2C")


def csv(text: str) -> str:
    """Write one field of a CSV file, quoted; no spreadsheet takes it for a formula."""
    shown = visible(text, lines=True)
    guarded = "'" + shown if _FORMULA.match(shown) else shown
    return '"' + guarded.replace('"', '""') + '"'


def shell(text: str) -> str:
    """Write one word of a command that is meant to be pasted."""
    return shlex.quote(terminal(text))


def plain(value: object, *, limit: int = 80) -> str:
    """Show any value of a manifest on one line of a terminal, shortened."""
    match value:
        case None:
            return "(none)"
        case bool():
            return "true" if value else "false"
        case str():
            text = value
        case list() | tuple():
            text = "[" + ", ".join(plain(item) for item in value) + "]"
        case dict():
            parts = (f"{plain(key)}: {plain(item)}" for key, item in value.items())
            text = "{" + ", ".join(parts) + "}"
        case _:
            text = str(value)
    text = terminal(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"
