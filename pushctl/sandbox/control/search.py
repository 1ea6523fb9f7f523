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
_TERM = re.compile(
    r'(-)?(?:(user|vendor|is|app|task|title|before|after):)?(?:"([^"]*)"?|(\S+))', re.ASCII
)
_LIKE = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})
_GLOB = str.maketrans({"[": "[[]", "?": "[?]"})  # only `*` stands for anything
_EXACT = {
    "user": ("d.target",),
    "vendor": ("p.vendor",),
    "app": ("t.app", "t.app || '/' || t.workspace"),
    "task": ("t.name", "t.id"),
}
_TEXTS = {"title": (TITLE,), None: (TITLE, CONTENT, "t.name", "d.target", "d.msgkey")}


def parse(text: str, zone: tzinfo) -> tuple[list[str], dict[str, object]]:
    """Returns the conditions that must all hold, and the values in them by name.

    Times without an offset are meant in `zone`. Raises ControlError.
    """
    conditions: list[str] = []
    values: dict[str, object] = {}
    for number, (no, key, quoted, word) in enumerate(_TERM.findall(text)):
        name, value = f"v{number}", quoted or word
        condition, values[name] = _condition(key or None, value, f":{name}", zone)
        conditions.append(f"NOT coalesce({condition}, 0)" if no else f"({condition})")
    return conditions, values


def _condition(key: str | None, text: str, name: str, zone: tzinfo) -> tuple[str, object]:
    if key in _EXACT:
        is_like, value = ("GLOB", text.translate(_GLOB)) if "*" in text else ("=", text)
        return " OR ".join(f"{column} {is_like} {name}" for column in _EXACT[key]), value
    if key == "is":
        if text not in OUTCOMES:
            raise ControlError(400, f"is: takes one of {', '.join(OUTCOMES)}")
        return f"{OUTCOME} = {name}", text
    if key in ("before", "after"):
        try:
            moment = to_milliseconds(parse_time(text, zone))
        except ClockError as error:
            raise ControlError(400, str(error)) from error
        return f"d.at_ms {'<' if key == 'before' else '>='} {name}", moment
    likes = [f"{column} LIKE {name} ESCAPE '\\'" for column in _TEXTS[key]]
    return " OR ".join(likes), f"%{text.translate(_LIKE)}%"
