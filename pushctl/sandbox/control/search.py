"""What somebody searches the inbox for, as a condition of SQL."""

from __future__ import annotations

import re
from datetime import tzinfo

from pushctl.sandbox.clock import ClockError, parse_time, to_milliseconds
from pushctl.sandbox.control.routes import ControlError

OUTCOMES = (
    *("shown", "cut", "rejected", "capped", "waiting", "expired", "revoked", "not-bound"),
    "blocked",
)
# A message that waits is decided already: when the clock shows `ends_ms`, the outcome holds.
OUTCOME = """CASE
  WHEN d.revoked_ms IS NOT NULL AND (m.n IS NULL OR d.revoked_ms < m.ends_ms
    OR (m.channel = 'push' AND m.outcome IN ('shown', 'cut'))) THEN 'revoked'
  WHEN m.n IS NULL THEN 'shown'
  WHEN m.ends_ms <= :now THEN m.outcome
  WHEN m.phone IS NULL AND m.channel = 'push' THEN 'not-bound'
  ELSE 'waiting' END"""
TITLE = "coalesce(m.title, d.title, t.title)"
CONTENT = "coalesce(m.content, d.content, t.content)"
_TEXTS = (TITLE, CONTENT, "t.name", "d.target", "d.msgkey")
_TERM = re.compile(
    r"(?P<no>-)?(?:(?P<key>user|vendor|is|app|task|title|before|after):)?"
    r'(?:"(?P<quoted>[^"]*)"?|(?P<word>\S+))'
)
_LIKE = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})
_GLOB = str.maketrans({"[": "[[]", "?": "[?]"})
_PATTERNS = {  # `*` stands for anything
    "user": ("d.target",),
    "vendor": ("p.vendor",),
    "app": ("t.app", "t.app || '/' || t.workspace"),
    "task": ("t.name", "t.id"),
}


class Search:
    """The terms of a search, all of which must hold; `where` is SQL with `values` by name.

    Times without an offset are meant in `zone`. Raises ControlError.
    """

    def __init__(self, text: str, zone: tzinfo) -> None:
        self._zone = zone
        self.values: dict[str, object] = {}
        self.terms = [self._term(found) for found in _TERM.finditer(text)]
        self.where = " AND ".join(self.terms) or "1"

    def _term(self, found: re.Match[str]) -> str:
        key, quoted = found["key"], found["quoted"]
        condition = self._condition(key, found["word"] if quoted is None else quoted)
        return f"NOT coalesce({condition}, 0)" if found["no"] else f"({condition})"

    def _condition(self, key: str | None, text: str) -> str:
        if key in _PATTERNS:
            return self._matches(_PATTERNS[key], text)
        if key in ("before", "after"):
            return f"d.at_ms {'<' if key == 'before' else '>='} {self._time(text)}"
        if key == "is":
            if text not in OUTCOMES:
                raise ControlError(400, f"is: takes one of {', '.join(OUTCOMES)}")
            return f"{OUTCOME} = '{text}'"
        name = self._add("%" + text.translate(_LIKE) + "%")
        columns = (TITLE,) if key == "title" else _TEXTS
        return " OR ".join(f"{column} LIKE {name} ESCAPE '\\'" for column in columns)

    def _matches(self, columns: tuple[str, ...], text: str) -> str:
        if "*" in text:
            name = self._add(text.translate(_GLOB))
            return " OR ".join(f"{column} GLOB {name}" for column in columns)
        return " OR ".join(f"{column} = {self._add(text)}" for column in columns)

    def _add(self, value: object) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def _time(self, text: str) -> int:
        try:
            return to_milliseconds(parse_time(text, self._zone))
        except ClockError as error:
            raise ControlError(400, str(error)) from error
