"""The line of the file that a finding is about, so that nobody has to open it to understand."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path

from msgspec.structs import replace

from pushctl.diagnostics import Diagnostic
from pushctl.manifest.files.reader import FileProblem, Files

MAX_BYTES = 60 * 1024 * 1024
MAX_FINDINGS = 500
MAX_LINE = 2000


def attached(findings: Iterable[Diagnostic], folder: Path) -> tuple[Diagnostic, ...]:
    """Return findings with their lines, as far as the files can still be read.

    A line that is longer than two thousand characters is left out, and so is whatever comes after
    the first few hundred findings: nobody reads that far. Where one finding must not show a line,
    because a secret or a person is on it, none does.
    """
    findings = tuple(findings)
    hidden = {place for item in findings if item.snippet == "" and (place := _line(item))}
    # By the same rules as the manifest: what it must not read must not be shown either.
    lines_of = cache(partial(_lines, Files(folder)))
    found: list[Diagnostic] = []
    for number, item in enumerate(findings):
        if item.range is None or item.snippet is not None or number >= MAX_FINDINGS:
            found.append(item)
            continue
        lines, line = lines_of(item.range.filename), item.range.start.line
        text = lines[line - 1] if line <= len(lines) else ""
        usable = text.strip() and len(text) <= MAX_LINE and _line(item) not in hidden
        found.append(replace(item, snippet=text) if usable else item)
    return tuple(found)


def _line(item: Diagnostic) -> tuple[str, int] | None:
    return None if item.range is None else (item.range.filename, item.range.start.line)


def _lines(files: Files, name: str) -> list[str]:
    try:
        content = files.read(name, limit=MAX_BYTES)
    except FileProblem:
        return []
    return content.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
