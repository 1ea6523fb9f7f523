"""What the vendors of phones accept, as `vendors.toml` says."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pushctl.sandbox.devices.hours import ALWAYS, Hours, parse_hours

Params = Mapping[str, object]

_AS_WRITTEN = ("name", "platform", "title", "content", "bytes", "undeclared", "marketing_per_day")


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one vendor; lengths are in units, 0 is no bound."""

    name: str = ""
    platform: str = ""
    title: int = 0
    content: int = 0
    wide: bool = False
    cuts: bool = False
    bytes: int = 0
    declares: str = ""
    marketing: tuple[str, ...] = ()
    undeclared: str = ""
    marketing_per_day: int = 0
    hours: Hours = ALWAYS
    rejects_outside: bool = False

    def length(self, text: str) -> int:
        """Returns the length of a text in units."""
        return sum(2 if self.wide and not sign.isascii() else 1 for sign in text)

    def shown(self, title: str, content: str) -> tuple[str, str]:
        """Returns what the screen shows of a title and a content."""
        if not self.cuts:
            return title, content
        return self._cut(title, self.title), self._cut(content, self.content)

    def _cut(self, text: str, most: int) -> str:
        if self.length(text) <= most:
            return text
        kept = text[: most - 1]
        while self.length(kept) >= most:
            kept = kept[:-1]
        return kept + "…"

    def refusal(self, title: str, content: str, params: Params) -> str | None:
        """Returns why the vendor rejects a message, None if it does not."""
        size = _size(title, content, params)
        if self.bytes and size > self.bytes:
            return f"{self.name} takes {self.bytes} bytes; these are {size}"
        for part, text, most in (("title", title, self.title), ("content", content, self.content)):
            if most and not self.cuts and (length := self.length(text)) > most:
                unit = "units (a wide character is 2)" if self.wide else "characters"
                return f"{self.name} takes {most} {unit} of {part}; this one has {length}"
        return None

    def is_marketing(self, params: Params, undeclared: str) -> bool:
        """Whether it counts as marketing; `undeclared` is what a message is that does not say."""
        name, _, key = self.declares.partition(".")
        value = params.get(name)
        if key:
            value = value.get(key) if isinstance(value, Mapping) else None
        if not value:
            return (self.undeclared or undeclared) == "marketing"
        return value in self.marketing


@cache
def vendors() -> Mapping[str, Rules]:
    """Returns the rules by vendor."""
    text = Path(__file__).with_name("vendors.toml").read_text("utf-8")
    return {vendor: _rules(facts) for vendor, facts in tomllib.loads(text).items()}


def _rules(facts: Mapping[str, Any]) -> Rules:
    return Rules(
        wide=facts.get("unit") == "wide",
        cuts=facts.get("overflow") == "cut",
        declares=facts.get("class", ""),
        marketing=tuple(facts.get("marketing", ())),
        hours=parse_hours(facts.get("hours", "always")),
        rejects_outside=facts.get("outside") == "rejected",
        **{name: facts[name] for name in _AS_WRITTEN if name in facts},
    )


def _size(title: str, content: str, params: Params) -> int:
    extended = params.get("ExtendedParams") or ""
    if not isinstance(extended, str):
        extended = json.dumps(extended, ensure_ascii=False, separators=(",", ":"))
    return len("".join((title, content, extended, str(params.get("Uri") or ""))).encode())
