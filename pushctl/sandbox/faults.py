"""Fault injection: rules that say which call goes wrong, how, and how often."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

_MAX_SECONDS = 86_400.0


class FaultError(ValueError):
    """A fault rule that cannot be accepted."""


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One way to go wrong.

    `effects` are the allowed values of a rule's effect, the default first: `done` carries the
    call out, `none` does not. A modifier changes an answer instead of replacing it.
    """

    name: str
    effects: tuple[str, ...]
    meaning: str
    modifier: bool = False


FAULT_KINDS: tuple[FaultKind, ...] = (
    FaultKind("lost-response", ("done",), "commit, then close without answering"),
    FaultKind("reset-before", ("none",), "close before doing anything"),
    FaultKind("http-500", ("none", "done"), "InternalError"),
    FaultKind("http-503", ("none", "done"), "ServiceUnavailable"),
    FaultKind("http-502-html", ("none", "done"), "a proxy's HTML page"),
    FaultKind("throttle", ("none",), "400 Throttling.User"),
    FaultKind("throttle-hint", ("none",), "the same with x-acs-retry-after; `seconds` is the hint"),
    FaultKind("partial-json", ("done", "none"), "half of the answer, announced as all of it"),
    FaultKind("cut-body", ("done", "none"), "half of the announced answer, then close"),
    FaultKind("ok-no-data", ("none", "done"), "OK without PushResult or ResultContent"),
    FaultKind("auth-404", ("none",), "InvalidAccessKeyId.NotFound"),
    FaultKind("forbidden", ("none",), "403 Forbidden.RAM with AccessDeniedDetail"),
    FaultKind("huge-body", ("done", "none"), "the answer with 8 MB of padding"),
    FaultKind("wrong-types", ("done", "none"), "every field of the answer has another type"),
    FaultKind("redirect", ("none", "done"), "302 to a page that is not the service"),
    FaultKind("quota-full", ("none",), "the refusal of a full quota"),
    FaultKind("duplicate-create", ("done",), "the call has its effect twice and answers once"),
    FaultKind("cancel-race", ("done",), "what a cancellation names fires just before it"),
    FaultKind("slow", ("done",), "commit, wait `seconds`, then answer", modifier=True),
    FaultKind("slow-before", ("done",), "wait `seconds`, then go on", modifier=True),
    FaultKind("string-result", ("done",), "PushResult and ResultContent as JSON text",
              modifier=True),
    FaultKind("camel-case", ("done",), "camelCase keys in the answer", modifier=True),
    FaultKind("list-lag", ("done",), "tasks younger than `seconds` of real time are not listed",
              modifier=True),
    FaultKind("list-empty", ("done",), "nothing is listed", modifier=True),
)  # fmt: skip
_KINDS: Mapping[str, FaultKind] = {kind.name: kind for kind in FAULT_KINDS}
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


def business_code(kind: str) -> str | None:
    """Returns the result code of a `business-CODE` kind."""
    found = _BUSINESS.fullmatch(kind)
    return found[1] if found else None


def find_kind(name: str) -> FaultKind:
    """Returns a kind by name; raises FaultError."""
    if business_code(name) is not None:
        return FaultKind(name, ("none", "done"), "a refusal by result code")
    if name not in _KINDS:
        known = ", ".join([*_KINDS, "business-CODE"])
        raise FaultError(f"no such kind: {name[:60]!r}; known are {known}")
    return _KINDS[name]


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
