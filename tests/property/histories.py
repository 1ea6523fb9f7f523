"""Random histories: edits, runs, faults, kills and the passing of time."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from pushctl.errors import ServiceError
from pushctl.push.push import DesiredPush
from pushctl.schedule.recurrence import Declared, Recurrence
from pushctl.schedule.rrule import parse
from pushctl.schedule.service_schedule import OneShot
from tests.builders import NOW, daily, days, desired, people
from tests.fakes import ZONE, FakePushService
from tests.faults.crashing_service import Crash, CrashingService, Effects, check_message_keys
from tests.in_memory import Bench

CROWD = people(24)
ONCE = {"a": NOW + 40 * 3600, "b": NOW + 40 * 3600, "c": NOW + 90 * 3600}
LOOPS = ("d", "e")


@dataclass(frozen=True)
class Act:
    """What happens next: the manifest as it is then, time that passes, and what goes wrong."""

    pushes: tuple[DesiredPush, ...]
    passes: int
    answers: Mapping[int, str] = field(default_factory=dict)
    dies_at: int | None = None
    dies: str = "before"
    lag: int = 0


def schedules(id: str) -> st.SearchStrategy[Declared]:
    if id in ONCE:
        return st.just(OneShot(ONCE[id]))
    loops = [daily("09:00"), daily("18:00"), daily("18:00", last=days(3))]
    return st.sampled_from(loops)


RULES = (
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=MO,WE",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=MONTHLY;BYMONTHDAY=1,15,31",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR",
)


@st.composite
def recurrences(draw: st.DrawFn) -> Recurrence:
    """Any recurrence in the service's zone, from a day around today on."""
    first = days(draw(st.integers(-9, 20)))
    last = draw(st.none() | st.integers(0, 200))
    hours = draw(st.sets(st.integers(0, 23), min_size=1, max_size=3))
    out = draw(st.none() | st.integers(0, 30))
    return Recurrence(
        rule=parse(draw(st.sampled_from(RULES))),
        times=tuple(dt.time(hour, 30) for hour in sorted(hours)),
        zone=ZONE,
        first=first,
        last=None if last is None else first + dt.timedelta(days=last),
        skip=() if out is None else ((days(out), days(out + 2)),),
    )


def members() -> st.SearchStrategy[tuple[str, ...]]:
    return st.integers(1, len(CROWD)).flatmap(
        lambda size: st.integers(0, len(CROWD) - size).map(
            lambda start: CROWD[start : start + size]
        )
    )


def entries(id: str) -> st.SearchStrategy[DesiredPush | None]:
    push = st.builds(
        desired,
        st.just(id),
        schedule=schedules(id),
        targets=members(),
        title=st.sampled_from(["Same", "Other"]),
        enabled=st.sampled_from([True, True, True, False]),
    )
    return st.one_of(st.none(), push, push, push)


@st.composite
def manifests(draw: st.DrawFn) -> tuple[DesiredPush, ...]:
    drawn = [draw(entries(id)) for id in (*ONCE, *LOOPS)]
    return tuple(push for push in drawn if push is not None)


ANSWERS = ("not sent", "refused", "lost with effect", "lost without effect", "lost, late")


@st.composite
def acts(draw: st.DrawFn) -> Act:
    bad = draw(st.sampled_from(["", "", "answers", "dies"]))
    answers = st.dictionaries(st.integers(0, 12), st.sampled_from(ANSWERS), max_size=2)
    return Act(
        pushes=draw(manifests()),
        passes=draw(st.sampled_from([0, 5, 700, 3600, 5 * 3600, 11 * 3600, 30 * 3600])),
        answers=draw(answers) if bad == "answers" else {},
        dies_at=draw(st.integers(0, 10)) if bad == "dies" else None,
        dies=draw(st.sampled_from(["before", "after", "late"])),
        lag=draw(st.sampled_from([0, 0, 10])),
    )


@dataclass
class History:
    """A world in which acts happen one after another."""

    bench: Bench = field(default_factory=Bench)

    @property
    def service(self) -> FakePushService:
        return self.bench.service

    def happen(self, act: Act) -> None:
        self.service.lag = act.lag
        effects = Effects(at=act.dies_at, mode=act.dies)
        self.bench.through = CrashingService(self.service, effects, act.answers)
        with contextlib.suppress(Crash, ServiceError):
            self.bench.apply(*act.pushes)
        self.bench.through = None
        self.bench.stop = threading.Event()
        self.service.forget_faults()
        self.service.advance(act.passes)

    def check(self) -> None:
        """Nobody ever got a message twice, and no message key was used twice."""
        check_message_keys(self.service)
        got: Counter[tuple[Any, ...]] = Counter()
        for item in self.service.delivered:
            id = str(self.service.parameters[item.task_id]["TaskName"])
            day = None if id in ONCE else dt.datetime.fromtimestamp(item.at, ZONE).date()
            got[id, item.target, day] += 1
        assert [what for what, times in got.items() if times > 1] == []
