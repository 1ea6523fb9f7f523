"""What is no content may be written differently: nobody gets anything, or anything less, for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pushctl.manifest.compile import compile_manifest
from pushctl.plan.change import Replace
from pushctl.push.identity import hashed_label
from pushctl.push.push import Push
from tests.builders import DAY, HOUR, NOW
from tests.in_memory import Bench
from tests.unit.manifest.project import project

ALLOWED = {"allow_immediate": True, "now_or_never": True}

HEAD = """\
version: 1
app: {id: ONEX570DA89211721, workspace: prod}
timezone: Asia/Shanghai
"""
ENTRY = """\
pushes:
  sale:
    expires_after: 4h
    schedule: SCHEDULE
    to: {users: [ann, bob]}
    message: {title: Sale, body: Text, open: "https://acme.example/"}
"""
ONCE = HEAD + ENTRY.replace("SCHEDULE", "{at: 2026-06-02T20:00}")
DAILY = HEAD + ENTRY.replace("SCHEDULE", '{every: day, at: "09:00"}')
WEEKLY = HEAD + ENTRY.replace("SCHEDULE", '{every: [mon, wed], at: ["09:00", "18:00"]}')
MONTHLY = HEAD + ENTRY.replace("SCHEDULE", '{every: last day, at: "09:00", skip: [2026-06-30]}')
AT_ONCE = HEAD + ENTRY.replace("SCHEDULE", "{now: true}")
CROWD = tuple(f"u{number:02d}" for number in range(23))
FILES = {"calendars/days.txt": "2026-06-30\n", "crowd.csv": "user\nbob\nann\n"}

REWRITES: dict[str, tuple[str, str, str]] = {
    "an alias of the zone": (ONCE, "Asia/Shanghai", "PRC"),
    "an alias of a recurrence's zone": (DAILY, "Asia/Shanghai", "PRC"),
    "a zone that the entry says": (DAILY, "at:", "timezone: Asia/Shanghai, at:"),
    "an alias that the entry says": (DAILY, "at:", "timezone: PRC, at:"),
    "another zone, the same moment": (ONCE, "20:00}", "21:00, timezone: Asia/Tokyo}"),
    "another zone, the same moments": (DAILY, '"09:00"}', '"10:00", timezone: Asia/Tokyo}'),
    "an offset": (ONCE, "20:00}", "20:00+08:00}"),
    "a moment in UTC": (ONCE, "20:00}", "12:00Z}"),
    "seconds": (ONCE, "20:00}", "20:00:00}"),
    "seconds of a time": (DAILY, '"09:00"', '"09:00:00"'),
    "a list of one time": (DAILY, '"09:00"', '["09:00"]'),
    "a rule of every day": (DAILY, "every: day", "rrule: FREQ=DAILY"),
    "a rule with what goes without saying": (DAILY, "every: day", "rrule: FREQ=DAILY;INTERVAL=1"),
    "all seven days": (DAILY, "every: day", "every: [mon, tue, wed, thu, fri, sat, sun]"),
    "the order of days and times": (
        WEEKLY,
        '[mon, wed], at: ["09:00", "18:00"]',
        '[wed, mon], at: ["18:00", "09:00"]',
    ),
    "a rule of weekdays": (WEEKLY, "every: [mon, wed]", 'rrule: "FREQ=WEEKLY;BYDAY=WE,MO"'),
    "a rule of the last day": (
        MONTHLY,
        "every: last day",
        'rrule: "FREQ=MONTHLY;BYMONTHDAY=-1"',
    ),
    "a first day that has passed": (DAILY, "at:", "from: 2026-05-01, at:"),
    "days in a calendar": (
        MONTHLY.replace("pushes:", "calendars: {days: calendars/days.txt}\npushes:"),
        "skip: [2026-06-30]",
        "skip: [days]",
    ),
    "days to skip as a stretch": (
        MONTHLY,
        "skip: [2026-06-30]",
        "skip: [{from: 2026-06-30, until: 2026-06-30}]",
    ),
    "what is the default of clock changes": (DAILY, "at:", "gap: next, fold: first, at:"),
    "another unit": (DAILY, "4h", "240m"),
    "seconds as a number": (DAILY, "4h", "14400"),
    "defaults": (
        DAILY.replace("    expires_after: 4h\n", ""),
        "pushes:",
        "defaults: {expires_after: 1d}\npushes:",
    ),
    "a variable": (
        DAILY.replace("pushes:", "vars: {word: Sale}\npushes:"),
        "title: Sale",
        'title: "${word}"',
    ),
    "a name like the id": (DAILY, "    expires", "    name: sale\n    expires"),
    "an owner": (DAILY, "    expires", "    owner: crm\n    expires"),
    "labels": (DAILY, "    expires", "    labels: {a: b}\n    expires"),
    "a link as a map": (DAILY, '"https://acme.example/"', "{url: https://acme.example/}"),
    "the order of people": (DAILY, "[ann, bob]", "[bob, ann]"),
    "somebody twice": (DAILY, "[ann, bob]", "[ann, bob, ann]"),
    "people in a file": (DAILY, "users: [ann, bob]", "users_from: crowd.csv"),
    "the order of an immediate push's people": (AT_ONCE, "[ann, bob]", "[bob, ann]"),
    "the notation of `again`": (
        AT_ONCE.replace("true", "true, again: 2"),
        "again: 2",
        'again: "2"',
    ),
    "names of digests": (DAILY, "prod}", "prod, targets: hashed}"),
    "names of digests, once": (ONCE, "prod}", "prod, targets: hashed}"),
    "names of digests, at once": (AT_ONCE, "prod}", "prod, targets: hashed}"),
}


def compiled(folder: Path, text: str) -> tuple[tuple[Push, ...], dict[str, Any]]:
    """Return the pushes of a manifest, and how a run is told what its people are called."""
    reading = project(folder, {**FILES, "pushctl.yaml": text})
    found = compile_manifest(reading, now=NOW, recorded=frozenset({"sale"}), send_late=True)
    assert [item for item in found.diagnostics if item.severity == "error"] == []
    assert reading.manifest is not None
    assert found.pushes
    hashed = reading.manifest.app.targets == "hashed"
    label = hashed_label("lineage") if hashed else str
    return found.pushes, {"label": label, "more": {"hashed": hashed}, **ALLOWED}


def both_ways() -> list[Any]:
    return [
        pytest.param(*pair, id=f"{name}, {way}")
        for name, (text, this, that) in REWRITES.items()
        for way, pair in (
            ("there", (text, text.replace(this, that))),
            ("back", (text.replace(this, that), text)),
        )
    ]


@pytest.mark.parametrize(("before", "after"), both_ways())
@pytest.mark.parametrize("later", [0, 4 * DAY], ids=["at once", "days later"])
def test_saying_it_differently_changes_nothing(
    before: str, after: str, later: int, tmp_path: Path
) -> None:
    assert before != after
    bench = Bench()
    pushes, how = compiled(tmp_path, before)
    bench.until_quiet(*pushes, **how)
    bench.service.advance(later)
    done = (tuple(bench.service.created), tuple(bench.service.cancelled))
    pushes, how = compiled(tmp_path, after)
    plans = [bench.apply(*pushes, **how).plan for _ in range(2)]
    assert [plan.effective for plan in plans] == [(), ()]
    assert [change.telling for change in plans[0].changes] == [False]
    assert (tuple(bench.service.created), tuple(bench.service.cancelled)) == done


@pytest.mark.parametrize(("before", "after"), both_ways())
def test_saying_it_differently_brings_nothing_back_that_was_stopped(
    before: str, after: str, tmp_path: Path
) -> None:
    bench = Bench()
    pushes, how = compiled(tmp_path, before)
    bench.until_quiet(*pushes, **how)
    bench.halt("sale", wanted={push.id: push.fingerprint for push in pushes})
    made = len(bench.service.created)
    pushes, how = compiled(tmp_path, after)
    bench.until_quiet(*pushes, **how)
    bench.service.advance(DAY)
    bench.until_quiet(*pushes, **how)
    assert len(bench.service.created) == made
    assert bench.service.open == ()


HASHED = DAILY.replace("prod}", "prod, targets: hashed}")
MORNING = 6 * HOUR
"""From the beginning to an hour and a half after today's delivery."""


@pytest.mark.parametrize(("first", "then"), [(DAILY, HASHED), (HASHED, DAILY)])
def test_a_change_of_names_and_of_the_time_brings_nobody_a_second_delivery_today(
    first: str, then: str, tmp_path: Path
) -> None:
    bench = Bench()
    pushes, how = compiled(tmp_path, first)
    bench.until_quiet(*pushes, **how)
    bench.service.advance(MORNING)
    pushes, how = compiled(tmp_path, then.replace("09:00", "15:00"))
    bench.until_quiet(*pushes, **how)
    bench.service.advance(DAY - MORNING - HOUR)
    assert sorted(item.target for item in bench.service.delivered) == ["ann", "bob"]


@pytest.mark.parametrize("last", [DAILY, HASHED], ids=["clear", "hashed"])
def test_people_recorded_under_both_kinds_of_names_are_still_the_same(
    last: str, tmp_path: Path
) -> None:
    """Versions that took digests for other people left such states."""
    bench = Bench()
    pushes, how = compiled(tmp_path, of(CROWD, DAILY))
    bench.until_quiet(*pushes, **how)
    record = bench.state.pushes["sale"]
    first, *others = record.tasks
    names = {target: hashed_label("lineage")(target) for target in first.targets}
    first = replace(first, targets={names[item]: key for item, key in first.targets.items()})
    mixed = replace(bench.state, pushes={"sale": replace(record, tasks=(first, *others))})
    bench.store.overwrite("test", lambda: mixed)
    done = len(bench.service.created)
    pushes, how = compiled(tmp_path, of(CROWD, last))
    assert bench.apply(*pushes, **how).plan.effective == ()
    pushes, how = compiled(tmp_path, of(CROWD[1:], last))
    (change,) = bench.apply(*pushes, **how).plan.effective
    assert isinstance(change, Replace)
    assert [item.path for item in change.fields] == ["to", "to.left"]
    assert len(bench.service.created) == done + 1


def of(people: tuple[str, ...], text: str) -> str:
    return text.replace("[ann, bob]", f"[{', '.join(people)}]")
