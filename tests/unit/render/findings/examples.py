"""Findings for the tests of the formats of code hosts."""

from __future__ import annotations

from msgspec.structs import replace

from pushctl.diagnostics import Diagnostic, Position, Range, Severity

PLACE = Range("marketing/pushctl.yaml", Position(7, 5), Position(7, 32))
FINDING = Diagnostic(
    Severity.ERROR,
    "PSH301",
    "The title is too long for vivo",
    "It has 42 of 40 units.",
    PLACE,
    fix="shorten it",
    push="sale",
)


def numbered(number: int, severity: Severity = Severity.ERROR) -> list[Diagnostic]:
    return [replace(FINDING, severity=severity, detail=f"finding {n}") for n in range(number)]


def hostile(text: str) -> Diagnostic:
    return replace(
        FINDING, summary=text, detail=text, fix=text, push=text, range=replace(PLACE, filename=text)
    )
