"""Values as they are written."""

from __future__ import annotations

import pytest

from pushctl.manifest.diff.written import (
    Spot,
    address,
    bare,
    block,
    differing,
    find,
    part_of,
    region,
    spot,
)
from pushctl.manifest.yaml.loader import load
from pushctl.plan.origin import Lines

TEXT = """\
defaults:
  expires_after: 4h

environments:
  prod: {defaults: {expires_after: 2h}, pushes: {a: {owner: x}}}
pushes:
  a:
    message:
      title: |
        One

        Two
    # about the people
    to:
      users:
      - u1
      - u2

  # about b
  b:
    enabled: false
"""


@pytest.mark.parametrize(
    ("number", "last"),
    [(1, 2), (4, 5), (7, 17), (9, 12), (14, 17), (15, 17), (16, 16), (20, 21), (21, 21), (22, 22)],
)
def test_the_lines_of_a_value_end_with_the_next_one(number: int, last: int) -> None:
    assert len(block(TEXT, number)) == last - number + 1


def test_a_line_that_is_not_there_has_no_value() -> None:
    assert block(TEXT, 99) == ()


@pytest.mark.parametrize(
    ("path", "part"),
    [
        (("defaults", "expires_after"), "defaults"),
        (("environments", "prod", "defaults", "expires_after"), "environments.prod.defaults"),
        (("environments", "prod", "pushes", "a", "owner"), ""),
        (("pushes", "b", "enabled"), ""),
    ],
)
def test_lines_belong_to_what_leads_to_them(path: tuple[str, ...], part: str) -> None:
    document, _ = load("pushctl.yaml", TEXT.encode())
    assert document is not None
    where = document.provenance.locate_key(*path)
    found = address(document.layer, where.start)
    assert found == path[: len(found)]
    assert part_of(found) == part


def test_a_value_is_found_where_it_is_written() -> None:
    document, _ = load("pushctl.yaml", TEXT.encode())
    assert document is not None
    found = spot(document.provenance, ("pushes", "b", "enabled"))
    assert found == Spot("pushctl.yaml", 21, ("    enabled: false",), "", 0)
    assert spot(document.provenance, ("pushes", "b", "owner")) is None


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("abc", "abc", None),
        ("abc", "axc", (1, 2, 2)),
        ("abc", "abxc", (2, 2, 3)),
        ("abc", "ac", (1, 2, 1)),
        ("aaa", "aa", (2, 3, 2)),
        ("", "a", (0, 0, 1)),
    ],
)
def test_where_lists_differ(before: str, after: str, found: tuple[int, int, int] | None) -> None:
    assert region(before, after) == found


def written(*lines: str, part: str = "", rank: int = 0, first: int = 10) -> Spot:
    return Spot("x.yaml", first, lines, part, rank)


def test_what_was_added_is_new_and_what_was_taken_out_is_gone() -> None:
    one, two = written("a", "b"), written("a", first=20)
    assert differing(two, one) == (Lines("x.yaml", 11, 11),)
    assert differing(one, two) == (Lines("x.yaml", 11, 11, former=True),)
    assert differing(None, two) == (Lines("x.yaml", 20, 20),)
    assert differing(two, None) == (Lines("x.yaml", 20, 20, former=True),)
    assert differing(None, None) == ()


def test_of_two_parts_the_stronger_one_was_edited() -> None:
    own, default = written("a"), written("b", part="defaults", rank=3, first=2)
    assert differing(default, own) == (Lines("x.yaml", 10, 10),)
    assert differing(own, default) == (Lines("x.yaml", 10, 10, former=True),)


def test_lines_are_found_together_or_not_at_all() -> None:
    assert find("bc", "abcd") == 1
    assert find("bd", "abcd") is None
    assert find("", "abcd") is None
    assert bare(["  a", "", "b  "]) == ("a", "b")


def test_variables_are_named_unless_they_are_escaped() -> None:
    assert written("${a} and $${b}", "${each.value.c}").variables == ("a", "each.value.c")
