"""Digests, message keys and labels."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.push.identity import (
    canonical_json,
    digest,
    has_digest,
    hashed_label,
    message_key,
)

FACTS = {"lineage": "l", "id": "a", "generation": 1, "chunk": 0, "segment": 0, "target": "t"}


def key(**changes: object) -> str:
    return message_key(**{**FACTS, **changes})  # type: ignore[arg-type]


def test_message_key_is_pinned() -> None:
    assert key() == "egxibaogfm62q3fayijrxyzu7f"
    assert key() == key()
    assert set(key()) <= set("abcdefghijklmnopqrstuvwxyz234567")


def test_message_key_differs_in_every_part() -> None:
    changes: list[dict[str, object]] = [
        {"lineage": "m"}, {"id": "b"}, {"generation": 2}, {"chunk": 1}, {"segment": 1},
        {"target": "u"}, {"id": "a,1", "generation": 1}, {"target": '"'}, {},
    ]  # fmt: skip
    assert len({key(**change) for change in changes}) == len(changes)


def test_digest_does_not_depend_on_order() -> None:
    assert digest({"a": 1, "b": [1, 2]}) == digest({"b": [1, 2], "a": 1})
    assert digest({"a": [2, 1]}) != digest({"a": [1, 2]})
    assert digest("\ud800")


def test_canonical_json_sorts_keys_and_keeps_text() -> None:
    assert canonical_json({"b": "折", "a": [1, None]}) == '{"a":[1,null],"b":"折"}'


def test_a_hashed_label_depends_on_salt_and_target_and_shows_neither() -> None:
    names = {hashed_label(salt)(target) for salt in ("s", "t") for target in ("ann", "bob")}
    assert len(names) == 4
    assert hashed_label("s")("ann") == hashed_label("s")("ann")
    for name in names:
        assert re.fullmatch("h:[0-9a-f]{32}", name)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_has_a_digest_is_known_by_it_and_by_no_other(value: Any) -> None:
    assert has_digest(value, digest(value))
    assert not has_digest([value, 0], digest(value))


@pytest.mark.parametrize("value", ["\ud800", 2**70, 1e16, float("inf"), {"a": ["\ud800é"]}])
def test_odd_values_have_the_digest_that_they_always_had(value: Any) -> None:
    assert has_digest(value, digest(value))
