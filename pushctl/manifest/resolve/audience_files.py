"""Targets from the bytes of a csv, txt or jsonl file; what is none is a finding at its line."""

from __future__ import annotations

import contextlib
import csv
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.manifest.resolve import audience_columns as columns
from pushctl.manifest.resolve import audience_values as values
from pushctl.manifest.rules import diagnostic
from pushctl.manifest.yaml import errors as yaml_errors
from pushctl.manifest.yaml.positions import BREAK
from pushctl.text.quote import described, quoted
from pushctl.text.regex import regex

MAX_BYTES = 50_000_000
MAX_TARGETS = 100_000
MAX_FINDINGS = 20
MAX_ERRORS = 10_000


class Audience(Struct, frozen=True):
    """The targets of an audience file, each once and in their order, and what is wrong with it."""

    targets: tuple[str, ...]
    findings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """An audience file, the column to take from it, and where the manifest asks for it.

    `kind` is what the targets are, such as `users`. With `suppressed` they are who wants no
    marketing: there a comment may say that it is nobody.
    """

    name: str
    column: str | None
    used: Range = field(compare=False)
    kind: str = "users"
    suppressed: bool = False

    def finding(self, line: int, code: str, detail: str, fix: str | None) -> Diagnostic:
        """Return an error at a line of the file, which names the line of the manifest as well."""
        use = f" It is used in {self.used.filename}, line {self.used.start.line}."
        return diagnostic(code, detail + use, Range.at(self.name, line), fix)


def parse(request: Request, content: bytes) -> Audience:
    """Read the targets of one audience file."""
    text, problems = yaml_errors.decode_lines(request.name, content)
    if text is None:
        found = problems[0]
        line = found.range.start.line if found.range else 1
        finding = request.finding(line, found.code, found.detail, found.fix)
        return Audience((), (finding,))
    lines = BREAK.split(text)
    return _Reader(request).run(lines if lines[-1] else lines[:-1])


_QUOTED = regex(r"""\A(?:"([^"]*)"|'([^']*)')\Z""")
_BLANK = ("there is no target on this line", "delete the line, or write a target")
_SAY_SO = "export it again; if nobody is on it, write # nobody into a .txt file"
_MANY = "put every value that holds the separator in quotes, and give every line as many values"


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
        self._is_commented = False
        self._between: re.Pattern[str] | None = values.ALONE
        self._keys: dict[tuple[str, ...], int] = {}

    def run(self, lines: list[str]) -> Audience:
        request = self._request
        extension = request.name.rsplit(".", 1)[-1].lower()
        ways = {"csv": self._csv, "txt": self._txt, "jsonl": self._jsonl}
        found = values.not_a_list(lines)
        if extension not in ways:
            found = (1, "is neither a csv, a txt nor a jsonl file", "give it one of these endings")
        if found is not None:
            line, what, fix = found
            finding = request.finding(line, "PSH107", f"{request.name} {what}.", fix)
            return Audience((), (finding,))
        with contextlib.suppress(_TooManyErrors):
            return self._all(ways[extension](lines))
        return Audience(tuple(self._lines), tuple(self.findings))

    def _all(self, rows: Iterator[tuple[int, str]]) -> Audience:
        request = self._request
        for line, value in rows:
            self._take(line, value)
            if len(self._lines) > MAX_TARGETS:
                detail = f"{request.name} holds more than {MAX_TARGETS:,} targets."
                fix = "split the audience over several pushes"
                finding = request.finding(line, "PSH108", detail, fix)
                return Audience((), (finding,))
        if not (self._lines or self._errors or (request.suppressed and self._is_commented)):
            fix = _SAY_SO if request.suppressed else "add at least one target to the file"
            self._note(1, "PSH512", f"{request.name} holds no target.", fix)
        warnings = (replace(item, severity=Severity.WARNING) for item in self._warnings())
        return Audience(tuple(self._lines), (*self.findings, *warnings))

    def _take(self, line: int, value: str) -> None:
        target = _QUOTED.sub(r"\1\2", value.strip()).strip() if self._between else value.strip()
        if target in self._lines:
            self._repeated += 1
            self._twice = self._twice or (target, self._lines[target], line)
        elif problem := values.problem_of(target, self._between) if target else _BLANK:
            self._row(line, *problem)
        else:
            self._lines[target] = line

    def _warnings(self) -> Iterator[Diagnostic]:
        if self._twice is not None:
            target, first, second = self._twice
            more = f" {self._repeated - 1} more are like that." if self._repeated > 1 else ""
            detail = f"{quoted(target)} is on line {first} and again on line {second}.{more}"
            yield self._request.finding(second, "PSH503", detail, "delete the repeated lines")
        if not self._errors and (odd := values.odd_one_out(self._lines)):
            detail = f"{quoted(odd)} looks unlike all the other targets of {self._request.name}."
            line, fix = self._lines[odd], "look whether it is one"
            yield self._request.finding(line, "PSH506", detail, fix)

    def _row(self, line: int, problem: str, fix: str) -> None:
        self._note(line, "PSH514", f"Line {line} of {self._request.name}: {problem}.", fix)

    def _note(self, line: int, code: str, detail: str, fix: str | None) -> None:
        self._errors += 1
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(self._request.finding(line, code, detail, fix))
        if self._errors > MAX_ERRORS:
            raise _TooManyErrors

    # --- txt and csv ------------------------------------------------------------------------------

    def _txt(self, lines: list[str]) -> Iterator[tuple[int, str]]:
        rows = self._txt_rows(lines)
        first = list(itertools.islice(rows, 1))
        # A txt file has one column, and a name of it only if the first line says so.
        wanted = self._request.column if first and first[0][1] == [self._request.column] else None
        return self._column_of(itertools.chain(first, rows), lines, wanted)

    def _txt_rows(self, lines: list[str]) -> Iterator[tuple[int, list[str]]]:
        """Yield each line as a row of one value, but for those with nothing in them."""
        for number, line in enumerate(lines, 1):
            value = line.strip()
            if values.NO_COMMENT.match(value):
                yield number, [value]
            elif value:
                self._is_commented = True

    def _csv(self, lines: list[str]) -> Iterator[tuple[int, str]]:
        return self._column_of(self._csv_rows(lines), lines, self._request.column)

    def _csv_rows(self, lines: list[str]) -> Iterator[tuple[int, list[str]]]:
        """Yield the line and the values of each row, but for those with nothing in them."""
        request = self._request
        before = next((at for at, line in enumerate(lines) if line.strip()), 0)
        first = "".join(lines[before : before + 1])
        try:
            mark, told = columns.separator(first, request.kind, request.column, request.name)
            self._between = re.compile(f"[{',;，、；'.replace(mark, '')}]")
            start = before = before + told
            rows = csv.reader((line + "\n" for line in lines[start:]), delimiter=mark, strict=True)
            for row in rows:
                line, before = before + 1, start + rows.line_num
                if lines[line - 1].strip(" \t" + mark):
                    yield line, row
        except columns.ColumnError as error:
            self._note(before + 1, "PSH515", *error.args)
        except csv.Error:
            self._row(
                before + 1,
                "a quote is not closed, or stands in the middle of a value",
                "put the whole value in quotes, and write a quote inside it twice",
            )

    def _column_of(
        self, rows: Iterator[tuple[int, list[str]]], lines: list[str], wanted: str | None
    ) -> Iterator[tuple[int, str]]:
        """Yield the values of the one column that holds the targets."""
        line, names = next(rows, (0, []))
        if not names:
            return
        names = [name.strip() for name in names]
        while len(names) > 1 and not names[-1]:
            names.pop()
        is_header = wanted in names if wanted else any(map(columns.is_column_name, names))
        kind, file, column = self._request.kind, self._request.name, 0
        try:
            if not is_header:
                columns.check_title(line, lines, wanted, file)
            if is_header or wanted or len(names) > 1:
                column = columns.choose(names, kind, wanted, file)
        except columns.ColumnError as error:
            self._note(line, "PSH515", *error.args)
            return
        self._between = self._between if names[1:] else values.ALONE
        if not is_header:
            yield line, names[0]
        for line, row in rows:
            if len(row) < len(names) or any(map(str.strip, row[len(names) :])):
                number = f"{len(row)} where the first line has {len(names)}"
                self._row(line, f"the number of values is {number}", _MANY)
            elif columns.is_column_name(row[column]):
                self._row(line, f"{quoted(row[column])} is the name of a column", "delete the line")
            else:
                yield line, row[column]

    # --- jsonl ------------------------------------------------------------------------------------

    def _jsonl(self, lines: list[str]) -> Iterator[tuple[int, str]]:
        self._between = None
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
        names, wanted, file = tuple(value), self._request.column, self._request.name
        try:
            if names not in self._keys:
                self._keys[names] = columns.choose(names, self._request.kind, wanted, file)
            return names[self._keys[names]]
        except columns.ColumnError as error:
            if wanted is not None or any(map(columns.is_column_name, names)):
                self._note(line, "PSH515", *error.args)
            else:
                self._row(line, "it has no known key", f"say {{file: {file}, column: ...}}")
            return None
