"""Changes of one input that keep so much of it that readers get beyond its first line."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

HARD_TEXTS = (
    *(
        "",
        " ",
        "\n",
        "\r",
        "\t",
        "\x00",
        "\x1b[2J",
        "\u2028",
        "\ufeff",
        "\u200b",
        "\u202e",
        "\ud800",
    ),
    *(
        "👩‍👩‍👧",
        "a\u0301",
        "%s",
        "${",
        "${a}",
        "$${",
        "{{a}}",
        "#",
        ": ",
        "- ",
        "[",
        "{",
        '"',
        "'",
        "&a",
        "*a",
    ),
    *(
        "null",
        "true",
        "NaN",
        "Infinity",
        "-0",
        "1e999",
        "0x10",
        "1_000",
        "1.10",
        "yes",
        "<<",
        "---",
    ),
    *(
        "2026-02-30",
        "0000-00-00",
        "9999-12-31",
        "2026-12-24T20:00",
        "24:00",
        "25:61",
        "Asia/Nowhere",
    ),
    *(
        "x@a.example\ny",
        "+4915112345678",
        "https://a.example/?q=1",
        "tel:1",
        "AKIAIOSFODNN7EXAMPLE",
    ),
    *("../../etc/passwd", "a/b", "~", "__proto__", "a" * 300, "9" * 5000, "-" + "9" * 5000),
)
HARD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63), 10**30, 10**5000, 0.5, 1e300, -1e300),
    *(float("nan"), float("inf"), [], {}, [[]], [None], {"": None}, {"a": {"b": []}}),
    *HARD_TEXTS,
)

Tree = Any
Steps = Callable[[random.Random, bytes], bytes]


def in_bytes(chance: random.Random, text: bytes, words: Sequence[bytes], other: bytes) -> bytes:
    """Change some bytes: one, a stretch, a word of the language, a part of another input."""
    at = chance.randrange(len(text) + 1)
    end = min(len(text), at + chance.choice((0, 1, 1, 2, 5, 20, 100)))
    match chance.randrange(7):
        case 0:
            return text[:at] + bytes([chance.randrange(256)]) + text[at + 1 :]
        case 1:
            return text[:at] + text[end:]
        case 2:
            return text[:at] + text[at:end] * chance.choice((2, 3, 30)) + text[end:]
        case 3 | 4:
            return text[:at] + chance.choice(words) + text[end:]
        case 5:
            start = chance.randrange(len(other) + 1)
            return text[:at] + other[start : start + chance.randrange(80)] + text[end:]
        case _:
            lines = text.split(b"\n")
            one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[one], lines[two] = lines[two], lines[one]
            return b"\n".join(lines)


def in_tree(chance: random.Random, value: Tree) -> Tree:
    """Change one place of a value as JSON has it: another type, no key, a key or an item twice."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        return _in_map(chance, value)
    if isinstance(value, list) and value and chance.random() < 0.9:
        return _in_list(chance, value)
    if isinstance(value, str) and value and chance.random() < 0.4:
        at = chance.randrange(len(value) + 1)
        return value[:at] + chance.choice(HARD_TEXTS) + value[at:]
    if isinstance(value, int | float) and chance.random() < 0.4:
        return value + chance.choice((-1, 1, 1000, -(10**9), 10**12))
    return chance.choice((*HARD_VALUES, [value], {"a": value}, str(value), json.dumps(value)))


def _in_map(chance: random.Random, value: dict[str, Tree]) -> Tree:
    key = chance.choice(list(value))
    match chance.randrange(8):
        case 0:
            return {name: item for name, item in value.items() if name != key}
        case 1:
            return {**value, chance.choice(HARD_TEXTS): value[key]}
        case 2:
            return {**value, key: value[chance.choice(list(value))]}
        case _:
            return {**value, key: in_tree(chance, value[key])}


def _in_list(chance: random.Random, value: list[Tree]) -> Tree:
    at = chance.randrange(len(value))
    match chance.randrange(8):
        case 0:
            return value[:at] + value[at + 1 :]
        case 1:
            return value + value[at : at + 1] * chance.choice((1, 2, 20))
        case _:
            return [*value[:at], in_tree(chance, value[at]), *value[at + 1 :]]
