"""Expressions that say what targets look like: which are taken, and that none takes long."""

from __future__ import annotations

import time

import pytest

from pushctl.manifest.checks.target_formats import (
    MAX_PATTERN,
    MAX_TARGET,
    TargetFormatError,
    fits,
    target_format,
)


@pytest.mark.parametrize(
    ("pattern", "target", "other"),
    [
        ("u-[0-9]+", "u-12", "u-"),
        ("(test|dev)-[0-9]{4,8}", "dev-1234", "dev-123"),
        ("[a-z]+-[a-z]{0,9}-[0-9]{1,4}(-x)?", "a-b-1-x", "a-b-1-y"),
        ("(?:ab){3}", "ababab", "abab"),
        ("a+|b+", "bb", "ab"),
        (r"\(a\+\)\+", "(a+)+", "aa"),
        ("[(a+)]+", "(a+", "b"),
        ("[]a]{3,}", "]a]", "]a"),
        ("^u-[0-9]+$", "u-1", "u-1\n"),
        (r"\d{8}|用户.", "用户1", "用户12"),
        ("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "0" * 8 + "-0000" * 3 + "-" + "f" * 12, "0"),
        ("[0-9a-f]{64}", "a" * 64, "a" * 65),
        (r"[\w.-]+@acme[.]example", "a.b@acme.example", "a@acme_example"),
    ],
)
def test_a_format_matches_whole_targets(pattern: str, target: str, other: str) -> None:
    assert fits(target, target_format(pattern))
    assert not fits(other, target_format(pattern))
    assert not fits(target * MAX_TARGET, target_format(pattern))


@pytest.mark.parametrize(
    "pattern",
    [
        "[a-z", "(", "a{2,1}", "[z-a]", "a" * (MAX_PATTERN + 1), "a++", "a{2}{3}", "*",
        # What goes back to what was read before, and what would fill the memory.
        "(?=a)", r"(a)\1", "(?<=a)b", "((){9999}){9999}", "(((a{100}){100}){100})", "^{9999}",
        ".{1000}.{1000}.{1000}.{1000}",
    ],
)  # fmt: skip
def test_expressions_that_cannot_be_used_say_why(pattern: str) -> None:
    with pytest.raises(TargetFormatError, match=r"\w"):
        target_format(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+", "(a*)*b", "(a|a)+", "(a|aa){2,}", "(a?){30}a{30}", "((a)+)+", "(?:a+){1,9}",
        "a*a*a*a*a*b", "(a+)?b+", "a{0,150}b{0,150}", "(a|a)" * 15, "[a-z]*[a-z]*[a-z]*[a-z]*[0-9]",
        "[a]*[ab]{0,99}[ac]", "([a]{1,26}[ab]{1,26}[ac]{1,26})?[x]", "(|a)", "(a{0}){99}", "^*",
    ],
)  # fmt: skip
def test_no_expression_takes_long(pattern: str) -> None:
    wanted = target_format(pattern)
    begin = time.process_time()
    for _ in range(1000):
        assert not fits("a" * (MAX_TARGET - 1) + "!", wanted)
        assert not fits("a" * (MAX_TARGET + 1), wanted)
    assert time.process_time() - begin < 1
