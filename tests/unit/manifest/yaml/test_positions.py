"""How much of a line a finding underlines."""

from __future__ import annotations

import pytest

from pushctl.manifest.yaml.positions import SourceText


@pytest.mark.parametrize(
    ("line", "begin", "marked"),
    [
        ("every: mon wed", "mon", "mon wed"),
        ("every: mon wed  # or not", "mon", "mon wed"),
        ("every: mon, wed", "mon", "mon, wed"),
        ("at: 9:00", "9", "9:00"),
        ("title: C# and more", "C", "C# and more"),
        ("timezone: America/New York\r", "America", "America/New York"),
        ("{every: mon wed, at: 9:00}", "mon", "mon wed"),
        ("{every: mon wed, at: 9:00}", "9", "9:00"),
        ("{every: [mon wed], at: 9:00}", "mon", "mon wed"),
        ("{url: https://a.b/c?d}", "https", "https://a.b/c?d"),
        ("  every: mon wed,", "mon", "mon wed"),
        ("my key: value", "my", "my key"),
        ("key:", "key", "key"),
        ('"a key": value', '"', '"a key"'),
        ("at: &time 9:00", "&", "&time"),
        ("at: *time", "*", "*time"),
        ("to: {users: [a]}", "{", "{"),
        ("to: {users: [a]}", "[", "["),
        (": value", ":", ":"),
    ],
)
def test_all_of_a_value_is_underlined(line: str, begin: str, marked: str) -> None:
    before = "version: [1\n"
    source = SourceText("pushctl.yaml", f"{before}{line}\nnext: line\n")
    at = len(before) + line.index(begin)
    found = source.range(at)
    assert found.start.line == found.end.line == 2
    assert line[found.start.column - 1 : found.end.column - 1] == marked
