"""Findings in a terminal: place, sentence, the line itself, the fix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.render.words import WORDS
from pushctl.text.escape import terminal
from pushctl.text.messages import _, count, local
from pushctl.text.style import PLAIN, Style
from pushctl.text.width import clipped, width

EXCERPT = 160
"""Cells of a line of the manifest that are shown, or as many as the terminal has."""

MOST_ALIKE = 10
"""How many findings of a kind are shown; the others are counted."""


def findings(items: Iterable[Diagnostic], style: Style = PLAIN) -> str:
    """Render findings one below the other, each with a blank line after it."""
    seen: Counter[tuple[Severity, str, str]] = Counter()
    shown = []
    for item in items:
        seen[kind := (item.severity, item.code, item.summary)] += 1
        if seen[kind] <= MOST_ALIKE:
            shown.append(finding(item, style))
    more = ((code, number - MOST_ALIKE) for (_severity, code, _summary), number in seen.items())
    shown += [
        _("… and {left:,} more like it ({code})\n", left, code) for code, left in more if left > 0
    ]
    return "".join(item + "\n" for item in shown)


def finding(item: Diagnostic, style: Style = PLAIN) -> str:
    """Render one finding: `✗ file:line:column CODE summary`, then detail, line, and fix."""
    mark, color = WORDS["severities"][item.severity]
    place = "" if item.range is None else f"{_place(item.range)}  "
    head = f"{style.paint(mark, color, 'bold')} {place}{style.paint(item.code, color)}  "
    lines = [head + style.paint(terminal(local(item.summary)), "bold")]
    if item.detail:
        lines.append("    " + terminal(local(item.detail)))
    if item.snippet and item.range is not None:
        lines += _excerpt(item.range, item.snippet, style, color)
    if item.fix:
        lines.append(_("    fix: {fix}", terminal(local(item.fix))))
    return "\n".join(lines) + "\n"


def _place(place: Range) -> str:
    return f"{terminal(place.filename)}:{place.start.line}:{place.start.column}"


def _excerpt(place: Range, snippet: str, style: Style, color: str) -> list[str]:
    number = str(place.start.line)
    room = min(EXCERPT, (style.cells or 2 * EXCERPT) - len(number) - 7)
    shown = terminal(snippet.rstrip("\r\n").replace("\t", " "))[:EXCERPT]
    if style.cells is not None:
        shown = clipped(shown, room)
    before = terminal(snippet[: place.start.column - 1].replace("\t", " "))
    single = place.end.line == place.start.line and place.end.column > place.start.column
    stop = place.end.column - 1 if single else place.start.column
    marked = terminal(snippet[place.start.column - 1 : stop].replace("\t", " "))
    indent = width(before)
    if indent > room:
        return [f"    {style.paint(number + ' │', 'dim')} {shown}"]
    carets = "^" * max(1, min(width(marked), room - indent))
    return [
        f"    {style.paint(number + ' │', 'dim')} {shown}",
        f"    {' ' * len(number)} {style.paint('│', 'dim')} {' ' * indent}"
        + style.paint(carets, color),
    ]


def mended(done: Iterable[Diagnostic], problems: Iterable[str], files: int) -> str:
    """Say what `validate --fix` did and what it could not do, one thing a line."""
    done = list(done)
    lines = []
    for item in done:
        place = "" if item.range is None else f"{_place(item.range)} "
        lines.append(
            _("fixed {place}{code} {summary}", place, item.code, terminal(local(item.summary)))
        )
    lines += [_("not fixed: {problem}", terminal(problem)) for problem in problems]
    where = _(" in {files}", count(files, "file")) if done else ""
    what = count(len(done), "finding") if done else _("nothing")
    return "\n".join([*lines, _("Fixed {what}{where}.", what, where)]) + "\n"


def summary(items: Iterable[Diagnostic], *, notes: bool = False) -> str:
    """Count findings in words: `2 errors, 1 warning`."""
    severities = [item.severity for item in items]
    names = {Severity.ERROR: "error", Severity.WARNING: "warning"}
    names |= {Severity.INFO: "note"} if notes else {}
    parts = [
        count(number, name)
        for severity, name in names.items()
        if (number := severities.count(severity))
    ]
    return _(", ").join(parts) or _("no findings")
