"""Faults: rules that say which call goes wrong, how, and how often.

One reason to change: a new way for a call to go wrong.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

_MAX_SECONDS = 86_400.0


class FaultError(ValueError):
    """A fault rule that cannot be accepted."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to go wrong; `effects` lists whether the call may have its effect or not."""

    name: str
    effects: tuple[str, ...]
    meaning: str
    modifier: bool = False


KINDS: tuple[Kind, ...] = (
    Kind("lost-response", ("done",), "commit, then close without answering"),
    Kind("reset-before", ("none",), "close before doing anything"),
    Kind("http-500", ("none", "done"), "InternalError"),
    Kind("http-503", ("none", "done"), "ServiceUnavailable"),
    Kind("http-502-html", ("none", "done"), "a proxy's HTML page"),
    Kind("throttle", ("none",), "400 Throttling.User"),
    Kind("throttle-hint", ("none",), "the same with x-acs-retry-after; `seconds` is the hint"),
    Kind("partial-json", ("done", "none"), "half of the answer, announced as all of it"),
    Kind("cut-body", ("done", "none"), "half of the announced answer, then close"),
    Kind("ok-no-data", ("none", "done"), "OK without PushResult or ResultContent"),
    Kind("auth-404", ("none",), "InvalidAccessKeyId.NotFound"),
    Kind("forbidden", ("none",), "403 Forbidden.RAM with AccessDeniedDetail"),
    Kind("huge-body", ("done", "none"), "the answer with 8 MB of padding"),
    Kind("wrong-types", ("done", "none"), "every field of the answer has another type"),
    Kind("redirect", ("none", "done"), "302 to a page that is not the service"),
    Kind("quota-full", ("none",), "the refusal of a full quota"),
    Kind("duplicate-create", ("done",), "the call has its effect twice and answers once"),
    Kind("cancel-race", ("done",), "what a cancellation names fires just before it"),
    Kind("slow", ("done",), "commit, wait `seconds`, then answer", modifier=True),
    Kind("slow-before", ("done",), "wait `seconds`, then go on", modifier=True),
    Kind("string-result", ("done",), "PushResult and ResultContent as JSON text", modifier=True),
    Kind("camel-case", ("done",), "camelCase keys in the answer", modifier=True),
    Kind("list-lag", ("done",), "tasks younger than `seconds` of real time are not listed",
         modifier=True),
    Kind("list-empty", ("done",), "nothing is listed", modifier=True),
)  # fmt: skip
_KINDS: Mapping[str, Kind] = {kind.name: kind for kind in KINDS}
_BUSINESS = re.compile(r"business-(-?[A-Za-z0-9_.]{1,40})", re.ASCII)
_FIELDS = frozenset(("op", "kind", "times", "after", "match", "seconds", "effect"))


@dataclass(frozen=True, slots=True)
class Rule:
    """One fault; `times` and `after` count down, `hits` counts up."""

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
        """Whether it bends an answer instead of replacing it; several may apply at once."""
        return kind_of(self.kind).modifier

    def as_json(self) -> dict[str, object]:
        """The form control clients see."""
        return {
            "id": self.id,
            "op": self.op,
            "kind": self.kind,
            "times": self.times,
            "after": self.after,
            "match": self.match,
            "seconds": self.seconds,
            "effect": self.effect,
            "hits": self.hits,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """The faults that hit one call: at most one disruption, any number of modifiers."""

    disruption: Rule | None = None
    modifiers: tuple[Rule, ...] = ()

    def has(self, kind: str) -> bool:
        """Whether a kind is among them."""
        return kind in self.kinds

    def seconds(self, kind: str) -> float:
        """The longest `seconds` of the modifiers of a kind, 0 without any."""
        waits = [rule.seconds or 0.0 for rule in self.modifiers if rule.kind == kind]
        return max(waits, default=0.0)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Names for the request log."""
        first = (self.disruption.kind,) if self.disruption else ()
        return first + tuple(rule.kind for rule in self.modifiers)


def business_code(kind: str) -> str | None:
    """The result code of a `business-CODE` kind."""
    found = _BUSINESS.fullmatch(kind)
    return found[1] if found else None


def kind_of(name: str) -> Kind:
    """The description of a kind, or FaultError."""
    if business_code(name) is not None:
        return Kind(name, ("none", "done"), "a refusal by result code")
    if name not in _KINDS:
        known = ", ".join([*_KINDS, "business-CODE"])
        raise FaultError(f"no such kind: {name[:60]!r}; known are {known}")
    return _KINDS[name]


def parse_rule(data: object) -> Rule:
    """A checked rule from control JSON; without `times` it holds until deleted."""
    if not isinstance(data, Mapping):
        raise FaultError("a fault is a JSON object")
    unknown = sorted(str(key) for key in data if key not in _FIELDS)
    if unknown:
        raise FaultError(f"unknown field: {unknown[0][:60]!r}")
    kind = kind_of(_text(data, "kind") or "")
    effect = _text(data, "effect") or kind.effects[0]
    if effect not in kind.effects:
        raise FaultError(f"the effect of {kind.name} is {' or '.join(kind.effects)}")
    return Rule(
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


def fits(rule: Rule, op: str) -> bool:
    """Whether a rule is about an operation and not used up."""
    return rule.times != 0 and rule.op in ("*", op)
