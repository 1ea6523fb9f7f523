"""Targets from the bytes of a csv, txt or jsonl file.

Only white space around a target is dropped. Everything else that is not a target is a finding at
the line where it stands, and says which line of the manifest uses the file.
"""

from __future__ import annotations

import contextlib
import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.manifest.files.reader import UNREADABLE
from pushctl.manifest.yaml import errors as yaml_errors
from pushctl.manifest.yaml.positions import BREAK
from pushctl.push.identity import is_digest
from pushctl.text.quote import described, quoted
from pushctl.text.suggest import closest

MAX_BYTES = 50_000_000
MAX_TARGETS = 100_000
MAX_FINDINGS = 20
MAX_ERRORS = 10_000
COLUMNS = ("target", "user", "user_id", "device", "device_id", "token", "id")

ROW = "A target cannot be used"
COLUMN = "The audience file has no such column"
EMPTY = "The audience is empty"
TWICE = "A target is there twice"
NO_TARGET = "is how `targets: hashed` names somebody, and nobody's target"
MEANT = "write the target that was meant, as the app knows it"

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Audience:
    """The targets of an audience file, each once and in their order, and what is wrong with it."""

    targets: tuple[str, ...]
    findings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """An audience file, the column to take from it, and where the manifest asks for it."""

    name: str
    column: str | None
    used: Range

    def finding(
        self, line: int, code: str, summary: str, detail: str, fix: str | None
    ) -> Diagnostic:
        """Return an error at a line of the file, which names the line of the manifest as well."""
        use = f" It is used in {self.used.filename}, line {self.used.start.line}."
        where = Range.at(self.name, line)
        return Diagnostic(Severity.ERROR, code, summary, detail + use, where, fix=fix)


def parse(request: Request, content: bytes) -> Audience:
    """Read the targets of one audience file."""
    text, problems = yaml_errors.decode_lines(request.name, content)
    if text is None:
        found = problems[0]
        line = found.range.start.line if found.range else 1
        finding = request.finding(line, found.code, found.summary, found.detail, found.fix)
        return Audience((), (finding,))
    lines = BREAK.split(text)
    return _Reader(request).run(lines if lines[-1] else lines[:-1])


def invisible(target: str) -> str | None:
    """Name the first control character in a target; None if it has none."""
    found = _CONTROL.search(target)
    return f"the invisible character U+{ord(found[0]):04X}" if found else None


class _TooManyErrors(Exception):
    """The rest of the file is not worth reading."""


class _Reader:
    def __init__(self, request: Request) -> None:
        self._request = request
        self._lines: dict[str, int] = {}
        self._twice: tuple[str, int, int] | None = None
        self._repeated = 0
        self.findings: list[Diagnostic] = []
        self._errors = 0

    def run(self, lines: list[str]) -> Audience:
        request = self._request
        extension = request.name.rsplit(".", 1)[-1].lower()
        rows = {"csv": self._csv, "txt": self._txt, "jsonl": self._jsonl}.get(extension)
        if rows is None:
            detail = f"{request.name} is neither a csv, a txt nor a jsonl file."
            fix = "give the file the ending .csv, .txt or .jsonl"
            return Audience((), (request.finding(1, "PSH107", UNREADABLE, detail, fix),))
        with contextlib.suppress(_TooManyErrors):
            return self._all(rows(lines))
        return Audience(tuple(self._lines), tuple(self.findings))

    def _all(self, rows: Iterator[tuple[int, str]]) -> Audience:
        request = self._request
        for line, value in rows:
            self._take(line, value)
            if len(self._lines) > MAX_TARGETS:
                detail = f"{request.name} holds more than {MAX_TARGETS:,} targets."
                fix = "split the audience over several pushes"
                finding = request.finding(line, "PSH108", yaml_errors.LIMIT, detail, fix)
                return Audience((), (finding,))
        if not self._lines and not self._errors:
            detail = f"{request.name} holds no target."
            self._note(1, "PSH512", EMPTY, detail, "add at least one target to the file")
        return Audience(tuple(self._lines), (*self.findings, *self._duplicates()))

    def _take(self, line: int, value: str) -> None:
        target = value.strip()
        if not target:
            self._row(line, "there is no target on this line", "delete the line, or write a target")
        elif found := invisible(target):
            self._row(line, f"{quoted(target)} holds {found}", "delete the character")
        elif is_digest(target):
            self._row(line, f"{quoted(target)} {NO_TARGET}", MEANT)
        elif target in self._lines:
            self._repeated += 1
            self._twice = self._twice or (target, self._lines[target], line)
        else:
            self._lines[target] = line

    def _duplicates(self) -> Iterator[Diagnostic]:
        if self._twice is None:
            return
        target, first, second = self._twice
        more = f" {self._repeated - 1} more are like that." if self._repeated > 1 else ""
        used = self._request.used
        detail = (
            f"{quoted(target)} is on line {first} and again on line {second} of "
            f"{self._request.name}; everybody gets the push once.{more} The file is used in "
            f"{used.filename}, line {used.start.line}."
        )
        where, fix = Range.at(self._request.name, second), "delete the repeated lines"
        yield Diagnostic(Severity.WARNING, "PSH503", TWICE, detail, where, fix=fix)

    def _row(self, line: int, problem: str, fix: str) -> None:
        self._note(line, "PSH514", ROW, f"Line {line} of {self._request.name}: {problem}.", fix)

    def _note(self, line: int, code: str, summary: str, detail: str, fix: str | None) -> None:
        self._errors += 1
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(self._request.finding(line, code, summary, detail, fix))
        if self._errors > MAX_ERRORS:
            raise _TooManyErrors

    def _txt(self, lines: list[str]) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(lines, 1):
            text = line.strip()
            if text and not text.startswith("#"):
                yield number, text

    def _csv(self, lines: list[str]) -> Iterator[tuple[int, str]]:
        rows = csv.reader((line + "\n" for line in lines), strict=True)
        column, before = -1, 0
        try:
            for row in rows:
                line, before = before + 1, rows.line_num
                if not row or not lines[line - 1].strip():
                    continue
                if column < 0:
                    column, is_header = self._column(line, row)
                    if column < 0:
                        return
                    if is_header:
                        continue
                yield line, row[column] if column < len(row) else ""
        except csv.Error:
            self._row(
                before + 1,
                "a quote is not closed, or stands in the middle of a value",
                "put the whole value in quotes, and write a quote inside it twice",
            )

    def _column(self, line: int, row: list[str]) -> tuple[int, bool]:
        """Find the column to take; tells whether this row is a header."""
        names = [item.strip() for item in row]
        wanted = self._request.column
        if wanted is not None:
            if wanted in names:
                return names.index(wanted), True
            self._no_column(line, wanted, names)
            return -1, True
        lower = [name.lower() for name in names]
        known = [name for name in COLUMNS if name in lower]
        if known:
            return lower.index(known[0]), True
        if len(names) == 1:
            return 0, False
        fix = f"name the column: {{file: {self._request.name}, column: {names[0] or 'x'}}}"
        detail = (
            f"{self._request.name} has {len(names)} columns, and none of them is called "
            f"{', '.join(COLUMNS[:-1])} or {COLUMNS[-1]}."
        )
        self._note(line, "PSH515", COLUMN, detail, fix)
        return -1, True

    def _no_column(self, line: int, wanted: str, names: list[str]) -> None:
        guess = closest(wanted, names)
        shown_names = ", ".join(quoted(name) for name in names[:10])
        fix = f"did you mean {guess}?" if guess else f"use one of: {shown_names}"
        detail = f"{self._request.name} has no column {quoted(wanted)}."
        self._note(line, "PSH515", COLUMN, detail, fix)

    def _jsonl(self, lines: list[str]) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                self._row(number, "it is not JSON", 'write a text in quotes, such as "user1024"')
                continue
            if isinstance(value, dict):
                key = self._key(number, value)
                if key is None:
                    continue
                value = "" if value[key] is None else value[key]
            if isinstance(value, str):
                yield number, value
            else:
                problem = f"a target must be text, here it is {described(value)}"
                self._row(number, problem, 'put it in quotes, such as "user1024"')

    def _key(self, line: int, value: dict[str, Any]) -> str | None:
        wanted = self._request.column
        for name in COLUMNS if wanted is None else (wanted,):
            if name in value:
                return name
        if wanted is not None:
            self._no_column(line, wanted, list(value))
        else:
            self._row(
                line,
                f"there is no key {', '.join(COLUMNS[:-1])} or {COLUMNS[-1]}",
                f"name the key: {{file: {self._request.name}, column: ...}}",
            )
        return None
