"""GitHub's expressions, as far as our workflows use them; anything else is an error.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r"\s*(?:(==|!=|&&|\|\||!|\(|\))|('(?:[^']|'')*')|([\w-]+(?:\.[\w-]+)*))")
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)


@dataclass
class _Reader:
    tokens: list[str]
    context: Mapping[str, Any]

    def take(self, *expected: str) -> str | None:
        if self.tokens and self.tokens[0] in expected:
            return self.tokens.pop(0)
        return None

    def either(self) -> Any:
        value = self.both()
        while self.take("||"):
            other = self.both()
            value = value or other
        return value

    def both(self) -> Any:
        value = self.compared()
        while self.take("&&"):
            other = self.compared()
            value = value and other
        return value

    def compared(self) -> Any:
        value = self.single()
        sign = self.take("==", "!=")
        if sign is None:
            return value
        return (text(value) == text(self.single())) is (sign == "==")

    def single(self) -> Any:
        if self.take("!"):
            return not self.single()
        if self.take("("):
            value = self.either()
            assert self.take(")")
            return value
        word = self.tokens.pop(0)
        if word in ("true", "false"):
            return word == "true"
        if word.startswith("'"):
            return word[1:-1].replace("''", "'")
        if self.take("("):
            assert self.take(")")
            assert word in ("always", "cancelled"), f"no function {word} here"
            return word == "always"
        return looked_up(word, self.context)


def looked_up(path: str, context: Mapping[str, Any]) -> Any:
    """Return what a name stands for; like GitHub, nothing for what is not there."""
    head, *rest = path.split(".")
    value: Any = context[head]
    for part in rest:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def evaluated(expression: str, context: Mapping[str, Any]) -> Any:
    found = _TOKEN.findall(expression)
    rest = _TOKEN.sub("", expression).strip()
    assert not rest, f"cannot read {rest!r} in {expression!r}"
    reader = _Reader(["".join(parts) for parts in found], context)
    value = reader.either()
    assert not reader.tokens, f"cannot read {expression!r}"
    return value


def filled(value: Any, context: Mapping[str, Any]) -> str:
    """Put the values of expressions into a text."""
    return _EXPRESSION.sub(lambda found: text(evaluated(found[1], context)), text(value))


def result(value: Any, context: Mapping[str, Any]) -> Any:
    """Return what an expression gives, as it is; a text with expressions in it as a text."""
    whole = _EXPRESSION.fullmatch(str(value))
    return evaluated(whole[1], context) if whole else filled(value, context)


def text(value: Any) -> str:
    """Write a value as a workflow does."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
