"""Messages about the text of a file, for people who did not learn YAML."""

from __future__ import annotations

import re
from typing import TypeAlias

from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.manifest.yaml.positions import SourceText

Message: TypeAlias = tuple[str, str, str, str | None]
"""Code, summary, detail and fix of a finding."""

_ONE_WAY = (
    "Use `defaults` for what many pushes share, and `for_each` for pushes that differ a little."
)
_SPLIT = "split it into several files and list them under `include`"
_ENCODING = "The file is not clean UTF-8 text"
LIMIT = "The manifest is too large"
DUPLICATE = "The same name is there twice"

AMBIGUOUS = re.compile(
    r"(?:[Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF|True|TRUE|False|FALSE|Null|NULL"
    r"|[-+]?0[0-9_]+|[-+]?0[xob][0-9a-fA-F_]+|[-+]?[1-9][0-9]*_[0-9_]*"
    r"|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+|\+[0-9]+"
    r"|[-+]?[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+|[-+]?[0-9]+\.[0-9]*0|[-+]?\.[0-9]+|[0-9]+\.)"
)
"""Plain text that YAML 1.1 tools, or YAML 1.2 tools with all types, read as something else."""

_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
_UTF16 = re.compile(rb"\xff\xfe|\xfe\xff|(?:[^\0]\0){3}|(?:\0[^\0]){3}")
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"PAR1")
_SAVE = 'save it again as text with the encoding UTF-8 (in Excel: Save as, "CSV UTF-8")'


def _refused(detail: str, fix: str) -> Message:
    return "PSH103", "This YAML feature is not allowed here", detail, fix


MERGE_KEY = _refused(
    f"`<<` merges another map into this one. {_ONE_WAY}",
    "write the lines out, or move what is shared to `defaults`",
)
COMPLEX_KEY = _refused(
    "The key of this line is a list or a map, but a key must be plain text. "
    "If you meant a placeholder, write ${name}, not {{ name }}.",
    "put the text in quotes",
)
SEVERAL_DOCUMENTS = _refused(
    "A second document begins here (a line with ---); only the first one counts. Put it in a file "
    f"of its own and add that under `include`. {_ONE_WAY}",
    "delete the line with ---",
)
NOT_A_MAP: Message = (
    "PSH110",
    "A value has the wrong type",
    "The file must consist of keys and values, such as `version: 1` and `pushes:`, one to a line.",
    "begin with `version: 1`",
)


def not_text(text: str) -> Message:
    """A key that YAML reads as a number, a truth value or nothing."""
    shown = f"`{text}`" if text else "An empty key"
    detail = (
        f"{shown} is not text, and every key must be text. Keys for many similar pushes belong "
        "under `for_each`, shared values under `defaults`."
    )
    return _refused(detail, f'write "{text}" in quotes' if text else "write a key before the colon")


def duplicate(key: str, first: int, second: int) -> Message:
    """A key that is already in the same map; with the lines of both."""
    detail = f"`{key}` is on line {first} and again on line {second}; only one of them could count."
    return "PSH102", DUPLICATE, detail, "delete or rename one of the two"


def anchor(name: str) -> Message:
    """`&name`."""
    detail = f"`&{name}` is an anchor. {_ONE_WAY}"
    return _refused(detail, "put the text in quotes, if it belongs to one; or delete it")


def alias(name: str) -> Message:
    """`*name`."""
    detail = f"`*{name}` repeats another part of the file. {_ONE_WAY}"
    return _refused(detail, "put the text in quotes, if it belongs to one; or write the value out")


def tag(name: str) -> Message:
    """`!!str` and the like."""
    shown = name.replace("tag:yaml.org,2002:", "!!")
    return _refused(
        f"`{shown}` is a type tag; types are fixed here, and text can be put in quotes. {_ONE_WAY}",
        "delete the word that begins with an exclamation mark, or put the text in quotes",
    )


def wrong_version(version: tuple[int, ...]) -> Message:
    """`%YAML 1.1`."""
    number = ".".join(map(str, version))
    detail = f"The first line asks for YAML {number}, but manifests are YAML 1.2. {_ONE_WAY}"
    return _refused(detail, "delete the line that begins with %YAML")


def ambiguous(text: str) -> Message:
    """Plain text that other tools take for something else."""
    return (
        "PSH101",
        "Other tools read this value differently",
        f"`{text}` is plain text here, but other YAML tools take it for a number or a truth value.",
        f'put it in quotes: "{text}"',
    )


def too_deep(limit: int) -> Message:
    """Too many levels."""
    return "PSH108", LIMIT, f"Values are nested more than {limit} levels deep.", "flatten the file"


def too_many_nodes(limit: int) -> Message:
    """Too many values."""
    return "PSH108", LIMIT, f"The file holds more than {limit:,} values.", _SPLIT


def too_large(name: str, size: int, limit: int) -> Diagnostic:
    """Too many bytes."""
    detail = f"{name} has {size / 1e6:.1f} MB; at most {limit / 1e6:.0f} MB are allowed."
    return Diagnostic(Severity.ERROR, "PSH108", LIMIT, detail, Range.at(name), fix=_SPLIT)


def decode(name: str, content: bytes) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Turn bytes into text; None with findings if they are not UTF-8 or hold control characters."""
    text, findings = decode_lines(name, content)
    if text is None:
        return None, findings
    source = SourceText(name, text)
    found = tuple(
        _bad_text(
            f"The invisible control character U+{ord(match[0]):04X} is not allowed.",
            source.range(match.start()),
            "delete it; it often comes with text pasted from elsewhere",
        )
        for match, _ in zip(_CONTROL.finditer(text), range(20), strict=False)
    )
    return (None if found else text), found


def decode_lines(name: str, content: bytes) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Turn bytes into text, whatever characters it has; None with a finding if it is not UTF-8."""
    if _UTF16.match(content):
        detail = "The file is saved as UTF-16, as some Windows programs do."
        return None, (_bad_text(detail, Range.at(name), _SAVE),)
    if content.startswith(_BINARY):
        detail = f"{name} is no text, but a workbook (xlsx, xls, numbers), an archive or the like."
        return None, (_bad_text(detail, Range.at(name), _SAVE),)
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = SourceText(name, content[: error.start].decode("utf-8", "replace"))
        where = before.range(len(before.text))
        detail = (
            f"Byte {error.start + 1} of {name} (line {where.start.line}) is not UTF-8: "
            f"0x{content[error.start]:02x}."
        )
        fix = f"{_SAVE} and look at that line; Excel in Chinese makes GBK of a plain CSV"
        return None, (_bad_text(detail, where, fix),)
    return text, ()


def _bad_text(detail: str, where: Range, fix: str) -> Diagnostic:
    return Diagnostic(Severity.ERROR, "PSH109", _ENCODING, detail, where, fix=fix)
