"""Renders a rule for terminals (`pushctl explain`)."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from pushctl.diagnostics import Severity
from pushctl.rule import Example, Rule
from pushctl.text.plural import listed
from pushctl.text.style import PLAIN, Style

WIDTH = 80
MAX_LINES = 6
"""Lines of a file beside an example before the rest is only counted."""

COUNTS = {Severity.ERROR: "an error", Severity.WARNING: "a warning", Severity.INFO: "information"}


def text(rule: Rule, style: Style = PLAIN) -> str:
    """Render one rule for a terminal, its prose in lines of at most 80 cells."""
    cells = min(style.cells or WIDTH, WIDTH)
    lines = [style.paint(f"{rule.code}  {rule.title}", "bold"), ""]
    lines += [*_folded(standing(rule), cells), "", *_folded(rule.why, cells), ""]
    lines += [style.paint("What to do", "bold"), *_folded(rule.fix, cells), ""]
    for heading, example in (("Like this it is found", rule.bad), ("Better", rule.good)):
        lines += [style.paint(heading, "bold"), *_shown(example), ""]
    if rule.sources:
        lines += [style.paint("Who says so", "bold")]
        lines += [line for source in rule.sources for line in _folded(source, cells)]
        lines.append("")
    return "\n".join(lines)


def _folded(text: str, cells: int) -> list[str]:
    return wrap(text, cells, break_long_words=False, break_on_hyphens=False)


def _shown(example: Example) -> Iterator[str]:
    for heading, content in parts(example):
        if heading:
            yield f"  {heading}"
        yield from (f"    {line}".rstrip() for line in content.splitlines())


def parts(example: Example) -> Iterator[tuple[str, str]]:
    """Yield what there is to see of an example, in the order in which it happened."""
    if example.before is not None:
        same = example.commit == example.before
        yield "Committed, and applied:" if same else "Applied before:", example.before
    if example.commit not in (None, example.before):
        yield "Committed:", example.commit or ""
    happened = tuple(_happened(example))
    yield from ((line, "") for line in happened)
    yield "Now:" if example.before is not None or happened else "", example.text
    for name, content in example.files.items():
        yield f"with `{name}`:", _beginning(content)
    if example.options:
        yield f"Seen by `pushctl plan {' '.join(example.options)}`.", ""


def _happened(example: Example) -> Iterator[str]:
    for title, _, at in example.made:
        yield f"Made in the console: `{title}`, for {at}."
    if example.cancelled:
        yield "Then cancelled in the console, all of it."


def _beginning(content: str) -> str:
    lines = content.splitlines()
    if len(lines) <= MAX_LINES:
        return content
    return "\n".join([*lines[: MAX_LINES - 1], f"... {len(lines) - MAX_LINES + 1} more lines"])


def standing(rule: Rule) -> str:
    """Say what it counts, and what can be done about that."""
    counts = f"Counts as {COUNTS[rule.severity]}."
    if not rule.adjustable:
        return f"{counts} Nothing can change that."
    settings = ""
    if rule.settings:
        names = listed([f"`policy.{name}`" for name in rule.settings])
        settings = f" Goes by {names}."
    return (
        f'{counts} `policy: {{rules: {{{rule.code}: "off"}}}}` changes that for the project, '
        f"`allow: [{{rule: {rule.code}, reason: ...}}]` for one push.{settings}"
    )
