"""What takes more than one strike of the matrix: how much is recorded, whose a task is, which day.

Everything here ends with a service and a clock that are right, and with a command that is repeated.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.faults import cases, checker, misbehaviour
from tests.faults.misbehaviour import EVERYTHING, STRANGER
from tests.faults.modes import MODES, Mode, call, stranger
from tests.faults.scenarios import (
    APPLY,
    EVERGREEN,
    FRAGILE,
    HEAD,
    SHOT,
    Entry,
    Scenario,
    manifest,
    wanted,
)
from tests.faults.simulation import Simulation

WAIT = 120


def slow(*values: Any) -> list[Any]:
    return [pytest.param(value, marks=pytest.mark.slow) for value in values]


@pytest.fixture
def system(tmp_path: Path) -> Iterator[Simulation]:
    with Simulation(tmp_path) as made:
        yield made


def entries(count: int) -> tuple[Entry, ...]:
    return tuple(
        replace(SHOT, wanted=replace(SHOT.wanted, id=f"e{number}", title=f"T{number}"))
        for number in range(count)
    )


def begun(system: Simulation, *some: Entry) -> None:
    system.write(manifest(*some))
    assert system.run(*APPLY).code == 0
    system.advance(cases.REST)


def meanwhile(system: Simulation, runs: int = 3) -> list[checker.Violation]:
    """Apply while something is wrong, and return what is scheduled twice by then."""
    for _ in range(runs):
        system.run(*APPLY)
        system.advance(cases.BREATH)
    return checker.doubled(system)


def ended(system: Simulation, *some: Entry) -> list[checker.Violation]:
    """Return what is wrong when everything else is right again."""
    system.behave()
    scenario = Scenario("", lambda system: None, wanted(*some))
    found, handed = cases.recovered(system, scenario)
    assert not handed, system.ran[-1]
    return [*found, *checker.delivered(system, scenario.wanted)]


# --- that it is wrong at all ----------------------------------------------------------------------

ROWS = [
    {
        "UniqueId": f"o{number}",
        "ParentId": f"t{number // 2}",
        "ExecutedStatus": "0",
        "PushTitle": "Title",
        "PushContent": FRAGILE,
        "StrategyType": 2,
        "PushTime": (SHOT.wanted.moments[0] + 30) * 1000,
        "GmtCreate": 1_796_000_000_000,
    }
    for number in range(7)
]


@pytest.mark.parametrize("name", misbehaviour.LISTS)
def test_a_list_that_is_wrong_is_not_the_truth(name: str) -> None:
    asked = misbehaviour.Asked(look=0, number=1, size=500)
    assert misbehaviour.LISTS[name](ROWS, asked) != misbehaviour.paged(ROWS, asked)


def test_pages_of_an_honest_count_hold_all_rows_once() -> None:
    listing = misbehaviour.LISTS["pages of 3, counts rows"]
    pages = [listing(ROWS, misbehaviour.Asked(0, number, 500)) for number in (1, 2, 3, 4)]
    assert [row for page in pages for row in page["List"]] == ROWS
    assert {page["TotalCount"] for page in pages} == {7}


@pytest.mark.parametrize(("looks", "listed"), [(1, [0, 2, 2]), (2, [0, 0, 2])])
def test_a_list_is_wrong_for_so_many_looks(
    system: Simulation, looks: int, listed: list[int]
) -> None:
    begun(system, *entries(2))
    system.service.list_like(misbehaviour.nothing, looks=looks)
    query = {"AppId": "ONEX0000000000000", "WorkspaceId": "test", "StartTime": "0"}
    request = misbehaviour.unsigned(misbehaviour.LIST, {**query, "EndTime": str(2**52)})
    request.headers["x-acs-action"] = misbehaviour.LIST
    bodies = [json.loads(system.service(request).body) for _ in listed]
    assert [len(body["ResultContent"]["Data"]["List"]) for body in bodies] == listed
    assert not system.service.lies


# --- how much is recorded -------------------------------------------------------------------------


@pytest.mark.parametrize("looks", [1, EVERYTHING, *slow(2, 3)])
@pytest.mark.parametrize("count", [1, 3, *slow(2, 10)])
def test_an_empty_list_lets_nothing_be_made_again(
    system: Simulation, count: int, looks: int
) -> None:
    some = entries(count)
    begun(system, *some)
    system.service.list_like(misbehaviour.nothing, looks=looks)
    assert meanwhile(system) == []
    assert ended(system, *some) == []


@pytest.mark.parametrize("count", [1, 3, *slow(2, 10)])
def test_an_empty_list_lets_nothing_be_made_again_beside_what_is_new(
    system: Simulation, count: int
) -> None:
    some = entries(count + 1)
    begun(system, *some[:-1])
    system.write(manifest(*some))
    system.service.list_like(misbehaviour.nothing)
    assert meanwhile(system) == []
    assert ended(system, *some) == []


@pytest.mark.parametrize("count", misbehaviour.COUNTS)
def test_pages_of_a_hundred_are_read_to_the_end_or_not_believed(
    system: Simulation, count: str
) -> None:
    second = replace(EVERGREEN, wanted=replace(EVERGREEN.wanted, id="more", title="More"))
    begun(system, EVERGREEN, second, SHOT)
    system.service.list_like(misbehaviour.capped(misbehaviour.COUNTS[count], 100))
    assert meanwhile(system) == []
    if count == "rows":
        assert system.ran[-1].code == 0
    system.behave()
    ran = system.run("plan", "--detailed-exitcode")
    assert ran.code == 0, ran


# --- whose a task is ------------------------------------------------------------------------------


def theirs(system: Simulation) -> set[str]:
    return {task["id"] for task in system.control.tasks() if task["name"] == STRANGER}


def recorded(system: Simulation) -> set[str]:
    state = system.state() or {"pushes": {}}
    return {task["task_id"] for push in state["pushes"].values() for task in push["tasks"]}


@pytest.mark.parametrize("ours", [None, 45, *slow(0)])
@pytest.mark.parametrize("after", [5, 59, *slow(0, 40, 100)])
def test_what_a_stranger_made_is_never_taken_for_ours(
    system: Simulation, after: float, ours: float | None
) -> None:
    """A call that stays in doubt is well: by the list, the two are one."""
    system.write(manifest(SHOT))
    strike = stranger(after, ours=ours)
    system.attacked(*APPLY, at=0, on="create", mode=Mode("", call, strike))
    for _ in range(4):
        assert not theirs(system) & recorded(system), system.ran[-1]
        assert checker.doubled(system) == []
        system.advance(WAIT)
        system.run(*APPLY)


def test_what_a_stranger_made_before_is_never_taken_for_ours(system: Simulation) -> None:
    system.write(manifest(SHOT))
    begun(system, SHOT)
    twin = {**system.control.tasks()[0]["params"], "TargetMsgkey": {"eve": "their-key"}}
    system.control.ask("POST", "tasks", {**twin, "TaskName": STRANGER})
    second = replace(SHOT, wanted=replace(SHOT.wanted, id="second", people=("bob",)))
    system.write(manifest(SHOT, second))
    system.attacked(*APPLY, at=0, on="create", mode=MODES["reset before"])
    assert meanwhile(system) == []
    assert not theirs(system) & recorded(system)


@pytest.mark.parametrize("mode", ["killed before", "reset before", "killed in flight"])
def test_two_states_never_record_one_task(system: Simulation, tmp_path: Path, mode: str) -> None:
    """Two folders say the same to the same people, and the call of the first one is lost.

    The second one says more than that: a single task in the list has no sign of whose it is.
    """
    first, second = tmp_path / "first", tmp_path / "second"
    owned: list[str] = []
    for folder, some in ((first, [SHOT]), (second, [SHOT, *entries(1)])):
        folder.mkdir()
        (folder / "pushctl.yaml").write_text(manifest(*some), "utf-8")
    system.folder = first
    system.attacked(*APPLY, at=0, on="create", mode=MODES[mode])
    for folder in (second, first, second, first):
        system.folder = folder
        system.run(*APPLY)
        system.advance(WAIT)
    for folder in (first, second):
        system.folder = folder
        owned += recorded(system) - {""}
    assert len(owned) == len(set(owned)), owned


# --- what day it is -------------------------------------------------------------------------------

TOKYO = ZoneInfo("Asia/Tokyo")
ZONES = ("Asia/Tokyo", "America/New_York")
MORE_ZONES = ("Asia/Shanghai", "Pacific/Auckland", "Asia/Kolkata")


def daily(time: str, body: str, zone: str) -> str:
    return (
        f'{HEAD}pushes:\n  nightly:\n    schedule: {{every: day, at: "{time}", timezone: {zone}, '
        f'until: "2026-12-08"}}\n    to: {{users: [ann]}}\n'
        f"    message: {{title: Night, body: {body}}}\n"
    )


def local_dates(system: Simulation, zone: str) -> Counter[dt.date]:
    return Counter(
        dt.datetime.fromtimestamp(row["due_ms"] / 1000, ZoneInfo(zone)).date()
        for row in system.control.deliveries()
    )


@pytest.mark.parametrize("later", ["00:45", "23:50", *slow("01:30", "08:00", "22:50")])
@pytest.mark.parametrize("first", ["00:15", "23:40", *slow("12:00")])
@pytest.mark.parametrize("zone", [*ZONES, *slow(*MORE_ZONES)])
def test_an_edit_after_todays_delivery_brings_no_second_one_on_that_date(
    system: Simulation, zone: str, first: str, later: str
) -> None:
    """Half an hour after it was delivered, on what is a date in the zone of the entry."""
    system.write(daily(first, "one", zone))
    assert system.run(*APPLY).code == 0
    at = dt.datetime.fromisoformat(f"2026-12-03T{first}").replace(tzinfo=ZoneInfo(zone))
    system.advance(at.timestamp() + 900 - system.now)
    system.write(daily(later, "two", zone))
    ran = system.run(*APPLY)
    assert ran.code == 0, ran
    system.advance(8 * 86_400)
    dates = local_dates(system, zone)
    assert [str(date) for date, times in dates.items() if times > 1] == []
    # The first date may have begun before the first apply.
    expected = {dt.date(2026, 12, day) for day in range(2, 9)}
    assert expected - set(dates) == set()


@pytest.mark.parametrize("skew", [-7200.0, 180.0, *slow(-180.0, 7200.0)])
@pytest.mark.parametrize("edited", ["23:58", "00:17", *slow("23:30", "00:01", "00:30")])
@pytest.mark.parametrize(("zone", "first", "later"), [
    ("Asia/Shanghai", "12:00", "23:59"),
    ("Asia/Shanghai", "00:15", "08:00"),
    ("Asia/Tokyo", "00:15", "08:00"),
    ("Asia/Tokyo", "00:15", "00:50"),
])  # fmt: skip
def test_an_edit_around_midnight_brings_no_second_one_whatever_the_clock_says(
    system: Simulation, zone: str, first: str, later: str, edited: str, skew: float
) -> None:
    """Edited, in Shanghai, while this machine's clock may be on another date than the service's."""
    system.write(daily(first, "one", zone))
    assert system.run(*APPLY).code == 0
    day = 3 if edited > "12" else 4
    at = dt.datetime.fromisoformat(f"2026-12-{day:02d}T{edited}:00+08:00")
    system.advance(at.timestamp() - system.now)
    system.skew = skew
    system.write(daily(later, "two", zone))
    system.run(*APPLY)
    system.behave()
    meanwhile(system)
    system.advance(cases.REST)
    meanwhile(system)
    assert system.ran[-1].code == 0, system.ran[-1]
    system.advance(8 * 86_400)
    dates = local_dates(system, zone)
    assert [str(date) for date, times in dates.items() if times > 1] == []
    # The date of the edit may be left out: rather none than two.
    assert len({dt.date(2026, 12, day) for day in range(2, 9)} - set(dates)) <= 1


@pytest.mark.parametrize("skew", [-7200.0, -180.0, 180.0, 7200.0])
def test_what_was_edited_while_the_clock_was_wrong_still_comes(
    system: Simulation, skew: float
) -> None:
    """Half an hour before noon, by a clock on which it may be past noon, and far from midnight."""
    system.write(daily("12:00", "one", "Asia/Shanghai"))
    assert system.run(*APPLY).code == 0
    at = dt.datetime.fromisoformat("2026-12-03T11:30:00+08:00")
    system.advance(at.timestamp() - system.now)
    system.skew = skew
    system.write(daily("18:00", "two", "Asia/Shanghai"))
    system.run(*APPLY)
    system.behave()
    meanwhile(system)
    system.advance(8 * 86_400)
    dates = local_dates(system, "Asia/Shanghai")
    assert dates == Counter({dt.date(2026, 12, day): 1 for day in range(1, 9)})
