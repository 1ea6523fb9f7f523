"""Messages about the text of a file, and the bytes that are none."""

from __future__ import annotations

import pytest

from pushctl.manifest.yaml import errors


@pytest.mark.parametrize(
    ("content", "place", "detail"),
    [
        (b"\xff\xfea\x00", (1, 1), "The file is saved as UTF-16, as some Windows programs do."),
        (b"\xfe\xff\x00a", (1, 1), "The file is saved as UTF-16, as some Windows programs do."),
        (
            b"a\x00:\x00 \x001\x00",
            (1, 1),
            "The file is saved as UTF-16, as some Windows programs do.",
        ),
        (
            b"\x00a\x00:\x00 \x001",
            (1, 1),
            "The file is saved as UTF-16, as some Windows programs do.",
        ),
        *(
            (
                sign + b"\x00\x00",
                (1, 1),
                "x is no text, but a workbook (xlsx, xls, numbers), an archive or the like.",
            )
            for sign in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"PAR1")
        ),
        (b"a: 1\nb: \xe4\n", (2, 4), "Byte 9 of x (line 2) is not UTF-8: 0xe4."),
        ("今: ".encode() + b"\xc0\xaf", (1, 4), "Byte 6 of x (line 1) is not UTF-8: 0xc0."),
        (b"a: \x1b[31m", (1, 4), "The invisible control character U+001B is not allowed."),
    ],
)
def test_what_is_no_text_is_told_where_it_stands(
    content: bytes, place: tuple[int, int], detail: str
) -> None:
    text, (found,) = errors.decode("x", content)
    assert (text, found.code, found.detail) == (None, "PSH109", detail)
    assert found.range is not None
    assert (found.range.start.line, found.range.start.column) == place


def test_many_control_characters_are_twenty_findings() -> None:
    assert len(errors.decode("x", b"\x00" * 50)[1]) == 20


def test_a_mark_at_the_beginning_is_no_part_of_the_text() -> None:
    assert errors.decode("x", b"\xef\xbb\xbfa\tb\r\n") == ("a\tb\r\n", ())
    assert errors.decode_lines("x", b"a\x00") == ("a\x00", ())


@pytest.mark.parametrize(
    "text", ["yes", "NO", "0042", "0x1F", "1_000", "13:45:11", "+1", "1e10", "1.10", ".5", "5."]
)
def test_other_tools_read_it_differently(text: str) -> None:
    assert errors.AMBIGUOUS.fullmatch(text)


@pytest.mark.parametrize("text", ["yEs", "true", "42", "1.5", "09:45:11", "2026-12-01", "v1.10"])
def test_everybody_reads_it_alike(text: str) -> None:
    assert not errors.AMBIGUOUS.fullmatch(text)


def test_messages_name_what_was_written() -> None:
    assert errors.said("tag", name="!!str")[1].startswith("`!!str` is a type tag")
    assert errors.said("complex_key")[1].endswith("write ${name}, not {{ name }}.")
    assert errors.said("too_many_nodes", limit=100_000)[1] == (
        "The file holds more than 100,000 values."
    )
    assert errors.said("duplicate", key="{a}", first=1, second=2)[1].startswith(
        "`{a}` is on line 1"
    )
    assert errors.too_large("x", 6_250_000, 5_000_000).detail == (
        "x has 6.2 MB; at most 5 MB are allowed."
    )
