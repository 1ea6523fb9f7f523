"""What changed between two texts is marked where it changed, and nothing is lost."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from pushctl.text.word_diff import Kind, Piece, diff, shortened

FAMILY = "👨‍👩‍👧‍👦"
COMMON = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时"
    "要就出会可也你对生能而子那得于着下自之年过发后作里"
)


def marked(before: str, after: str) -> str:
    signs = {Kind.SAME: "{}", Kind.GONE: "[-{}-]", Kind.NEW: "(+{}+)"}
    return "".join(signs[piece.kind].format(piece.text) for piece in diff(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "满299减50，今晚八点开抢",
            "满399减50，今晚九点开抢",
            "满[-299-](+399+)减50，今晚[-八-](+九+)点开抢",
        ),
        (
            "Up to 60% off until 04:00.",
            "Up to 50% off until 05:00.",
            "Up to [-60-](+50+)% off until [-04:00-](+05:00+).",
        ),
        ("Only 1,299.00 today", "Only 1,399.00 today", "Only [-1,299.00-](+1,399.00+) today"),
        ("the family smiles", "the families smile", "the [-family smiles-](+families smile+)"),
        ("今夜はケーキで乾杯", "今夜はお茶で乾杯", "今夜は[-ケーキ-](+お茶+)で乾杯"),
        ("Tonight", "Tomorrow night", "[-Tonight-](+Tomorrow night+)"),
        ("", "new", "(+new+)"),
        ("gone", "", "[-gone-]"),
        ("same", "same", "same"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_what_changed_is_marked_word_by_word(before: str, after: str, expected: str) -> None:
    assert marked(before, after) == expected


def test_one_digit_of_a_long_text_is_seen() -> None:
    text = "全场六折，会员优先抢购，数量有限，先到先得。" * 9
    before, after = f"{text}满299减50。{text}", f"{text}满399减50。{text}"
    changed = [piece for piece in diff(before, after) if piece.kind is not Kind.SAME]
    assert changed == [Piece(Kind.GONE, "299"), Piece(Kind.NEW, "399")]


def test_what_is_too_little_to_stand_alone_is_counted_as_changed() -> None:
    assert marked("red is not blue today", "one is two or three today") == (
        "[-red is not blue-](+one is two or three+) today"
    )


@given(st.text(alphabet="ab 今日一12.," + FAMILY, max_size=40), st.text(max_size=40))
def test_both_texts_can_be_read_off(before: str, after: str) -> None:
    pieces = diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.NEW) == before
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.GONE) == after
    assert all(piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"a {FAMILY} b", "a 👨‍👩‍👧 b"),
        ("flags 🇨🇳🇯🇵 here", "flags 🇨🇳🇰🇷 here"),
        ("cafe\u0301 au lait", "cafe au lait"),
        ("ok 👍🏽 then", "ok 👍🏿 then"),
    ],
)
def test_nothing_is_cut_inside_of_a_character(before: str, after: str) -> None:
    whole = {*iter_graphemes(before), *iter_graphemes(after)}
    for piece in diff(before, after):
        assert set(iter_graphemes(piece.text)) <= whole


def texts() -> list[tuple[str, str]]:
    chance = random.Random(7)
    long = "".join(chance.choice(COMMON) for _ in range(5000))
    few = list(long)
    for _ in range(40):
        few[chance.randrange(5000)] = chance.choice(COMMON)
    other = "".join(chance.choice(COMMON) for _ in range(5000))
    return [
        (long, "".join(few)),
        (long, other),
        ("a " * 2500, "b a " * 1250),
        ("x y " * 1250, "y x z " * 830),
        (FAMILY * 700, "👨‍👩‍👧" * 900),
    ]


@pytest.mark.parametrize(("before", "after"), texts())
def test_a_text_of_5000_characters_takes_no_time(before: str, after: str) -> None:
    began = time.process_time()
    pieces = diff(before, after)
    assert time.process_time() - began < 2
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.NEW) == before


def test_shortened_keeps_the_changes_and_what_stands_around_them() -> None:
    pieces = diff(
        "abcdefgh " * 9 + "one " + "ijklmnop " * 9, "abcdefgh " * 9 + "two " + "ijklmnop " * 9
    )
    assert shortened(pieces, around=10, changes=5) == (
        Piece(Kind.SAME, "… abcdefgh "),
        Piece(Kind.GONE, "one"),
        Piece(Kind.NEW, "two"),
        Piece(Kind.SAME, " ijklmnop …"),
    )  # fmt: skip


def test_shortened_shows_only_so_many_changes_and_says_so() -> None:
    pieces = diff(
        " ".join(f"k{n} mm nn" for n in range(9)), " ".join(f"l{n} mm nn" for n in range(9))
    )
    short = shortened(pieces, around=10, changes=4)
    assert [piece.text for piece in short if piece.kind is Kind.NEW] == ["l0", "l1"]
    assert short[-1].text.endswith("…")


def test_shortened_cuts_a_long_change() -> None:
    (gone, new) = shortened(diff("x", "y" * 500), around=10, changes=4)
    assert gone == Piece(Kind.GONE, "x")
    assert new == Piece(Kind.NEW, "y" * 40 + "…")
