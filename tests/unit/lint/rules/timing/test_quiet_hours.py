"""Hours at which people sleep, and at which a vendor does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lint.manifests import entry, found, manifest, one, only

OPERATIONAL = "    vendors: {vivo: {class: operational}}\n"


@pytest.mark.parametrize(
    ("clock", "codes"),
    [
        ("21:59", ["PSH402"]),
        ("22:00", ["PSH401"]),
        ("07:59", ["PSH401"]),
        ("08:00", []),
        ("21:00", []),
        ("21:01", ["PSH402"]),
    ],
)
def test_the_edges_of_the_night(clock: str, codes: list[str], tmp_path: Path) -> None:
    text = manifest(entry("sale", f"at: 2026-12-24T{clock}", marketing=True))
    assert [item.code for item in only(found(tmp_path, text), "PSH401", "PSH402")] == codes


def test_only_marketing_is_kept_from_the_night(tmp_path: Path) -> None:
    text = manifest(entry("alarm", "at: 2026-12-24T03:00"))
    assert only(found(tmp_path, text), "PSH401", "PSH402", "PSH403") == []


def test_the_night_is_that_of_the_push(tmp_path: Path) -> None:
    """20:00 in Shanghai is 4 in the morning in Los Angeles."""
    here = entry("here", "at: 2026-12-24T20:00", marketing=True)
    there = entry(
        "there", 'at: "2026-12-24T12:00:00Z", timezone: America/Los_Angeles', marketing=True
    )
    item = one(found(tmp_path, manifest(here, there)), "PSH401")
    assert item.push == "there"
    assert "Thu 24 Dec 2026 04:00 America/Los_Angeles" in item.detail


def test_a_policy_without_a_night(tmp_path: Path) -> None:
    night = 'policy: {quiet_hours: {from: "00:00", until: "00:00"}}\n'
    text = manifest(entry("sale", "at: 2026-12-24T03:00", marketing=True), head=night)
    assert only(found(tmp_path, text), "PSH401", "PSH402") == []


def test_the_first_of_many_is_named_and_the_others_are_counted(tmp_path: Path) -> None:
    text = manifest(
        entry("sale", 'every: day, at: ["12:00", "22:30"], until: 2026-12-04', marketing=True)
    )
    item = one(found(tmp_path, text), "PSH401")
    assert "Tue 1 Dec 2026 22:30" in item.detail
    assert "3 more of its deliveries are like that." in item.detail
    assert item.range is not None
    assert item.range.start.line == 8


def test_a_push_at_once_is_delivered_now(tmp_path: Path) -> None:
    night = 1_796_140_800  # midnight
    text = manifest(entry("sale", "now: true", marketing=True))
    item = one(found(tmp_path, text, now=night), "PSH401")
    assert "Wed 2 Dec 2026 00:00" in item.detail


def test_how_long_it_may_be_kept_is_said(tmp_path: Path) -> None:
    text = manifest(
        entry("sale", 'every: day, at: ["12:00", "19:30"]', marketing=True, expires="4h")
    )
    item = one(found(tmp_path, text), "PSH402")
    assert item.fix == "write `expires_after: 150m`, or less"
    assert item.range is not None
    assert item.range.start.line == 10


@pytest.mark.parametrize(
    ("schedule", "codes"),
    [
        ("at: 2026-12-24T06:59", ["PSH403"]),
        ("at: 2026-12-24T07:00", []),
        ("at: 2026-12-24T23:00", ["PSH403"]),
        ("at: 2026-12-24T22:59", []),
        ("at: 2026-12-24T21:00, timezone: Europe/Berlin", ["PSH403"]),
    ],
)
def test_vivo_sleeps_in_china(schedule: str, codes: list[str], tmp_path: Path) -> None:
    text = manifest(entry("sale", schedule, more=OPERATIONAL))
    assert [item.code for item in only(found(tmp_path, text), "PSH403")] == codes


def test_vivo_is_asked_only_where_its_phones_are_reached(tmp_path: Path) -> None:
    token = "0" * 64
    text = manifest(
        entry("sale", "at: 2026-12-24T03:00", to=f'{{ios: ["{token}"]}}', more=OPERATIONAL)
    )
    assert only(found(tmp_path, text), "PSH403") == []


def test_clocks_that_change_do_not_move_the_night(tmp_path: Path) -> None:
    """The days before and after the change in New York are judged by their own clocks."""
    early = 1_804_500_000  # March 2027, two weeks before clocks go forward
    schedule = 'every: day, at: "08:00", timezone: America/New_York'
    text = manifest(entry("sale", schedule, marketing=True))
    assert only(found(tmp_path, text, now=early), "PSH401") == []


def test_what_defaults_say_is_found_at_each_entry(tmp_path: Path) -> None:
    """What helps one of them would not help the other."""
    entries = (
        entry(id, f"at: 2026-12-24T{at}", marketing=True).replace("    expires_after: 1h\n", "")
        for id, at in (("early", "18:00"), ("late", "21:00"))
    )
    text = manifest(*entries, head="defaults: {expires_after: 6h}\n")
    items = only(found(tmp_path, text), "PSH402")
    lines = text.splitlines()
    assert [lines[item.range.start.line - 4].strip() for item in items if item.range] == [
        "early:",
        "late:",
    ]
    assert ["4h" in str(items[0].fix), "1h" in str(items[1].fix)] == [True, True]


def test_what_an_entry_says_is_found_there(tmp_path: Path) -> None:
    text = manifest(
        entry("sale", "at: 2026-12-24T21:00", marketing=True, expires="6h"),
        head="defaults: {expires_after: 6h}\n",
    )
    item = one(found(tmp_path, text), "PSH402")
    assert item.range is not None
    assert "expires_after: 6h" in text.splitlines()[item.range.start.line - 4]


@pytest.mark.parametrize("label", ["class: Marketing", "Class: marketing", 'class: "marketing "'])
def test_marketing_is_known_however_it_is_written(label: str, tmp_path: Path) -> None:
    text = manifest(entry("sale", "at: 2026-12-24T23:30", more=f"    labels: {{{label}}}\n"))
    assert one(found(tmp_path, text), "PSH401").severity == "error"


def test_a_label_that_is_nearly_marketing_is_an_error(tmp_path: Path) -> None:
    more = "    labels: {class: marketting}\n"
    text = manifest(entry("sale", "at: 2026-12-24T23:30", more=more))
    item = one(found(tmp_path, text), "PSH408")
    assert (item.severity, item.fix) == ("error", "did you mean class: marketing?")
    assert item.edits == ()
    told = more.replace(
        "}", "}\n    vendors: {huawei: {category: marketing}, vivo: {class: operational}}"
    )
    text = manifest(entry("sale", "at: 2026-12-24T12:00", more=told))
    assert only(found(tmp_path, text), "PSH408") == []  # it counts as marketing all the same


@pytest.mark.parametrize(
    "policy",
    ['quiet_hours: {from: "22:00", until: "07:00"}', "suppressed: out.txt", "max_per_day: 1"],
)
def test_a_policy_that_has_nothing_to_look_at_is_told_once(policy: str, tmp_path: Path) -> None:
    two = (entry("a", "at: 2026-12-24T12:00"), entry("b", "at: 2026-12-25T12:00"))
    files = {"out.txt": "u9\n"}
    text = manifest(*two, head=f"policy: {{{policy}}}\n")
    item = one(found(tmp_path, text, files=files), "PSH408")
    assert (item.severity, item.push) == ("info", None)
    assert policy.partition(":")[0] in item.detail
    for head in (f"policy: {{{policy}, marketing: {{}}}}\n", "", "policy: {min_gap: 1h}\n"):
        assert only(found(tmp_path, manifest(*two, head=head), files=files), "PSH408") == []
    service = entry("c", "at: 2026-12-26T12:00", more="    labels: {Class: service}\n")
    text = manifest(*two, service, head=f"policy: {{{policy}}}\n")
    assert only(found(tmp_path, text, files=files), "PSH408") == []
