"""Fault injection: rules that say which call goes wrong, how, and how often."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any


class FaultError(ValueError):
    """A fault rule that cannot be accepted."""


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One way to go wrong, as `faults.toml` describes it; `code` is that of a gateway's error."""

    name: str
    effects: tuple[str, ...]
    meaning: str
    modifier: bool = False
    code: str | None = None


_BUSINESS = re.compile(r"business-(-?[A-Za-z0-9_.]{1,40})", re.ASCII)
_GATEWAY = re.compile(r"gateway-([A-Za-z][A-Za-z0-9_.]{0,79})", re.ASCII)


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


@dataclass(frozen=True)
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

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Their names."""
        first = (self.disruption.kind,) if self.disruption else ()
        return first + tuple(rule.kind for rule in self.modifiers)


NO_FAULTS = ActiveFaults()


@cache
def fault_kinds() -> Mapping[str, FaultKind]:
    """Returns the kinds by their names."""
    text = Path(__file__).with_name("faults.toml").read_text("utf-8")
    return {
        name: FaultKind(name, tuple(kind.pop("effects")), **kind)
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
    if found := _GATEWAY.fullmatch(name):
        return FaultKind(name, ("none", "done"), "an error of the gateway", code=found[1])
    kinds = fault_kinds()
    if name not in kinds:
        known = ", ".join([*kinds, "business-CODE", "gateway-CODE"])
        raise FaultError(f"no such kind: {name[:60]!r}; known are {known}")
    return kinds[name]


def rule_of(
    operations: Collection[str], *, kind: str, op: str, effect: str | None = None, **facts: Any
) -> FaultRule:
    """Returns a rule whose effect is the first of its kind by default; raises FaultError.

    `operations` are the names that `op` may have besides *.
    """
    known = find_kind(kind)
    if effect not in (None, *known.effects):
        raise FaultError(f"the effect of {kind} is {' or '.join(known.effects)}")
    if op != "*" and op not in operations:
        there = ", ".join(sorted(operations))
        raise FaultError(f"no such operation: {op[:60]!r}; there are {there}, and * for all")
    return FaultRule(op, kind, effect=effect or known.effects[0], **facts)
