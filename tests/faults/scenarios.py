"""What is done to the system, step by step; the last step is the one that is attacked."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from pushctl.cli.registry import COMMANDS
from tests.faults.checker import SystemUnderTest, Wanted

APPLY = ("apply", "--yes", "--parallelism", "1")
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
HEAD = (
    "version: 1\napp: {id: ONEX0000000000000, workspace: test}\ntimezone: Asia/Shanghai\n"
    "defaults: {expires_after: 4h}\n"
)
PLAN = "plan.json"
CROWD = tuple(f"c{number:02d}" for number in range(1, 24))


def at(day: str, time: str) -> int:
    """Return a moment in Shanghai as epoch seconds."""
    return int(dt.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=SHANGHAI).timestamp())


def daily(first: str, last: str, time: str) -> tuple[int, ...]:
    begin, end = at(first, time), at(last, time)
    return tuple(range(begin, end + 1, 86_400))


@dataclass(frozen=True)
class Entry:
    """One entry: its YAML, and what it means, written down apart from each other on purpose."""

    schedule: str
    wanted: Wanted
    more: str = ""

    def text(self) -> str:
        item = self.wanted
        return (
            f"  {item.id}:\n    schedule: {self.schedule}\n"
            f"    to: {{users: [{', '.join(item.people)}]}}\n"
            f"    message: {{title: {item.title}, body: {json.dumps(item.body)}}}\n{self.more}"
        )

    def saying(self, body: str) -> Entry:
        """Return the entry after an edit of its text."""
        edited = replace(self.wanted, body=body, versions=self.wanted.versions + 1)
        return replace(self, wanted=edited)


SHOT = Entry(
    "{at: 2026-12-03T20:00}",
    Wanted("shot", ("ann",), (at("2026-12-03", "20:00"),), "Shot", "one"),
)
LOOP = Entry(
    '{every: day, at: "12:00", until: "2026-12-05"}',
    Wanted("loop", ("ann", "bob"), daily("2026-12-01", "2026-12-05", "12:00"), "Loop", "one"),
)
FRAGILE = "5 < 6 & \u00e9 is e\u0301;  and more of it "
"""A text that changes when it is cut, trimmed, composed, decomposed, escaped or collapsed."""

CROWDED = Entry(
    "{at: 2026-12-04T18:00:30}",
    Wanted("crowd", CROWD, (at("2026-12-04", "18:00:30"),), "Crowd", FRAGILE, tasks=3),
)
LEFT = Entry(
    "{at: 2026-12-03T10:00}",
    Wanted("left", ("lea",), (at("2026-12-03", "10:00"),), "Twins", "one"),
)
RIGHT = replace(LEFT, wanted=replace(LEFT.wanted, id="right", people=("rob",)))
EVERGREEN = Entry(
    '{every: day, at: "12:00"}',
    Wanted("ever", ("ann",), daily("2026-12-01", "2027-05-30", "12:00"), "Ever", "one"),
)
EVERYTHING = (SHOT, LOOP, CROWDED, LEFT, RIGHT)


def manifest(*entries: Entry, more: str = "") -> str:
    """Write a manifest; `more` are further sections of it."""
    if not entries:
        return f"{HEAD}{more}pushes: {{}}\n"
    return f"{HEAD}{more}pushes:\n" + "".join(entry.text() for entry in entries)


def wanted(*entries: Entry) -> tuple[Wanted, ...]:
    return tuple(entry.wanted for entry in entries)


@dataclass(frozen=True)
class Scenario:
    """`begin` leads up to the step, which is attacked.

    Afterwards a person types `again` until it has nothing to do (or the saved plan is stale), and
    then `apply`. `whole` tells that the step alone does all that is wanted.
    """

    name: str
    begin: Callable[[SystemUnderTest], None]
    wanted: tuple[Wanted, ...]
    step: tuple[str, ...] = APPLY
    again: tuple[str, ...] = APPLY
    whole: bool = True


def applied(system: SystemUnderTest, text: str) -> None:
    system.write(text)
    ran = system.run(*APPLY)
    assert ran.code == 0, ran


def create(system: SystemUnderTest) -> None:
    system.write(manifest(*EVERYTHING))


CHANGED = (*(entry.saying("two") for entry in (SHOT, LOOP)), CROWDED,
           *(entry.saying("two") for entry in (LEFT, RIGHT)))  # fmt: skip


def change_whole(system: SystemUnderTest) -> None:
    applied(system, manifest(*EVERYTHING))
    system.write(manifest(*CHANGED))


SPLIT = Entry(
    '{every: mon, at: "20:00", timezone: America/New_York, '
    'from: "2027-03-01", until: "2027-03-28"}',
    Wanted(
        "split",
        ("ann", "bob"),
        (
            *(at(f"2027-03-{day:02d}", "09:00") for day in (2, 9)),
            *(at(f"2027-03-{day:02d}", "08:00") for day in (16, 23)),
        ),
        "Split",
        "one",
        tasks=2,
        versions=2,
    ),
)
SKIPPING = replace(
    SPLIT,
    schedule=SPLIT.schedule.replace("}", ', skip: ["2027-03-22"]}'),
    wanted=replace(SPLIT.wanted, moments=SPLIT.wanted.moments[:3], versions=3),
)
LONGER = replace(
    LOOP,
    schedule=LOOP.schedule.replace("05", "07"),
    wanted=replace(
        LOOP.wanted, moments=daily("2026-12-01", "2026-12-07", "12:00"), tasks=2, versions=2
    ),
)


def change_times(system: SystemUnderTest) -> None:
    """A recurrence across a clock change loses a day, another one goes on for longer."""
    applied(system, manifest(SPLIT, LOOP, SHOT))
    system.write(manifest(SKIPPING, LONGER, SHOT))


TWICE = Entry(
    '{every: day, at: ["09:30", "20:00"], until: "2026-12-03"}',
    Wanted("twice", ("ann", "bob"), (), "Twice", "one"),
)
EVENINGS = replace(
    TWICE,
    schedule=TWICE.schedule.replace('"09:30", ', ""),
    wanted=replace(
        TWICE.wanted,
        moments=(at("2026-12-01", "09:30"), *daily("2026-12-01", "2026-12-03", "20:00")),
        body="two",
        versions=3,
    ),
)


def change_today(system: SystemUnderTest) -> None:
    """The first delivery of the day has gone out, and an edit leaves only the second."""
    applied(system, manifest(TWICE, SHOT))
    system.advance(3 * 3600)
    system.write(manifest(EVENINGS, SHOT))


JOINED = replace(CROWDED, wanted=replace(CROWDED.wanted, people=(*CROWD, "newcomer"), versions=2))


def change_one_chunk(system: SystemUnderTest) -> None:
    applied(system, manifest(SHOT, CROWDED))
    system.write(manifest(SHOT, JOINED))


def cancel(system: SystemUnderTest) -> None:
    applied(system, manifest(*EVERYTHING))
    system.write(manifest(LOOP, RIGHT))


OFF = "    enabled: false\n"


def disable(system: SystemUnderTest) -> None:
    applied(system, manifest(SHOT, LOOP, LEFT))
    system.write(manifest(replace(SHOT, more=OFF), replace(LOOP, more=OFF), LEFT))


SPECIAL = replace(SHOT, wanted=replace(SHOT.wanted, id="special", name="shot"))


def rename(system: SystemUnderTest) -> None:
    applied(system, manifest(SHOT, LOOP))
    system.write(manifest(SPECIAL, LOOP.saying("two"), more="moved: [{from: shot, to: special}]\n"))


HAND = Entry(
    "{at: 2026-12-03T21:00}",
    Wanted(
        *("hand", ("ann",), (at("2026-12-03", "21:00"),), "Hand", "made"),
        name="by hand",
        adopted=True,
    ),
)


def adopt(system: SystemUnderTest) -> None:
    """Somebody made a task in the console; the manifest takes it over and has more to create."""
    made = system.control.ask(
        "POST",
        "tasks",
        {
            "AppId": "ONEX0000000000000",
            "WorkspaceId": "test",
            "TaskName": "by hand",
            "Title": "Hand",
            "Content": "made",
            "DeliveryType": 3,
            "PushStyle": 0,
            "ExpiredSeconds": 14_400,
            "StrategyType": 1,
            "StrategyContent": {"fixedTime": HAND.wanted.moments[0] * 1000},
            "TargetMsgkey": {"ann": "made-by-hand"},
        },
    )
    more = f"adopt: [{{id: hand, task: {made['id']}}}]\n"
    system.write(manifest(HAND, SHOT, LEFT, RIGHT, more=more))


RENEWED = replace(
    EVERGREEN,
    wanted=replace(
        EVERGREEN.wanted,
        moments=daily("2026-12-01", "2027-11-01", "12:00"),
        tasks=2,
        versions=2,
    ),
)


def renew(system: SystemUnderTest) -> None:
    """A recurrence without an end, a month before its window closes."""
    applied(system, manifest(EVERGREEN))
    system.advance(155 * 86_400)


def saved_plan(system: SystemUnderTest) -> None:
    applied(system, manifest(SHOT, LOOP))
    system.write(manifest(SHOT.saying("two"), LEFT, RIGHT))
    ran = system.run("plan", "--out", PLAN)
    assert ran.code == 0, ran


STOP = ("stop", "shot", "loop", "crowd", "--parallelism", "1")
RESUME = ("resume", "--all")


def stop(system: SystemUnderTest) -> None:
    """An incident: three entries have to be silent at once, whatever the manifest says."""
    applied(system, manifest(*EVERYTHING))


RESUMED = tuple(
    replace(entry.wanted, versions=2) if entry in (SHOT, LOOP, CROWDED) else entry.wanted
    for entry in EVERYTHING
)


def resume(system: SystemUnderTest) -> None:
    stop(system)
    ran = system.run(*STOP)
    assert ran.code == 0, ran


def resumed(system: SystemUnderTest) -> None:
    """The incident is over, and what was stopped comes back."""
    resume(system)
    ran = system.run(*RESUME)
    assert ran.code == 0, ran


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("create", create, wanted(*EVERYTHING)),
        Scenario("change-whole", change_whole, wanted(*CHANGED)),
        Scenario("change-times", change_times, wanted(SKIPPING, LONGER, SHOT)),
        Scenario("change-today", change_today, wanted(EVENINGS, SHOT)),
        Scenario("change-one-chunk", change_one_chunk, wanted(SHOT, JOINED)),
        Scenario("cancel", cancel, wanted(LOOP, RIGHT)),
        Scenario("disable", disable, wanted(LEFT)),
        Scenario("rename", rename, wanted(SPECIAL, LOOP.saying("two"))),
        Scenario("adopt", adopt, wanted(HAND, SHOT, LEFT, RIGHT)),
        Scenario("renew", renew, wanted(RENEWED)),
        Scenario(
            "saved-plan",
            saved_plan,
            wanted(SHOT.saying("two"), LEFT, RIGHT),
            step=("apply", PLAN, "--parallelism", "1"),
            again=("apply", PLAN, "--parallelism", "1"),
        ),
    )
}
INCIDENT = (
    Scenario("stop", stop, wanted(LEFT, RIGHT), step=STOP, again=STOP),
    Scenario("resume", resume, RESUMED, step=RESUME, again=RESUME, whole=False),
    Scenario("back-again", resumed, RESUMED),
)
if "stop" in COMMANDS:
    SCENARIOS |= {scenario.name: scenario for scenario in INCIDENT}
