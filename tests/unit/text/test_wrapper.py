"""Where lines are broken."""

from __future__ import annotations

from pushctl.text.width import width, wrap


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
