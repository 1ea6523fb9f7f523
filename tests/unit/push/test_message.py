"""The kinds of targets, by their key in a manifest and by the vendor's code."""

from __future__ import annotations

import pytest

from pushctl.push.message import AudienceKind, Message


@pytest.mark.parametrize("kind", AudienceKind)
def test_a_kind_is_found_by_its_key(kind: AudienceKind) -> None:
    assert AudienceKind.of(kind.key) is kind
    assert kind.key == kind.key.lower()


def test_codes_are_the_vendors_and_never_change_since_states_record_them() -> None:
    assert {kind.key: int(kind) for kind in AudienceKind} == {
        "android": 1,
        "ios": 2,
        "users": 3,
        "activity_tokens": 5,
        "activity_ids": 6,
        "harmony": 7,
    }


def test_an_unknown_key_is_no_kind() -> None:
    with pytest.raises(KeyError):
        AudienceKind.of("everybody")


@pytest.mark.parametrize(
    ("fields", "link"),
    [
        ({}, None),
        ({"url": "https://a.example"}, "https://a.example"),
        ({"intent": "a://x"}, "a://x"),
    ],
)
def test_a_tap_opens_either_kind_of_address(fields: dict[str, str], link: str | None) -> None:
    assert Message("Title", "Body", **fields).link == link  # type: ignore[arg-type]
