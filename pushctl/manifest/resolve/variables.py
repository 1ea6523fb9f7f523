"""`${name}` in texts: no logic, no environment, nothing but looking a name up.

A value that is exactly `${name}` takes the variable's type; `$${` stands for `${` itself.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct, field

from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.manifest.rules import diagnostic
from pushctl.manifest.yaml.positions import Path, Provenance
from pushctl.text.quote import quoted
from pushctl.text.regex import regex
from pushctl.text.suggest import closest

_REFERENCE = regex(r"\$\$\{|\$\{([^{}]*)\}|\$\{")
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*")


MAX_CHARACTERS = 20_000_000
"""What all texts with variables may come to; a few short lines could otherwise fill the memory."""

MAX_WEIGHT = 10_000_000
"""What all complete pushes may come to, in values; long texts count as several."""

MAX_UNDEFINED = 100
"""How many undefined variables are told of: for each, all names are searched for a similar one."""


class TooMuch(Exception):
    """The texts with variables would become too long."""


class Budget(Struct):
    """How many characters may still be made."""

    left: int = MAX_CHARACTERS
    weight: int = MAX_WEIGHT

    def spend(self, text: str) -> str:
        """Take a text from the budget; raises `TooMuch`."""
        self.left -= len(text)
        if self.left < 0:
            raise TooMuch
        return text

    def hold(self, value: Any) -> None:
        """Take a complete push from the budget, as if nothing were shared; raises `TooMuch`."""
        stack, weight = [value], self.weight
        while stack:
            item = stack.pop()
            kind = item.__class__
            if kind is str:
                weight -= len(item) >> 6
            elif kind is dict:
                stack += item.values()
            elif kind is list:
                stack += item
            weight -= 1
            if weight < len(stack):
                raise TooMuch
        self.weight = weight


class Scope(Struct):
    """What names stand for, and which of them were used.

    `each` is set inside `for_each`, and `of_each` holds the names of it that were used. `report`
    gets the path and the words of what is wrong, which `told` keeps.
    """

    values: Mapping[str, Any]
    report: Callable[[Path, str, str | None], None]
    each: Mapping[str, Any] | None = None
    used: set[str] = field(default_factory=set)
    of_each: set[str] = field(default_factory=set)
    undefined: list[str] = field(default_factory=list)
    budget: Budget = field(default_factory=Budget)
    told: set[tuple[Path, str]] = field(default_factory=set)

    def lookup(self, name: str, path: Path) -> Any:
        """Return what a name stands for; an undefined one stands for itself, and is reported."""
        if name == "each" or name.startswith("each."):
            return self._of_each(name, path)
        if name in self.values:
            self.used.add(name)
            return self.values[name]
        if not _NAME.fullmatch(name):
            self.tell(
                path,
                f"{quoted('${' + name + '}')} cannot be read as a variable.",
                "write ${name}, or $${ for the characters themselves",
            )
        else:
            self._undefined(name, path, self.values)
        return None

    def _of_each(self, name: str, path: Path) -> Any:
        if self.each is None:
            self.tell(
                path, f"`${{{name}}}` has a value only in a push with `for_each`.", "add `for_each`"
            )
            return None
        value: Any = self.each
        parts = name.split(".")
        for at, part in enumerate(parts[1:], 1):
            if not isinstance(value, Mapping) or part not in value:
                known = value if isinstance(value, Mapping) else ()
                words = (".".join([*parts[:at], item, *parts[at + 1 :]]) for item in known)
                self._undefined(name, path, list(words))
                return None
            value = value[part]
        if value is self.each:
            self._undefined(name, path, ("each.key", "each.value"))
            return None
        self.of_each.add(name)
        return value

    def _undefined(self, name: str, path: Path, known: Iterable[str]) -> None:
        self.undefined.append(name)
        if len(self.undefined) > MAX_UNDEFINED:
            return
        guess = closest(name, known)
        if guess is not None:
            self.used.add(guess)
            self.of_each.add(guess)
        names = ", ".join(heapq.nsmallest(10, known))
        detail = f"`${{{name}}}` stands for nothing that is defined under `vars` or `for_each`."
        if guess:
            fix = f"did you mean ${{{guess}}}?"
        elif names:
            fix = f"use one of: {names}; or write $${{ for the characters themselves"
        else:
            fix = "define it under `vars`, or write $${ for the characters themselves"
        self.tell(path, detail, fix)

    def tell(self, path: Path, detail: str, fix: str | None) -> None:
        """Report what is wrong with a value, once however often it is in there."""
        if (path, detail) not in self.told:
            self.told.add((path, detail))
            self.report(path, detail, fix)


def interpolated(value: Any, scope: Scope, path: Path = ()) -> Any:
    """Return the value with every reference replaced; the same object where there is none."""
    kind = value.__class__
    if kind is str:
        return _text(value, scope, path) if "${" in value else value
    if kind is dict:
        return {key: interpolated(item, scope, (*path, key)) for key, item in value.items()}
    if kind is list:
        return [interpolated(item, scope, (*path, at)) for at, item in enumerate(value)]
    return value


def mentions(value: Any) -> bool:
    """Tell whether there is anything to replace, which is much cheaper than replacing."""
    kind = value.__class__
    if kind is str:
        return "${" in value
    if kind is dict:
        return any(map(mentions, value.values()))
    return kind is list and any(map(mentions, value))


def _text(text: str, scope: Scope, path: Path) -> Any:
    whole = _REFERENCE.fullmatch(text)
    if whole is not None and whole[1] is not None:
        found = scope.lookup(whole[1].strip(), path)
        return text if found is None else found

    def piece(match: re.Match[str]) -> str:
        if match[0] == "$${":
            return "${"
        if match[1] is None:
            scope.tell(
                path,
                f"A `${{` in {quoted(text)} is never closed.",
                "close it with }, or write $${ for the characters themselves",
            )
            return match[0]
        return _embedded(scope.lookup(match[1].strip(), path), match, scope, path)

    return _REFERENCE.sub(lambda match: scope.budget.spend(piece(match)), text)


def _embedded(found: Any, match: re.Match[str], scope: Scope, path: Path) -> str:
    if found is None:
        return match[0]
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, dict | list):
        kind = "map" if isinstance(found, dict) else "list"
        scope.tell(
            path,
            f"`{match[0]}` is a {kind}, so it cannot be part of a text.",
            "let it be the whole value, or name one value inside it",
        )
        return match[0]
    return str(found)


def unused_of_each(each: Any, used: set[str], provenance: Provenance) -> list[Diagnostic]:
    """Return a warning for each value that instances have and nothing refers to.

    Where nothing refers to any of them, or to all of them as a whole, there is nothing to say.
    """
    words = {tuple(name.split(".")) for name in used}
    known = {name[2] for name in words if len(name) > 2}
    if not isinstance(each, dict) or not known or ("each", "value") in words:
        return []
    first: dict[str, str] = {}
    for key, value in each.items():
        for name in value if isinstance(value, dict) else ():
            first.setdefault(name, key)
    return [
        _unused(
            f"`{name}` stands in `for_each`",
            provenance.locate_key("for_each", key, name),
            f"each.value.{name}",
        )
        for name, key in first.items()
        if name not in known
    ]


def unused(names: Iterable[str], used: set[str], provenance: Provenance) -> list[Diagnostic]:
    """Return a warning for each variable that nothing refers to."""
    return [
        _unused(f"`{name}` is defined", provenance.locate_key(name), name)
        for name in names
        if name not in used
    ]


def _unused(what: str, where: Range, reference: str) -> Diagnostic:
    detail = f"{what}, but nothing refers to it."
    fix = f"delete it, or use it as ${{{reference}}}"
    return diagnostic("PSH105", detail, where, fix, Severity.WARNING)
