from __future__ import annotations

import gc
import time
from pathlib import Path
from typing import Any

import pytest

from pushctl.diagnostics import Severity
from pushctl.manifest.yaml import parser
from pushctl.manifest.yaml.loader import load
from pushctl.manifest.yaml.positions import Document


def loaded(text: str) -> Document:
    document, findings = load("pushctl.yaml", text.encode())
    assert document is not None, findings
    assert not [item for item in findings if item.severity is Severity.ERROR], findings
    return document


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("42", 42),
        ("-7", -7),
        ("1.5", 1.5),
        ("-0.25", -0.25),
        ("0042", "0042"),
        ("1e10", "1e10"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("1.10", "1.10"),
        (".5", ".5"),
        ("+1", "+1"),
        ("-0", "-0"),
        ("9999999999999999999", "9999999999999999999"),
        ("yes", "yes"),
        ("on", "on"),
        ("True", "True"),
        ("NULL", "NULL"),
        (".inf", ".inf"),
        ("2026-12-01", "2026-12-01"),
        ("2026-12-24T20:00:00", "2026-12-24T20:00:00"),
        ("09:45:11", "09:45:11"),
        ("13:45:11", "13:45:11"),
        ('"true"', "true"),
        ("'42'", "42"),
        ("|\n  two\n  lines", "two\nlines\n"),
    ],
)
def test_load_types_only_what_everybody_reads_the_same(text: str, value: Any) -> None:
    data = loaded(f"a: {text}\n").data
    assert data == {"a": value}
    assert type(data["a"]) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "{at: 2026-12-24T20:00}",
        "{at: 20:00, b: c}",
        "{open: https://m.acme.example/x?y=1, c: d}",
        "[really?, no:thing, a?b]",
        "{t: Sure?, u: 'it''s: so', v: \"a:b?c\"}",
        '{"a":1, "b":"x:y"}',
        "[?x, :y]",
    ],
)
def test_load_takes_colons_and_question_marks_in_brackets(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = f"a: {text}\n".encode()
    fast = load("x", content)
    monkeypatch.setattr(parser, "CParser", None)
    portable = load("x", content)
    assert fast[0] is not None
    assert portable[0] is not None
    assert fast[0].data == portable[0].data
    assert fast[0].source_map == portable[0].source_map


def test_load_takes_line_breaks_of_older_yaml_for_text() -> None:
    text = "a: x\u2028y\u2029z\x85\nb: 'c:d ü?e'\nc: [ü?x, y:z]\n"
    data = {"a": "x\u2028y\u2029z\x85", "b": "c:d ü?e", "c": ["ü?x", "y:z"]}
    assert loaded(text).data == data


@pytest.mark.parametrize("character", ["\ufdd0", "\ufdef", "\ufeff", "\x00", "\x7f", "\uffff"])
def test_load_refuses_what_nobody_can_see(character: str) -> None:
    document, (found,) = load("x", f"a: b\nc: d{character}e\n".encode())
    assert document is None
    assert found.range is not None
    assert (found.code, found.range.start.line, found.range.start.column) == ("PSH109", 2, 5)


def test_load_remembers_every_place() -> None:
    text = 'a:\n  "b c": [x, {d: 1}]\n\n  é: "中"\n'
    where = loaded(text).provenance
    assert str(where.locate("a", "b c", 1, "d").start) == "Position(line=2, column=18)"
    assert where.locate("a", "b c", 0).start.column == 11
    assert where.locate("a", "b c", 0).end.column == 12
    assert (where.locate("a", "é").start.line, where.locate("a", "é").start.column) == (4, 6)
    assert where.locate_key("a", "é").start.column == 3
    assert where.locate("a", "b c", 1, "nothing", 5).start.line == 2


def test_load_counts_columns_in_characters_after_a_byte_order_mark() -> None:
    document, _ = load("x", b"\xef\xbb\xbf" + "中: 1\r\nb: 2\rc: 3\n".encode())
    assert document is not None
    assert document.data == {"中": 1, "b": 2, "c": 3}
    assert document.provenance.locate("中").start.column == 4
    assert document.provenance.locate("c").start.line == 3


def test_load_collects_everything_that_is_refused() -> None:
    text = "a: &x 1\na: 2\nb: *x\n<<: {c: 1}\nd: !!str 1\n1: x\n? [y]\n: z\n"
    text += "e: {f: 1, f: 2}\n---\nx: 1\n"
    document, findings = load("x", text.encode())
    assert [item.code for item in findings] == [
        "PSH103",
        "PSH102",
        "PSH103",
        "PSH103",
        "PSH103",
        "PSH103",
        "PSH103",
        "PSH102",
        "PSH103",
    ]
    assert all(
        "defaults" in item.detail and "for_each" in item.detail
        for item in findings
        if item.code == "PSH103" and "plain text" not in item.detail
    )
    assert document is not None
    assert document.damaged
    assert document.data == {"a": 1, "d": "1", "e": {"f": 1}}


def test_load_warns_where_other_tools_differ() -> None:
    text = "a: 13:45:11\nb: yes\nc: 0042\nd: 1e10\ne: 1.10\nf: 2026-12-01\ng: 09:45:11\n"
    text += "no: x\nh: text\n"
    _, findings = load("x", text.encode())
    assert [item.range.start.line for item in findings if item.range] == [1, 2, 3, 4, 5, 8]
    assert {item.severity for item in findings} == {Severity.WARNING}


def test_load_turns_the_collector_off_and_on_again(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    parsers = parser.parsers
    monkeypatch.setattr(
        parser, "parsers", lambda text: (seen.append(gc.isenabled()), parsers(text))[1]
    )
    load("x", b"a: 1\n")
    load("x", b"a: [\n")
    assert seen == [False, False]
    assert gc.isenabled()
    gc.disable()
    try:
        load("x", b"a: 1\n")
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize(
    "content",
    [
        b"a" * 6_000_000,
        b"[" * 4_000_000,
        b"- " * 2_000_000,
        b"a: " + b"{b: " * 1_000_000,
        b"- 1\n" * 1_200_000,
        b"a: &a [x]\n" + b"".join(b"b%d: *a\n" % at for at in range(100_000)),
    ],
)
def test_load_answers_soon_whatever_it_gets(content: bytes) -> None:
    before = time.process_time()
    document, findings = load("x", content)
    assert time.process_time() - before < 8
    assert findings
    assert document is None or document.damaged


def test_load_examples_alike_with_both_parsers(monkeypatch: pytest.MonkeyPatch) -> None:
    top = Path(__file__).parents[4]
    paths = [*top.glob("examples/**/*.yaml"), *Path(__file__).parent.glob("defects/*/*.yaml")]
    fast = {path: load("x", path.read_bytes()) for path in paths}
    monkeypatch.setattr(parser, "CParser", None)
    for path in paths:
        document, findings = load("x", path.read_bytes())
        quick = fast[path][0]
        assert (document is None) == (quick is None), path
        assert [item.code for item in findings] == [item.code for item in fast[path][1]], path
        if document is not None and quick is not None:
            assert document.data == quick.data
