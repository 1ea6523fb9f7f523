"""The layout itself, sentence by sentence; that nothing is lost is shown in tests/property."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.manifest.format.formatter import format_file

TOP = Path(__file__).parents[4]
EXAMPLES = sorted((TOP / "examples").rglob("*.y*ml"))


def fmt(text: str, kind: str = "file") -> str:
    found = format_file("pushctl.yaml", text.encode(), kind=kind)
    assert found.content is not None, found.findings
    return found.content.decode()


def one(text: str) -> str:
    """Lay out one push, and return its lines without the key above."""
    lines = fmt(f"pushes:\n  a:\n{text}").split("\n")
    return "\n".join(line[4:] for line in lines[2:])


@pytest.mark.parametrize("path", EXAMPLES, ids=[str(path.relative_to(TOP)) for path in EXAMPLES])
def test_the_examples_show_the_layout(path: Path) -> None:
    content = path.read_bytes()
    assert format_file(path.name, content).content == content


def test_fields_stand_in_the_order_of_the_reference() -> None:
    assert fmt("pushes: {}\nversion: 1\nunknown: x\ntimezone: UTC\n") == (
        "version: 1\ntimezone: UTC\npushes: {}\nunknown: x\n"
    )
    assert one("    to: {users: [a]}\n    schedule: {at: x, every: day}\n") == (
        "schedule: {every: day, at: x}\nto: {users: [a]}\n"
    )


def test_names_of_ones_own_keep_their_order() -> None:
    text = "pushes:\n  b:\n    labels: {y: 1, x: 2}\n\n  a:\n    labels:\n      z: 1\n      c: 2\n"
    assert fmt(text) == text


def test_each_level_is_two_spaces_further_in() -> None:
    assert one("        to:\n            users:\n            - a\n            -   b\n") == (
        "to:\n  users:\n    - a\n    - b\n"
    )


def test_a_list_of_maps_begins_behind_its_dash() -> None:
    assert fmt("moved:\n-\n    from: a\n    to: b\n-   from: c\n    to: d\n") == (
        "moved:\n  - from: a\n    to: b\n  - from: c\n    to: d\n"
    )


def test_what_takes_several_lines_is_set_apart() -> None:
    assert fmt("version: 1\ntimezone: UTC\napp:\n  id: x\nvars: {a: b}\n\n\n\ninclude: [x]\n") == (
        "version: 1\n\napp:\n  id: x\n\ntimezone: UTC\nvars: {a: b}\n\ninclude: [x]\n"
    )
    assert fmt("pushes:\n\n  a: {}\n  b: {}\n  c:\n    to: {}\n  d: {}\n") == (
        "pushes:\n  a: {}\n  b: {}\n\n  c:\n    to: {}\n\n  d: {}\n"
    )


def test_within_a_push_blank_lines_stay_as_they_are_but_never_two() -> None:
    assert one("    owner: x\n\n\n    to: {}\n    via: mps\n") == "owner: x\n\nto: {}\nvia: mps\n"


def test_brackets_stay_if_they_fit() -> None:
    short = "labels: {class: marketing, words: [a, b]}\n"
    assert one(f"    {short}") == short
    assert one("    labels: { class : marketing,words: [ a,b , ] , }\n") == short
    assert one("    labels: {class: marketing,\n      words: [a,\n b]}\n") == short
    fits, wide = "x" * (100 - len("    labels: {a: }")), "今" * 45
    assert one(f"    labels: {{a: {fits}}}\n") == f"labels: {{a: {fits}}}\n"
    assert one(f"    labels: {{a: {fits}x}}\n") == f"labels:\n  a: {fits}x\n"
    assert one(f"    labels: {{a: {wide}}}\n") == f"labels:\n  a: {wide}\n"


def test_lines_without_brackets_are_never_made_some() -> None:
    text = "to:\n  users:\n    - a\n"
    assert one("".join(f"    {line}\n" for line in text.splitlines())) == text


def test_only_what_other_tools_read_differently_gets_quotes() -> None:
    assert one("    labels: {no: 20:00, a: 0042, b: 'x', c: 09:45, d: 2026-12-24}\n") == (
        'labels: {"no": "20:00", a: "0042", b: \'x\', c: 09:45, d: 2026-12-24}\n'
    )


def test_comments_go_with_what_they_are_about() -> None:
    assert one(
        "    # the people\n    to: {}   # all\n    # when\n    schedule:    # often\n"
        "        # own\n        at: x\n        # end of it\n    # last\n"
    ) == (
        "# when\nschedule:    # often\n  # own\n  at: x\n  # end of it\n"
        "# the people\nto: {}   # all\n# last\n"
    )


def test_the_first_comment_stays_at_the_top() -> None:
    head = "# yaml-language-server: $schema=x\n# about this file\n"
    assert fmt(f"{head}timezone: UTC\nversion: 1\n") == f"{head}version: 1\ntimezone: UTC\n"
    assert fmt(f"{head}\n# the zone\ntimezone: UTC\nversion: 1\n") == (
        f"{head}\nversion: 1\n\n# the zone\ntimezone: UTC\n"
    )


def test_comments_in_brackets_make_lines_of_them() -> None:
    assert one("    to: {users: [a, # first\n      # the other\n      b]} # end\n") == (
        "to:  # end\n  users:\n    - a  # first\n    # the other\n    - b\n"
    )


def test_a_column_of_comments_stays_one() -> None:
    text = "every: day        # x\nat: x             # y\n"
    deep = "".join(f"          {line}\n" for line in text.splitlines())
    assert one(f"    schedule:\n{deep}") == (
        "schedule:\n  every: day        # x\n  at: x             # y\n"
    )


def test_texts_keep_their_lines() -> None:
    assert (
        one(
            "    message:\n        title: one\n          two\n\n          three\n"
            '        body: "a\n    b \\\n  c"\n'
        )
        == 'message:\n  title: one\n    two\n\n    three\n  body: "a\n    b \\\n    c"\n'
    )
    assert one("    message:\n      title: |-   # why\n            a\n              b\n\n") == (
        "message:\n  title: |-  # why\n    a\n      b\n"
    )
    assert one("    message:\n      title: |4+\n           a\n\n\n    sms: {}\n") == (
        "message:\n  title: |2+\n     a\n\n\nsms: {}\n"
    )


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("version: 1", "version: 1\n"),
        ("version: 1\n\n\n", "version: 1\n"),
        ("version: 1   \r\napp: {}\r\n", "version: 1\r\napp: {}\r\n"),
        ("\ufeffversion: 1\n", "version: 1\n"),
        ("---\nversion: 1\n...\n", "---\nversion: 1\n"),
        ("%YAML 1.2\n--- # a\nversion: 1\n", "%YAML 1.2\n---\n# a\nversion: 1\n"),
        ('{"version": 1, "pushes": {}}\n', '"version": 1\n"pushes": {}\n'),
        ("", ""),
        ("# nothing yet\n\n\n# but soon", "# nothing yet\n\n# but soon\n"),
        ("{} # x\n", "{}\n# x\n"),
        ("a: |\n  text", "a: |-\n  text\n"),
        ("a:\nb: ~\nc: [~, {d: }]\n", "a:\nb: ~\nc: [~, {d: null}]\n"),
    ],
)
def test_the_edges_of_a_file(text: str, after: str) -> None:
    assert fmt(text) == after
    assert fmt(after) == after


def test_environments_have_an_order_too() -> None:
    text = "pushes: {}\nonly: {labels: {a: b}}\napp: {}\n"
    assert fmt(text, "environment") == "app: {}\nonly: {labels: {a: b}}\npushes: {}\n"


@pytest.mark.parametrize("text", ["a: [", "a: &x 1\nb: *x\n", "a: 1\na: 2\n", "- a\n", "\xff"])
def test_what_cannot_be_read_is_left_alone(text: str) -> None:
    found = format_file("pushctl.yaml", text.encode("latin-1"))
    assert found.content is None
    assert found.findings


def test_what_surely_says_the_same_cannot_be_written_is_left_alone() -> None:
    """A key on several lines is allowed, and rare enough not to be laid out."""
    found = format_file("pushctl.yaml", b'? "a\n  b"\n: 1\n')
    assert found.content is None
    assert found.findings == ()
