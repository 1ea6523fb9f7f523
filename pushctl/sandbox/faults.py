"""Fault injection: rules that say which call goes wrong, how, and how often."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_MAX_SECONDS = 86_400.0


class FaultError(ValueError):
    """A fault rule that cannot be accepted."""


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One way to go wrong, as `faults.toml` describes it."""

    name: str
    effects: tuple[str, ...]
    meaning: str
    modifier: bool = False


_BUSINESS = re.compile(r"business-(-?[A-Za-z0-9_.]{1,40})", re.ASCII)
_FIELDS = ("op", "kind", "times", "after", "match", "seconds", "effect")


@dataclass(frozen=True, slots=True)
class FaultRule:
    """A fault on calls of `op` (* is every operation) that contain the text `match`.

    It skips `after` calls, then hits `times` calls (None: all). `seconds` is a duration.
    """

    op: str
    kind: str
    times: int | None = None
    after: int = 0
    match: str | None = None
    seconds: float | None = None
    effect: str = "none"
    hits: int = 0
    id: int = 0

    @property
    def modifier(self) -> bool:
        """Whether it changes an answer instead of replacing it; several may apply at once."""
        return find_kind(self.kind).modifier


@dataclass(frozen=True, slots=True)
class ActiveFaults:
    """The faults that hit one call: at most one that replaces its answer, and modifiers."""

    disruption: FaultRule | None = None
    modifiers: tuple[FaultRule, ...] = ()

    def has(self, kind: str) -> bool:
        """Whether one of them is of this kind."""
        return kind in self.kinds

    def seconds(self, kind: str) -> float:
        """Returns the longest `seconds` of the modifiers of this kind, or 0."""
        waits = [rule.seconds or 0.0 for rule in self.modifiers if rule.kind == kind]
        return max(waits, default=0.0)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Their names."""
        first = (self.disruption.kind,) if self.disruption else ()
        return first + tuple(rule.kind for rule in self.modifiers)


@cache
def fault_kinds() -> Mapping[str, FaultKind]:
    """Returns the kinds by their names."""
    text = Path(__file__).with_name("faults.toml").read_text("utf-8")
    return {
        name: FaultKind(name, tuple(kind["effects"]), kind["meaning"], kind.get("modifier", False))
        for name, kind in tomllib.loads(text).items()
    }


def business_code(kind: str) -> str | None:
    """Returns the result code of a `business-CODE` kind."""
    found = _BUSINESS.fullmatch(kind)
    return found[1] if found else None


def find_kind(name: str) -> FaultKind:
    """Returns a kind by name; raises FaultError."""
    if business_code(name) is not None:
        return FaultKind(name, ("none", "done"), "a refusal by result code")
    kinds = fault_kinds()
    if name not in kinds:
        known = ", ".join([*kinds, "business-CODE"])
        raise FaultError(f"no such kind: {name[:60]!r}; known are {known}")
    return kinds[name]


def parse_rule(data: object) -> FaultRule:
    """Returns a rule from its JSON object; raises FaultError."""
    if not isinstance(data, Mapping):
        raise FaultError("a fault is a JSON object")
    unknown = sorted(str(key) for key in data if key not in _FIELDS)
    if unknown:
        raise FaultError(f"unknown field: {unknown[0][:60]!r}")
    kind = find_kind(_text(data, "kind") or "")
    effect = _text(data, "effect") or kind.effects[0]
    if effect not in kind.effects:
        raise FaultError(f"the effect of {kind.name} is {' or '.join(kind.effects)}")
    return FaultRule(
        op=_text(data, "op") or "*",
        kind=kind.name,
        times=_count(data, "times"),
        after=_count(data, "after") or 0,
        match=_text(data, "match"),
        seconds=_seconds(data),
        effect=effect,
    )


def _text(data: Mapping[str, object], name: str) -> str | None:
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > 1000:
        raise FaultError(f"{name} must be a short text")
    return value


def _count(data: Mapping[str, object], name: str) -> int | None:
    value = data.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10**9:
        raise FaultError(f"{name} must be a whole number from 0")
    return value


def _seconds(data: Mapping[str, object]) -> float | None:
    value = data.get("seconds")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FaultError("seconds must be a number")
    if not math.isfinite(value) or not 0 <= value <= _MAX_SECONDS:
        raise FaultError(f"seconds must be between 0 and {_MAX_SECONDS:.0f}")
    return float(value)
