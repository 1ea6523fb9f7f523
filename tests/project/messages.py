"""What the program says in the language of the reader, as its source marks it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from pushctl.diagnostics import Severity
from pushctl.plan.change import Action
from pushctl.plan.status import Status
from pushctl.render import schedule_text
from pushctl.render.html import calendar, findings, page, summary
from pushctl.render.markdown import plan as markdown_plan
from pushctl.render.text import state as state_text
from pushctl.render.view import labels
from pushctl.render.view.side_lists import Topic
from pushctl.render.words import WORDS
from pushctl.text import timestamps
from pushctl.vendors.facts import facts

CODE = Path(__file__).parents[2] / "pushctl"
NOUNS = {"count": 1, "left_out": 1}
"""Functions that look up a noun, and the position of its singular."""


def messages() -> set[str]:
    """Return every message of the program."""
    found = {text for path in CODE.rglob("*.py") for text in _of(path)}
    return found | set(_tables())


def _of(path: Path) -> Iterator[str]:
    source = path.read_text("utf-8")
    if "pushctl.text.messages import" not in source and path.name != "messages.py":
        return
    tree = ast.parse(source)
    constants = {
        target.id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and _is_text(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from _said(node, node.func.id, constants)


def _said(call: ast.Call, name: str, constants: dict[str, str]) -> Iterator[str]:
    if name in NOUNS:
        nouns = [arg.value for arg in call.args[1:3] if _is_text(arg)]
        yield from nouns
        if len(nouns) == 1 and name == "count" and len(call.args) == 2:
            yield f"{nouns[0]}s"
    elif name in ("_", "Fact") and call.args:
        first = call.args[0]
        if _is_text(first):
            yield first.value
        elif isinstance(first, ast.Name) and first.id in constants:
            yield constants[first.id]


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _tables() -> Iterator[str]:
    """Yield messages that stand in tables, and are looked up when they are shown."""
    yield from (*Action, *Severity, *Status, *Topic, *state_text.HEAD, *summary.NAMES.values())
    yield from (*timestamps.WEEKDAYS, *timestamps.WEEKDAY_NAMES)
    yield from (*timestamps.MONTHS, *timestamps.MONTH_NAMES)
    yield from (noun for nouns in WORDS["audiences"].values() for noun in nouns)
    yield from (noun for nouns in WORDS["topics_counted"].values() for noun in nouns)
    yield from (*WORDS["origins"].values(), *WORDS["gaps"].values(), *WORDS["folds"].values())
    yield from (item["said"] for item in WORDS["attention"].values())
    yield from (words for _, *both in labels.EFFECTS for words in both)
    yield from (words for _, *both in calendar.MARKS.values() for words in both)
    yield from (level.lost for level in markdown_plan._LEVELS if level.lost)
    yield from (name for _, name in page.SECTIONS)
    yield from (*findings.TITLES.values(), *schedule_text.PLACES.values())
    yield from ("not", "also")
    yield from (channel.name for channel in facts().channels.values())
    yield from (" and ", " or ", "target", "targets", "cancel", "create", "keep", "weekday", "day")
    yield from ("weekend day", "title", "body", "Title", "Body", "Opens", "Owner", "About")
    yield from ("Labels", "d", "h", "min", "s", "blocked change", "blocked changes")
    yield from ("error", "errors", "warning", "warnings", "note", "notes", "Why", "Comes from")
