"""What the vendors of phones accept, as `vendors.toml` says."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pushctl.sandbox.devices.hours import ALWAYS, Hours, parse_hours

Params = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one vendor; `vendors.toml` says what the fields mean, 0 is no bound."""

    name: str = ""
    platform: str = ""
    title: int = 0
    content: int = 0
    unit: str = "character"
    overflow: str = "rejected"
    bytes: int = 0
    declared_by: str = ""
    marketing: Sequence[str] = ()
    undeclared: str = ""
    marketing_per_day: int = 0
    hours: Hours = ALWAYS
    outside: str = "waiting"
    source: str = ""
    read: date | None = None

    def _length(self, text: str) -> int:
        return sum(2 if self.unit == "wide" and not sign.isascii() else 1 for sign in text)

    def shown(self, title: str, content: str) -> tuple[str, str]:
        """Returns what the screen shows of a title and a content."""
        if self.overflow != "cut":
            return title, content
        return self._cut(title, self.title), self._cut(content, self.content)

    def _cut(self, text: str, most: int) -> str:
        if self._length(text) <= most:
            return text
        kept = text[: most - 1]
        while self._length(kept) >= most:
            kept = kept[:-1]
        return kept + "…"

    def refusal(self, title: str, content: str, params: Params) -> str | None:
        """Returns why the vendor rejects a message, None if it does not."""
        size = _size(title, content, params)
        if self.bytes and size > self.bytes:
            return f"{self.name} takes {self.bytes} bytes; these are {size}"
        for part, text, most in (("title", title, self.title), ("content", content, self.content)):
            if most and self.overflow == "rejected" and (length := self._length(text)) > most:
                unit = "units (a wide character is 2)" if self.unit == "wide" else "characters"
                return f"{self.name} takes {most} {unit} of {part}; this one has {length}"
        return None

    def is_marketing(self, params: Params, undeclared: str) -> bool:
        """Whether it counts as marketing; `undeclared` is what a message is that does not say."""
        name, _, key = self.declared_by.partition(".")
        value = params.get(name)
        if key:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value in self.marketing if value else (self.undeclared or undeclared) == "marketing"


@cache
def vendors() -> Mapping[str, Rules]:
    """Returns the rules by vendor."""
    found = tomllib.loads(Path(__file__).with_name("vendors.toml").read_text("utf-8"))
    return {
        vendor: Rules(**{**facts, "hours": parse_hours(facts.get("hours", "always"))})
        for vendor, facts in found.items()
    }


def _size(title: str, content: str, params: Params) -> int:
    extended = params.get("ExtendedParams") or ""
    if not isinstance(extended, str):
        extended = json.dumps(extended, ensure_ascii=False, separators=(",", ":"))
    return len("".join((title, content, extended, str(params.get("Uri") or ""))).encode())
