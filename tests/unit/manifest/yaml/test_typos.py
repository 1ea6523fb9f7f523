"""Typos: what is said, where, and that the edits fix it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pushctl.diagnostics import Diagnostic
from pushctl.manifest.edit.apply import apply_edits, compatible
from pushctl.manifest.read import read_manifest
from pushctl.manifest.yaml.loader import load
from pushctl.manifest.yaml.typos import half_width
from tests.unit.manifest.project import HEAD

GOOD = """\
pushes:
  hello:
    schedule: {at: 2026-12-24T20:00}
    to: {users: [u1]}
    message:
      title: Good
      body: Tonight
    expires_after: 1h
    owner: crm@acme.example
  world:
    schedule: {at: 2026-12-24T20:00}
    to: {users: [u1]}
    message: {title: Good, body: Tonight}
"""
MAP = ": {title: Good, body: Tonight}"
WIDE = "is a full-width one (：)"
SIGN = "is a full-width sign"
SPACE = "There is no plain space behind the colon"
BOTH = "title: Good\n      body: Tonight"


def findings(folder: Path, text: str) -> tuple[Diagnostic, ...]:
    (folder / "pushctl.yaml").write_text(HEAD + text, "utf-8")
    return read_manifest(folder).diagnostics


@pytest.mark.parametrize(
    ("right", "wrong", "line", "words"),
    [
        ("title: Good\n", "title：Good\n", 6, f"`title` {WIDE}"),
        ("title: Good\n", "title： Good\n", 6, f"`title` {WIDE}"),
        ("body: Tonight\n", "body：Tonight\n", 7, f"`body` {WIDE}"),
        (BOTH, "title：Good\n      body：Tonight", 6, f"`title` {WIDE}"),
        ("title: Good\n", "title:Good\n", 6, f"{SPACE} of `title`"),
        ("expires_after: 1h", "expires_after：1h", 8, f"`expires_after` {WIDE}"),
        ("{at: 2026", "{at：2026", 3, f"`at` {WIDE}"),
        ("{at: 2026", "{at:2026", 3, f"{SPACE} of `at`"),
        ("{title: Good, body: Tonight}", "{title：Good，body：Tonight}", 13, f"`title` {WIDE}"),
        ("{title: Good, body", "{title: Good，body", 13, f"`，` {SIGN}"),
        ("{title: Good, body: Tonight}", "｛title: Good, body: Tonight｝", 13, f"`｛` {SIGN}"),
        ("{title: Good, body: Tonight}", "｛title：Good，body：Tonight｝", 13, f"`｛` {SIGN}"),
        (
            ": {title: Good, body: Tonight}",
            "：{title：Good，body：Tonight}",
            13,
            f"`message` {WIDE}",
        ),
        (
            ": {title: Good, body: Tonight}",
            "：{title： Good，body: Tonight}",
            13,
            f"`message` {WIDE}",
        ),
        ("{title: Good, body", '{title: "Good"，body', 13, f"`，` {SIGN}"),
        ("[u1]", "【u1】", 4, f"`【` {SIGN}"),
        ("title: Good\n", "title:\u00a0Good\n", 6, f"{SPACE} of `title`"),
        ("title: Good\n", "title = Good\n", 6, "`=` stands behind `title`"),
        ("body: Tonight\n", "body = Tonight\n", 7, "`=` stands behind `body`"),
        (BOTH, "title = Good\n      body = Tonight", 6, "`=` stands behind `title`"),
        ("{title: Good, body", "{title = Good, body", 13, "`=` stands behind `title`"),
        ("1h", "１h", 8, "signs that are full-width"),
        ("title: Good\n", "title: #1 Good\n", 6, "so it is a comment"),
    ],
)
def test_what_people_do(right: str, wrong: str, line: int, words: str, tmp_path: Path) -> None:
    text = GOOD.replace(right, wrong, 1)
    found = findings(tmp_path, text)
    assert words in found[0].detail
    assert {item.range.start.line - 3 for item in found if item.range} == {line}
    content = (HEAD + text).encode()
    for _ in range(2):
        wanted = compatible(findings(tmp_path, content.decode().removeprefix(HEAD)))
        after = apply_edits(content, [edit for item in wanted for edit in item.edits])
        assert after is not None
        content = after
        if not findings(tmp_path, content.decode().removeprefix(HEAD)):
            return
    raise AssertionError(content.decode())


@pytest.mark.parametrize(
    ("right", "wrong", "line", "words"),
    [
        ("title: Good\n", "title: Good: today\n", 6, "a second colon"),
        ("{title: Good, body", "{title: Good #1, body", 13, "# behind a space begins a comment"),
        ("    owner: crm", "  owner: crm", 9, "where the ids of pushes stand"),
        ("      title: Good\n", "    title: Good\n", 7, "does not fit the lines above it"),
        ("      body: Tonight\n", "        body: Tonight\n", 7, "does not fit the lines above it"),
    ],
)
def test_what_only_a_person_can_fix(
    right: str, wrong: str, line: int, words: str, tmp_path: Path
) -> None:
    (found,) = findings(tmp_path, GOOD.replace(right, wrong, 1))
    assert words in found.detail
    assert found.edits == ()
    assert found.range is not None
    assert found.range.start.line == line + 3


def test_a_whole_push_that_stands_too_far_in(tmp_path: Path) -> None:
    head, _, tail = GOOD.partition("  world:")
    tail = "".join(f"  {line}\n" for line in f"  world:{tail}".splitlines())
    (found,) = findings(tmp_path, head + tail)
    assert "a push of its own" in found.detail


TEXTS = [
    ("您好【姓名】", "见[官网]，今晚"),
    ("【限时】全场六折", "“今晚”，body：｛x｝"),
    ("［a］", "at：20：00，to：all｝"),
    ('"a，title：b"', "'x，body：y'"),
]


@pytest.mark.parametrize(("title", "body"), TEXTS)
@pytest.mark.parametrize(
    ("right", "wrong"),
    [("title: %s", "title：%s"), ("body: %s", "body：%s"), ("    to: {", "    to：{")],
)
def test_the_texts_around_a_typo_stay_as_they_are(
    right: str, wrong: str, title: str, body: str, tmp_path: Path
) -> None:
    """What is changed by a machine is read by people."""
    text = GOOD.replace("title: Good\n", f"title: {title}\n").replace("Tonight\n", f"{body}\n")
    name = title if "title" in right else body
    wrong_text = text.replace(right.replace("%s", name), wrong.replace("%s", name), 1)
    assert wrong_text != text
    content = (HEAD + wrong_text).encode()
    for item in compatible(findings(tmp_path, wrong_text)):
        content = apply_edits(content, item.edits) or content
    assert content.decode() == HEAD + text


@pytest.mark.parametrize(
    "title", ["全场六折：今晚开抢，别错过", "“好”【限时】", "at:2026", "a：b", "{a：b}"]
)
def test_texts_may_have_all_of_that(title: str, tmp_path: Path) -> None:
    quoted = f'"{title}"' if title.startswith("{") else title
    assert findings(tmp_path, GOOD.replace("Good\n", f"{quoted}\n")) == ()


def test_the_fields_of_an_id_that_stands_too_far_in_are_there_twice(tmp_path: Path) -> None:
    found = findings(tmp_path, GOOD.replace("  world:", "    world:"))
    assert {item.code for item in found} == {"PSH102"}
    assert not any(item.edits for item in found)


def test_a_field_that_is_there_twice_is_no_id(tmp_path: Path) -> None:
    text = GOOD.replace("    owner:", "    via:\n    schedule: {now: true}\n    owner:")
    assert [item.code for item in findings(tmp_path, text)] == ["PSH102"]
    assert "is on line" in findings(tmp_path, text)[0].detail


@pytest.mark.parametrize(
    ("text", "plain"),
    [("２０：００", "20:00"), ("“20:00”", "20:00"), ("１２ｈ", "12h"), ("12h", "12h"), ('"', '"')],
)
def test_half_width(text: str, plain: str) -> None:
    assert half_width(text) == plain


# --- an unquoted comment ----------------------------------------------------------------------

ENTRY = """\
pushes:
  hello:
    schedule: {now: true}
    to: {users: [u1]}
    message:
      title: %s
      body: Tonight.
"""


def comments(folder: Path, text: str) -> list[Diagnostic]:
    (folder / "pushctl.yaml").write_text(HEAD + text, "utf-8")
    return [item for item in read_manifest(folder).diagnostics if item.code == "PSH122"]


@pytest.mark.parametrize(
    ("written", "lost"),
    [
        ("双十二 #全场六折 今晚开抢", "#全场六折 今晚开抢"),
        ("Sale  #1 # not 2", "#1 # not 2"),
        ("A\n        B #c", "#c"),
        ("Sale # of the year", None),
        ("Sale ## of the year", None),
        ("Sale #", None),
        ("Sale#1", None),
        ('"Sale" #1', None),
        ("'Sale #1'", None),
        (">-\n        Sale #1", None),
        ("Sale #1\r", "#1"),
    ],
)
def test_what_is_lost(written: str, lost: str | None, tmp_path: Path) -> None:
    items = comments(tmp_path, ENTRY % written)
    assert [item.push for item in items] == ([] if lost is None else ["hello"])
    assert all(lost is not None and f'"{lost}"' in item.detail for item in items)


def test_only_texts_that_people_see(tmp_path: Path) -> None:
    text = ENTRY % "A" + "    expires_after: 1h #short\n    description: A #b\n"
    assert comments(tmp_path, text) == []
    text = ENTRY % "${a}" + "      open: {url: https://a.example/ #b\n        }\nvars:\n  a: A #b\n"
    assert [item.range.start.line for item in comments(tmp_path, text) if item.range] == [11, 14]


def test_instances_share_their_comment(tmp_path: Path) -> None:
    text = (ENTRY % "${each.value} #1").replace("hello:", "hello:\n    for_each: [a, b]")
    (item,) = comments(tmp_path, text)
    assert item.push is None


@pytest.mark.parametrize("written", ["Sale #1 today", "#1 of the year", 'The "x" #1'])
def test_the_whole_line_is_put_in_quotes(written: str, tmp_path: Path) -> None:
    text = HEAD + ENTRY % written
    (tmp_path / "pushctl.yaml").write_text(text, "utf-8")
    (item,) = compatible(read_manifest(tmp_path).diagnostics)
    after = apply_edits(text.encode(), item.edits)
    assert after is not None
    (tmp_path / "pushctl.yaml").write_bytes(after)
    (push,) = read_manifest(tmp_path).pushes
    assert push.entry.message.title == written
    assert not read_manifest(tmp_path).diagnostics


def test_within_brackets_nobody_knows_how_far_it_goes(tmp_path: Path) -> None:
    text = (ENTRY % "A").replace("body: Tonight.", "open: {url: https://a.example/ #b\n       }")
    (item,) = comments(tmp_path, text)
    assert item.edits == ()


@pytest.mark.parametrize("items", ["-u1", "-u1\n        -u2", "- u1\n        -u2"])
def test_a_dash_without_a_space_gets_one(items: str, tmp_path: Path) -> None:
    text = GOOD.replace("to: {users: [u1]}", f"to:\n      users:\n        {items}", 1)
    (found,) = findings(tmp_path, text)
    assert found.detail.startswith("There is no space behind the dash")
    fixed = apply_edits((HEAD + text).encode(), found.edits) or b""
    assert load("x", fixed)[0] is not None
    assert not re.search(b"-u", fixed)


@pytest.mark.parametrize(
    "message", ["{title: Sale, today only, body: b}", "{body: b, title: “Sale, today”}"]
)
def test_a_comma_does_not_cut_a_text_short(message: str, tmp_path: Path) -> None:
    (found,) = findings(tmp_path, GOOD.replace("{title: Good, body: Tonight}", message))
    assert found.detail.startswith("The comma before this ends a text in brackets")
    assert (found.fix, found.edits) == ("put the whole text in quotes", ())


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("    to: {users: [u1]}", "\u00a0\u00a0\u00a0\u00a0to: {users: [u1]}"),
        ("    to: {users: [u1]}", "  \u00a0\u00a0to: {users: [u1]}"),
        ("      title: Good", "\u3000\u3000\u3000title: Good"),
        ("      body: Tonight", "      \u2003body: Tonight"),
        ("    expires_after: 1h", "\u200b    expires_after: 1h"),
        ("    owner: crm@acme.example\n  world:", "    owner: crm@acme.example\n\u3000world:"),
    ],
)
def test_blanks_that_indent_nothing_are_told_at_their_line(
    line: str, wrong: str, tmp_path: Path
) -> None:
    text = HEAD + GOOD.replace(line, wrong, 1)
    (tmp_path / "pushctl.yaml").write_text(text, "utf-8")
    (found,) = read_manifest(tmp_path).diagnostics
    sign = next(x for x in wrong if not x.isascii())
    assert found.detail.startswith(f"The indentation has U+{ord(sign):04X} (")
    assert found.range is not None
    assert sign in text.splitlines()[found.range.start.line - 1]


def test_any_blank_may_begin_a_line_of_a_long_text() -> None:
    text = "a:\n  b: |\n    \u3000\u3000One.\n\n    \u3000\u3000Two.\n  c: d: e\n"
    document, (found,) = load("x", text.encode())
    assert (document, found.detail[:22]) == (None, "There is a second colo")
    document, none = load("x", text.replace("d: e", "d").encode())
    assert document is not None
    assert (document.data["a"]["b"], none) == ("\u3000\u3000One.\n\n\u3000\u3000Two.\n", ())
