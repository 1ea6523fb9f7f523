"""Tables line up, Chinese included."""

from __future__ import annotations

from pushctl.text.width import cut, pad, table, width, wrap


def test_width_counts_cells_not_characters() -> None:
    assert width("今日特惠") == 8
    assert width("abc") == 3


def test_pad_fills_up_to_cells() -> None:
    assert pad("今", 4) == "今  "


def test_cut_never_exceeds_its_cells() -> None:
    assert cut("今日特惠全场六折", 7) == "今日特…"
    assert width(cut("今日特惠全场六折", 8)) <= 8
    assert cut("short", 10) == "short"


def test_table_aligns_columns_of_mixed_text() -> None:
    text = table([("今日", "x"), ("abcdef", "y")])
    first, second = text.splitlines()
    assert width(first[: first.index("x")]) == width(second[: second.index("y")]) == 8


def test_table_cuts_lines_to_the_terminal() -> None:
    assert all(
        width(line) <= 10 for line in table([("今日特惠全场", "x" * 20)], cells=10).splitlines()
    )


def test_table_of_nothing_is_empty() -> None:
    assert table([]) == ""


def test_wrap_loses_nothing_and_keeps_the_indentation() -> None:
    line = "    fix: take `protect: true` out of 会员日 and apply that first"
    parts = wrap(line, 30)
    assert all(width(part) <= 30 for part in parts)
    assert " ".join(part.strip() for part in parts) == line.strip()
    assert all(part.startswith("      ") for part in parts[1:])


def test_wrap_leaves_a_word_that_fits_nowhere() -> None:
    assert wrap("x" * 50, 10) == ["x" * 50]


def test_colour_takes_no_room() -> None:
    assert width("\x1b[31mabc\x1b[0m") == 3
    assert cut("\x1b[31mabcdef\x1b[0m", 4) == "\x1b[31mabc…\x1b[0m"


def test_wrap_breaks_between_chinese_characters_and_leaves_punctuation_behind() -> None:
    line = "      “双十二开抢，全场六折起，会员提前两小时，数量有限”"
    parts = wrap(line, 30)
    assert all(width(part) <= 30 for part in parts)
    assert "".join(part.strip() for part in parts) == line.strip()
    assert not [part for part in parts if part.strip()[0] in "，。”"]


def test_no_line_begins_with_what_a_ci_system_obeys() -> None:
    for cells in range(8, 40):
        for text in ("今日特惠::error::owned", "今\x1b[0m::error::owned", "a 今日##[group]x"):
            assert not [
                part
                for part in wrap(f"    {text}", cells)
                if part.strip().startswith(("::", "##["))
            ]


def test_wrap_begins_no_line_with_a_gap() -> None:
    assert wrap("    aaaa bbbb   cccc", 13) == ["    aaaa bbbb", "      cccc"]
