"""Fingerprints and message keys."""

from __future__ import annotations

from dataclasses import replace

from pushctl.push.identity import digest, message_key
from tests.builders import DAY, changed, daily, days, desired, once

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


def test_fingerprint_leaves_out_who_gets_it_and_what_people_note() -> None:
    one = desired()
    assert one.fingerprint == changed(one, targets=("bob",)).fingerprint
    assert one.fingerprint == replace(one, spec={}, enabled=False).fingerprint


def test_fingerprint_holds_content_and_declared_schedule() -> None:
    pushes = [
        desired(),
        desired(title="Other"),
        desired(schedule=once(2 * DAY)),
        desired(schedule=daily()),
        desired(schedule=daily("10:00")),
        desired(schedule=daily(last=days(9))),
    ]
    assert len({push.fingerprint for push in pushes}) == len(pushes)


def test_digest_does_not_depend_on_order() -> None:
    assert digest({"a": 1, "b": [1, 2]}) == digest({"b": [1, 2], "a": 1})
    assert digest({"a": [2, 1]}) != digest({"a": [1, 2]})
    assert digest("\ud800")


def test_fingerprint_survives_a_new_id_but_not_a_new_name() -> None:
    assert desired("a").fingerprint == desired("b").fingerprint
    assert changed(desired(), name="Summer sale").fingerprint != desired().fingerprint
