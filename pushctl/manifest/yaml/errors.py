"""Messages about the text of a file, for people who did not learn YAML."""

from __future__ import annotations

from pushctl.diagnostics import Diagnostic, Range
from pushctl.manifest.rules import diagnostic
from pushctl.manifest.words import WORDS
from pushctl.manifest.yaml.positions import SourceText
from pushctl.text.regex import regex

_WORDS = WORDS["yaml"]
_SPLIT: str = _WORDS["too_many_nodes"]["fix"]

AMBIGUOUS = regex(
    r"(?:[Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF|True|TRUE|False|FALSE|Null|NULL"
    r"|[-+]?0[0-9_]+|[-+]?0[xob][0-9a-fA-F_]+|[-+]?[1-9][0-9]*_[0-9_]*"
    r"|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+|\+[0-9]+"
    r"|[-+]?[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+|[-+]?[0-9]+\.[0-9]*0|[-+]?\.[0-9]+|[0-9]+\.)"
)
"""Plain text that YAML 1.1 tools, or YAML 1.2 tools with all types, read as something else."""

_CONTROL = regex(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
_UTF16 = regex(rb"\xff\xfe|\xfe\xff|(?:[^\0]\0){3}|(?:\0[^\0]){3}")
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"PAR1")
_SAVE = 'save it again as text with the encoding UTF-8 (in Excel: Save as, "CSV UTF-8")'


def said(what: str, **values: object) -> tuple[str, str, str]:
    """Return code, detail and fix of `words.toml` with the values filled in."""
    words = _WORDS[what]
    detail, fix = (
        words[part].format(one_way=_WORDS["one_way"], **values) for part in ("is", "fix")
    )
    return words.get("code", "PSH103"), detail, fix


def too_large(name: str, size: int, limit: int) -> Diagnostic:
    """Too many bytes."""
    detail = f"{name} has {size / 1e6:.1f} MB; at most {limit / 1e6:.0f} MB are allowed."
    return diagnostic("PSH108", detail, Range.at(name), _SPLIT)


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
    return diagnostic("PSH109", detail, where, fix)
