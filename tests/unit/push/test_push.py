"""Which pushes have the same fingerprint."""

from __future__ import annotations

from msgspec.structs import replace

from tests.builders import DAY, changed, daily, days, desired, once


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


def test_fingerprint_survives_a_new_id_but_not_a_new_name() -> None:
    assert desired("a").fingerprint == desired("b").fingerprint
    assert changed(desired(), name="Summer sale").fingerprint != desired().fingerprint
