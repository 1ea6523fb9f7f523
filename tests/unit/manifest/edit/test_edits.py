"""Edits do one thing, keep everything else byte for byte, and are not made where it is unclear."""

from __future__ import annotations

from typing import Any

import pytest

from pushctl.diagnostics import Edit
from pushctl.manifest.edit import edits
from pushctl.manifest.yaml.loader import load
from pushctl.manifest.yaml.positions import Provenance
from tests.unit.manifest.project import HEAD, PUSH, project


def place(text: str) -> Provenance:
    document, _ = load("pushctl.yaml", text.encode())
    assert document is not None
    return document.provenance


def applied(text: str, made: tuple[Edit, ...]) -> str:
    for edit in made:
        lines = text.splitlines(keepends=True)
        start, end = edit.range.start, edit.range.end
        begin = sum(map(len, lines[: start.line - 1])) + start.column - 1
        stop = sum(map(len, lines[: end.line - 1])) + end.column - 1
        text = text[:begin] + edit.text + text[stop:]
    return text


@pytest.mark.parametrize(
    ("text", "path", "old", "new", "after"),
    [
        ("a: x  # c\nb: 1\n", ("a",), "x", "y", "a: y  # c\nb: 1\n"),
        ("a: 9:45\n", ("a",), "9:45", "09:45", 'a: "09:45"\n'),
        ("a: 'x'\n", ("a",), "x", "it's", "a: 'it''s'\n"),
        ('a: "x"\n', ("a",), "x", 'say "hi"', 'a: "say \\"hi\\""\n'),
        ("a: {b: [x, y]}\n", ("a", "b", 1), "y", "p, q", 'a: {b: [x, "p, q"]}\n'),
        ("a: 5\n", ("a",), 5, "5", 'a: "5"\n'),
        ("a: yes\n", ("a",), "yes", True, "a: true\n"),
        ("a: x\n", ("a",), "x", ["b", 1], "a: [b, 1]\n"),
        ("a: 今日 特惠\n", ("a",), "今日 特惠", "明日", "a: 明日\n"),
        ("a: acme://x\n", ("a",), "acme://x", {"intent": "acme://x"}, "a: {intent: acme://x}\n"),
        ("a: x\n   y\n", ("a",), "x y", "z", "a: x\n   y\n"),
        ('a: "${v}"\n', ("a",), "value of v", "z", 'a: "${v}"\n'),
        ("a: '5'\n", ("a",), 5, 6, "a: '5'\n"),
        ("a: 5\n", ("a",), "5", "6", "a: 5\n"),
        ("a:\n", ("a",), None, "6", "a:\n"),
        ("a: {b: c}\n", ("a",), {"b": "c"}, "z", "a: z\n"),
        ("a: [{b: c}, [d]]  # e\n", ("a",), [{"b": "c"}, ["d"]], ["f"], "a: [f]  # e\n"),
        ("a: [x, # c\n  y]\n", ("a",), ["x", "y"], ["f"], "a: [x, # c\n  y]\n"),
        ("a:\n  b: c\n", ("a",), {"b": "c"}, "z", "a:\n  b: c\n"),
        ("a: x\na: x\n", ("a",), "x", "y", "a: x\na: x\n"),
        ("a: |\n  x\n", ("a",), "x\n", "y", "a: |\n  x\n"),
    ],
)
def test_a_value_is_replaced(
    text: str, path: tuple[str | int, ...], old: Any, new: Any, after: str
) -> None:
    assert applied(text, edits.replace_value(place(text), path, old, new)) == after


@pytest.mark.parametrize(
    ("text", "path", "name", "after"),
    [
        ("a: x  # c\n", ("a",), "b", "b: x  # c\n"),
        ("'a' : x\n", ("a",), "b", "'b' : x\n"),
        ("a:\n  - x\n", ("a",), "b", "b:\n  - x\n"),
        ("m: {c: 1, a: x}\n", ("m", "a"), "b", "m: {c: 1, b: x}\n"),
        ("m: {c: 1, a: x}\n", ("m", "a"), "c", "m: {c: 1, a: x}\n"),
        ("m: [a]\n", ("m", 0), "c", "m: [a]\n"),
        ("a: x\n", ("z",), "b", "a: x\n"),
    ],
)
def test_a_key_is_renamed(text: str, path: tuple[str | int, ...], name: str, after: str) -> None:
    assert applied(text, edits.rename_key(place(text), path, name)) == after


@pytest.mark.parametrize(
    ("text", "path", "after"),
    [
        ("a: [x, y, z]\n", ("a", 0), "a: [y, z]\n"),
        ("a: [x, y, z]\n", ("a", 1), "a: [x, z]\n"),
        ("a: [x, y, z]\n", ("a", 2), "a: [x, y]\n"),
        ("a: [x]\n", ("a", 0), "a: [x]\n"),
        ("a: [x, # why\n  y]\n", ("a", 0), "a: [x, # why\n  y]\n"),
        ("a: {b: 1, c: [2, 3]}\n", ("a", "c"), "a: {b: 1}\n"),
        ("a: {b: 1, c: 2}\n", ("a", "b"), "a: {c: 2}\n"),
        ("a:\n  - x\n  - y\n  - z\nb: 1\n", ("a", 1), "a:\n  - x\n  - z\nb: 1\n"),
        ("a:\r\n- x\r\n- y\r\n", ("a", 1), "a:\r\n- x\r\n"),
        ("a:\n- x\n- y", ("a", 1), "a:\n- x"),
        ("a:\n- x\n- y  # why\n", ("a", 1), "a:\n- x\n- y  # why\n"),
        ("a:\n- - x\n  - y\n", ("a", 0, 0), "a:\n- - x\n  - y\n"),
        (
            "a:\n  b: 1\n  c:\n    d: 2\n    e: |\n      t\n\nf: 1\n",
            ("a", "c"),
            "a:\n  b: 1\n\nf: 1\n",
        ),
        ("a:\n  - b: 1\n    c: 2\n", ("a", 0, "b"), "a:\n  - b: 1\n    c: 2\n"),
    ],
)
def test_an_item_or_a_key_is_deleted(text: str, path: tuple[str | int, ...], after: str) -> None:
    assert applied(text, edits.remove(place(text), path)) == after


@pytest.mark.parametrize(
    ("text", "path", "value", "after"),
    [
        ("a:\n  b: 1  # c\nd: 2\n", ("a", "x"), "y", "a:\n  b: 1  # c\n  x: y\nd: 2\n"),
        ("a: {b: 1}\n", ("a", "x"), "y", "a: {b: 1, x: y}\n"),
        ("a: {}\n", ("a", "x"), "y", "a: {x: y}\n"),
        ("a: {}\n", ("a", "x", "z"), True, "a: {x: {z: true}}\n"),
        ("a: 1", ("x", "y"), ["9:45"], 'a: 1\nx: {y: ["9:45"]}'),
        ("a: 1\r\n", ("x",), 2, "a: 1\r\nx: 2\r\n"),
        ("a: |\n  t\n\nb:\n  - c: 1\n", ("x",), 2, "a: |\n  t\n\nb:\n  - c: 1\nx: 2\n"),
        ("a: x\n", ("a", "b"), 1, "a: x\n"),
        ("a:\n", ("a", "b"), 1, "a:\n"),
        ("a: 1\n", ("a",), 1, "a: 1\n"),
        ("a: [b: 1]\n", ("a", 0, "c"), 1, "a: [b: 1]\n"),
    ],
)
def test_a_key_is_added(text: str, path: tuple[str | int, ...], value: Any, after: str) -> None:
    assert applied(text, edits.insert(place(text), path, value)) == after


def test_what_is_added_goes_into_the_entry_and_not_into_defaults(tmp_path: Any) -> None:
    text = (
        f"{HEAD}defaults: {{vendors: {{vivo: {{class: system}}}}}}\n"
        f"environments:\n  test:\n    pushes:\n      hello: {{vendors: {{oppo: {{level: bar}}}}}}\n"
        f"pushes:\n  hello:\n{PUSH}"
    )
    reading = project(tmp_path, {"pushctl.yaml": text}, env="test")
    (push,) = reading.pushes
    made = edits.insert(push.provenance, ("vendors", "vivo", "category"), "im")
    assert applied(text, made) == text + "    vendors: {vivo: {category: im}}\n"
    (changed,) = edits.replace_value(push.provenance, ("vendors", "vivo", "class"), "system", "x")
    assert changed.range.start.line == 4


@pytest.mark.parametrize(
    "value",
    [
        "yes", "0042", "1e3", "", " x", "x ", "a: b", "a #b", "a#b", "x:", "- a", "~", "null", "*a",
        "${x}", "今日特惠", "ａ：ｂ", "\u3000x", "\u2028", "\x7f", "a\nb", "\U0001f600", "it's",
        '"', "a,b", "[x]", "20:00", "2026-12-24T20:00", "https://a.b/?c=d#e", "@everyone", "a\tb",
        5, 1.5, True, None, [], {}, ["a", {"b": "c, d"}], {"no": "yes", "5": [1]},
    ],
)  # fmt: skip
def test_what_is_written_is_read_as_just_that(value: Any) -> None:
    for text in (f"a: {edits.to_yaml(value)}\n", f"a: [{edits.to_yaml(value)}]\n"):
        document, findings = load("x", text.encode())
        assert document is not None, text
        assert findings == (), text
        assert document.data["a"] in (value, [value])
