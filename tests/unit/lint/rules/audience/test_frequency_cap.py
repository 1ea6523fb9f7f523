"""What several entries do to the same people."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

import pytest

from pushctl.lint.context import project
from pushctl.lint.rules.audience.recipient_groups import groups
from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.read import read_manifest
from tests.unit.lint.manifests import APP, HEAD, NOW, entry, found, manifest, one, only


def sales(*clocks: str, to: str = "{users: [u1]}", marketing: bool = False) -> str:
    return "".join(
        entry(f"sale-{number}", f"at: 2026-12-24T{clock}", to=to, marketing=marketing)
        for number, clock in enumerate(clocks)
    )


@pytest.mark.parametrize(
    ("other", "near"),
    [("20:00", True), ("20:59", True), ("21:00", False), ("19:00", False), ("19:01", True)],
)
def test_sooner_than_the_gap(other: str, near: bool, tmp_path: Path) -> None:
    items = only(found(tmp_path, manifest(sales("20:00", other))), "PSH501")
    assert [item.push for item in items] == ["sale-1"] * near


def test_the_gap_is_the_policys(tmp_path: Path) -> None:
    text = manifest(sales("18:00", "20:00"), head="policy: {min_gap: 3h}\n")
    item = one(found(tmp_path, text), "PSH501")
    assert "within 2 h, first on Thu 24 Dec 2026 18:00" in item.detail
    assert only(found(tmp_path, text.replace("3h", "0s")), "PSH501") == []


def test_one_finding_for_each_two_entries_whatever_they_share(tmp_path: Path) -> None:
    files = {"a.txt": "u1\nu2\nu3\n", "b.txt": "u2\nu3\nu4\n"}
    text = manifest(
        entry("a", 'every: day, at: "12:00"', to="{users_from: a.txt}"),
        entry("b", 'every: [mon, thu], at: "12:30"', to="{users_from: b.txt}"),
        entry("c", 'every: mon, at: "12:30"', to="{android: [u1, u2]}"),
    )
    item = one(found(tmp_path, text, files=files), "PSH501")
    assert item.push == "b"
    assert item.detail == (
        "a and b come to the same 2 people within 30 min, first on Thu 3 Dec 2026 12:00 "
        'Asia/Shanghai. One of them is "u2".'
    )


def test_the_first_time_is_the_first_for_anybody(tmp_path: Path) -> None:
    """Of those who get another one in between, the two are no neighbours on that day."""
    text = manifest(
        entry("a", 'every: day, at: "12:00"', to="{users: [u1, u2, u3]}"),
        entry("b", 'every: day, at: "12:30"', to="{users: [u1, u2, u3]}"),
        entry("c", "at: 2026-12-01T12:15", to="{users: [u1, u2]}"),
    )
    items = only(found(tmp_path, text), "PSH501")
    assert [item.push for item in items] == ["b", "c"]
    assert "a and b come to the same 3 people" in items[0].detail
    assert "first on Tue 1 Dec 2026 12:00" in items[0].detail
    assert "c is as near to 1 more." in items[1].detail


def test_one_entry_alone_is_its_own_business(tmp_path: Path) -> None:
    text = manifest(entry("a", 'every: day, at: ["12:00", "12:10"]'))
    assert only(found(tmp_path, text), "PSH501") == []


def test_what_nobody_sees_disturbs_nobody(tmp_path: Path) -> None:
    text = manifest(sales("20:00", "20:10", marketing=True))
    assert only(found(tmp_path, text), "PSH501") != []
    silent = text.replace("body: Hello", "body: Hello, silent: true")
    assert only(found(tmp_path, silent), "PSH501", "PSH502", "PSH402") == []


def test_of_three_at_once_each_is_named(tmp_path: Path) -> None:
    items = only(found(tmp_path, manifest(sales("20:00", "20:00", "20:00"))), "PSH501")
    assert [item.detail.split(' come to "u1" ')[0] for item in items] == [
        "sale-0 and sale-1",
        "sale-1 and sale-2",
    ]


@pytest.mark.parametrize(("clocks", "told"), [(("09:00", "15:00"), 0), (("09:00",) * 3, 1)])
def test_two_a_day_are_enough(clocks: tuple[str, ...], told: int, tmp_path: Path) -> None:
    items = found(tmp_path, manifest(sales(*clocks, marketing=True)))
    assert len(only(items, "PSH502")) == told
    assert only(found(tmp_path, manifest(sales(*clocks))), "PSH502") == []


def test_more_on_a_day_than_the_policy_says(tmp_path: Path) -> None:
    head = "policy: {max_per_day: 3}\n"
    often = 'every: day, at: ["09:00", "12:00", "15:00"]'
    text = manifest(
        entry("often", often, to="{users: [u1, u2, u3]}", marketing=True),
        entry("mon", 'every: mon, at: "18:00"', to="{users: [u2, u3]}", marketing=True),
        head=head,
    )
    item = one(found(tmp_path, text), "PSH502")
    assert item.push == "mon"
    assert item.detail == (
        '"u2" gets 4 marketing pushes on Mon 7 Dec 2026, from often and mon; the policy allows 3. '
        "2 people get more than that."
    )


def test_one_entry_can_be_too_much(tmp_path: Path) -> None:
    text = manifest(entry("a", 'every: day, at: ["09:00", "12:00", "15:00"]', marketing=True))
    item = one(found(tmp_path, text), "PSH502")
    assert '"u1" gets 3 marketing pushes on Wed 2 Dec 2026, from a;' in item.detail


def test_people_are_sorted_by_what_they_get(tmp_path: Path) -> None:
    """Against counting everybody one by one."""
    chance = random.Random(7)
    names = [f"u{number}" for number in range(12)]
    text = HEAD + APP + "pushes:\n"
    for number in range(12):
        kind = chance.choice(["users", "users", "android"])
        people = ", ".join(chance.sample(names, chance.randrange(1, 6)))
        text += entry(f"e{number}", "at: 2026-12-24T20:00", to=f"{{{kind}: [{people}]}}")
    (tmp_path / "pushctl.yaml").write_text(text, "utf-8")
    reading = read_manifest(tmp_path)
    made = project(reading, compile_manifest(reading, now=NOW), now=NOW)
    assert made is not None
    expected: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, subject in enumerate(made.subjects):
        for target in subject.push.targets:
            expected[subject.push.dimension, target].append(at)
    counted: dict[tuple[str, tuple[int, ...]], int] = defaultdict(int)
    for (kind, _), members in expected.items():
        counted[kind, tuple(members)] += 1
    kinds = {at: subject.push.dimension for at, subject in enumerate(made.subjects)}
    shown = {(kinds[item.members[0]], item.members): item.size for item in groups(made.subjects)}
    assert shown == counted


def test_many_messages_in_the_same_minute(tmp_path: Path) -> None:
    files = {
        f"{name}.txt": "".join(f"{name}{number}\n" for number in range(60)) for name in ("a", "b")
    }

    def text(clock: str) -> str:
        return manifest(
            entry("a", "at: 2026-12-24T20:00", to="{users_from: a.txt}"),
            entry("b", f"at: 2026-12-24T{clock}", to="{users_from: b.txt}"),
        )

    item = one(found(tmp_path, text("20:00"), files=files), "PSH214")
    assert item.push is None
    assert item.detail.startswith(
        "On Thu 24 Dec 2026 20:00 Asia/Shanghai, 120 messages leave in the same minute: a and b."
    )
    assert only(found(tmp_path, text("20:01"), files=files), "PSH214") == []
    alone = manifest(entry("a", "at: 2026-12-24T20:00", to="{users_from: c.txt}"))
    crowd = {"c.txt": "".join(f"c{number}\n" for number in range(120))}
    assert only(found(tmp_path, alone, files=crowd), "PSH214") == []
    small = {**files, "b.txt": "b1\n"}
    assert only(found(tmp_path, text("20:00"), files=small), "PSH214") == []
