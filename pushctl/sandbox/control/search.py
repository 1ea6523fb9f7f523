"""What somebody searches the inbox for, as a condition of SQL."""

from __future__ import annotations

import re
from datetime import tzinfo

from pushctl.sandbox.clock import parse_time, to_milliseconds
from pushctl.sandbox.control.routes import ControlError

OUTCOMES = ("shown", "cut", "rejected", "capped", "waiting", "expired", "revoked", "not-bound",
            "blocked")  # fmt: skip
_TERM = re.compile(
    r'(-)?(?:(user|vendor|is|app|task|title|before|after):)?(?:"([^"]*)"?|(\S+))', re.ASCII
)
_LIKE = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})
_GLOB = str.maketrans({"[": "[[]", "?": "[?]"})  # only `*` stands for anything
_EXACT = {
    "user": ("user",),
    "vendor": ("vendor",),
    "app": ("app", "app || '/' || workspace"),
    "task": ("task_name", "task_id"),
}
_TEXTS = {"title": ("title",), None: ("title", "content", "task_name", "user", "message_key")}


def parse(text: str, zone: tzinfo) -> tuple[str, dict[str, object]]:
    """Returns conditions, each after an AND, on columns of `inbox.sql`, and the values in them.

    Times without an offset are meant in `zone`. Raises ControlError and ClockError.
    """
    where, values = "", dict[str, object]()
    for number, (no, key, quoted, word) in enumerate(_TERM.findall(text)):
        condition, value = _condition(key or None, quoted or word, f":v{number}", zone)
        where += f" AND NOT coalesce({condition}, 0)" if no else f" AND ({condition})"
        values[f"v{number}"] = value
    return where, values


def _condition(key: str | None, text: str, name: str, zone: tzinfo) -> tuple[str, object]:
    if key in _EXACT:
        is_like, value = ("GLOB", text.translate(_GLOB)) if "*" in text else ("=", text)
        return " OR ".join(f"{column} {is_like} {name}" for column in _EXACT[key]), value
    if key == "is":
        if text not in OUTCOMES:
            raise ControlError(400, f"is: takes one of {', '.join(OUTCOMES)}")
        return f"outcome = {name}", text
    if key in ("before", "after"):
        moment = to_milliseconds(parse_time(text, zone))
        return f"sent_ms {'<' if key == 'before' else '>='} {name}", moment
    likes = [f"{column} LIKE {name} ESCAPE '\\'" for column in _TEXTS[key]]
    return " OR ".join(likes), f"%{text.translate(_LIKE)}%"
