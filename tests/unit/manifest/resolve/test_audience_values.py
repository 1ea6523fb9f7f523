from __future__ import annotations

import re

import pytest

from pushctl.manifest.resolve.audience_values import (
    ALONE,
    common_shape,
    invisible,
    not_a_list,
    odd_one_out,
    problem_of,
)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("NULL", "no value"),
        ("undefined", "no value"),
        ("\\N", "no value"),
        ("NA", "no value"),
        ("<NA>", "no value"),
        ("all", "never everybody"),
        ("*", "never everybody"),
        ("#N/A", "error of the spreadsheet"),
        ("#NAME?", "error of the spreadsheet"),
        ("#DIV/0!", "error of the spreadsheet"),
        ("1.38012E+10", "digits"),
        ("1,38E+10", "digits"),
        ("1E+15", "digits"),
        ("1.38012E10", "digits"),
        ("1001.0", "digits"),
        ("Total", "totals"),
        ("Grand Total: 1,234", "totals"),
        ("合计", "totals"),
        ("共1234人", "totals"),
        ("(2 rows)", "totals"),
        ('="0042"', "no plain target"),
        ("'0042", "no plain target"),
        ("“u1”", "no plain target"),
        ("u\ufffd7", "lost a character"),
        ("-", "neither a letter nor a digit"),
        ("????", "neither a letter nor a digit"),
        ("u1\u200e", "U+200E"),
        ("\ufeffu1", "U+FEFF"),
        ("u\u00ad1", "U+00AD"),
        ("u1\ufe0f", "U+FE0F"),
        ("u\u20281", "U+2028"),
        ("u1,u2", '","'),
        ("u1 u2", '" "'),
    ],
)
def test_nobody_is_called_that(value: str, words: str) -> None:
    found = problem_of(value, ALONE)
    assert found is not None
    assert words in found[0]


@pytest.mark.parametrize(
    "value",
    # the last five are hexadecimal or just look a little like what is refused
    [
        *(
            "u1",
            "0042",
            "用户-1",
            "a@b",
            "o'brien",
            "{3F25-04E0}",
            "na",
            "nancy",
            "allan",
            "total12",
        ),
        *("12e45678", "1e10", "10.0.1", "nullable", "E+1"),
    ],
)
def test_somebody_may_be_called_that(value: str) -> None:
    assert problem_of(value, ALONE) is None


def test_it_depends_on_the_list_what_may_separate_targets() -> None:
    assert problem_of("auth0|5f7c", ALONE) is not None
    assert problem_of("auth0|5f7c", re.compile("[;]")) is None
    assert problem_of("u1;u2", re.compile("[;]")) is not None
    assert problem_of("u1;u2", None) is None


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("version https://git-lfs.github.com/spec/v1\noid sha256:0a\n", 1, "Git LFS"),
        ("\n  <!DOCTYPE html>\n", 2, "web page"),
        ('{"error": "AccessDenied", "code": 403}\n', 1, "error message"),
        ('{"errcode": 40001}\n', 1, "error message"),
        ("<Error><Code>NoSuchKey</Code></Error>", 1, "error message"),
        ("u1\n<<<<<<< HEAD\nu2\n", 2, "merge conflict"),
        ("u1\nu2\n=======\nu3\n", 3, "merge conflict"),
        ("u1\nu2\n>>>>>>> feature\n", 3, "merge conflict"),
    ],
)
def test_what_stands_in_place_of_a_list(text: str, line: int, words: str) -> None:
    found = not_a_list(text.split("\n"))
    assert found is not None
    assert found[0] == line
    assert words in found[1]


@pytest.mark.parametrize("text", ["", "u1\n<u2>\n", "<<u1\n", "========\n", "version 2\n"])
def test_what_is_a_list(text: str) -> None:
    assert not_a_list(text.split("\n")) is None


@pytest.mark.parametrize(
    ("targets", "odd"),
    [
        (["Kundennr", "1001", "1002", "1003"], "Kundennr"),
        (["u1", "u2", "u3", "dev-4f"], "dev-4f"),
        (["00000001", "00000002", "00000003", "4"], "4"),
        (["Kundennr", "1001", "1002"], None),  # too few to say
        (["u8", "u9", "u7", "u10"], None),  # counting on
        (["shop.1@cn", "shop.100@cn", "shop.101@cn", "shop.102@cn"], None),
        (["ann", "ben", "cat", "dora-lee"], None),  # names
        (["u1", "u2", "u3", "x-1", "y-2"], None),
        (["u1", "u2", "u3"], None),
    ],
)
def test_the_one_that_looks_unlike_the_others(targets: list[str], odd: str | None) -> None:
    assert odd_one_out(targets) == odd


def test_a_common_shape() -> None:
    assert common_shape(["qh-123", "vip-7"]) == "a-0"
    assert common_shape(["0a" * 16, "f3" * 16]) == common_shape(["0123456789abcdef0"])
    assert common_shape(["ann@b.example", "ben@c.example"]) == "a@a.a"
    assert common_shape(["u1", "x-1"]) is None
    assert common_shape(["nobody"]) is None
    assert common_shape([]) is None


def test_what_can_be_seen() -> None:
    assert invisible("u 1中文é") is None
    assert invisible("u\u20001") is None  # white space is told apart elsewhere
    assert invisible("\u3164") == "the invisible character U+3164"
