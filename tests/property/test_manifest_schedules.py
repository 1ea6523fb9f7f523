"""Whatever a schedule says: it means something, or it is refused in words; never anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pushctl.diagnostics import Position, Range
from pushctl.manifest.checks.schedule import CompileContext, Problem, schedule_of, warnings_of
from pushctl.manifest.resolved import ResolvedPush
from pushctl.manifest.schedule.parse import Calendars, declared
from pushctl.manifest.schedule.phrase import PhraseError, parse
from pushctl.manifest.schedule.timezones import TimeError
from pushctl.manifest.schedule.working_days import Holidays
from pushctl.manifest.schema.fields import decode
from pushctl.manifest.schema.models import PushEntry
from pushctl.manifest.yaml.positions import Provenance
from pushctl.schedule.recurrence import Recurrence, instants
from pushctl.schedule.service_schedule import Horizon
from tests.examples import share

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = 1796086800  # 2026-12-01T09:00:00+08:00
HERE = Range("pushctl.yaml", Position(1, 1), Position(1, 1))

DAYS = ["0001-01-01", "2026-12-01", "2026-12-31", "2027-02-30", "2028-02-29", "9999-12-31"]
TIMES = ["00:00", "02:30", "09:45:11", "23:59:59"]
EVERY = [
    "day", "weekday", "last day", "mon", "last fri", "5th sun", "2 days", "9 weeks", "13 months",
    ["mon", "sun"], [29, 30, 31], [1, "last day"], ["1st mon", "last mon"],
]  # fmt: skip
RULES = [
    "FREQ=DAILY;COUNT=10000", "FREQ=DAILY;INTERVAL=10000", "INTERVAL=2;FREQ=WEEKLY; WKST=SU",
    "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "freq=yearly", "FREQ=YEARLY;BYYEARDAY=366",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYDAY=53MO", "FREQ=HOURLY", "FREQ=",
    "RRULE:FREQ=WEEKLY;BYDAY=XX",
]  # fmt: skip
ZONES = [
    "UTC", "Europe/Berlin", "America/Santiago", "Pacific/Apia", "Australia/Lord_Howe", "No/Where",
]  # fmt: skip
SKIPS: list[list[Any]] = [
    ["2026-12-25"],
    ["off", "2027-02-30"],
    ["away"],
    ["2026-12-24..2027-01-06", "2027-02-05 .. 2027-02-30"],
    [{"from": "2026-12-02", "until": "9999-12-31"}],
    [{"from": "0001-01-01", "until": "2026-12-01"}],
    [{"from": "2027-01-02", "until": "2027-01-01"}],
]
CALENDARS: Calendars = {"off": Holidays()}


def repeated() -> st.SearchStrategy[dict[str, Any]]:
    days = st.fixed_dictionaries({"every": st.sampled_from(EVERY)})
    rules = st.fixed_dictionaries({"rrule": st.sampled_from(RULES)})
    rest = st.fixed_dictionaries(
        {"at": st.lists(st.sampled_from(TIMES), min_size=1, unique=True)},
        optional={
            "from": st.sampled_from(DAYS),
            "until": st.sampled_from(DAYS),
            "timezone": st.sampled_from(ZONES),
            "skip": st.sampled_from(SKIPS),
            "gap": st.sampled_from(["next", "shift", "skip"]),
            "fold": st.sampled_from(["first", "second"]),
            "short_months": st.sampled_from(["skip", "last-day"]),
        },
    )
    return st.builds(lambda what, others: {**what, **others}, days | rules, rest)


@settings(max_examples=share(150), deadline=None, suppress_health_check=list(HealthCheck))
@given(repeated(), st.booleans(), st.booleans())
def test_a_schedule_is_declared_or_refused(
    schedule: dict[str, Any], recorded: bool, ends: bool
) -> None:
    data = {
        "schedule": schedule,
        "to": {"users": ["a"]},
        "message": {"title": "a", "body": "b"},
        **({"offer_ends": "2027-01-01T00:00"} if ends else {}),
    }
    entry = decode(PushEntry, data)
    push = ResolvedPush("p", entry, "users", ("a",), HERE, Provenance((), HERE))
    known = frozenset({"p"} if recorded else ())
    context = CompileContext(NOW, SHANGHAI, Horizon(SHANGHAI), recorded=known, calendars=CALENDARS)
    refused, found = None, None
    try:
        found = schedule_of(push, context)
    except Problem as problem:
        refused = problem.finding
    if refused is not None:
        assert refused.detail.endswith(".")
        assert refused.fix
        return
    assert isinstance(found, Recurrence)
    assert all(item.detail.endswith(".") for item in warnings_of(push, found, context))
    assert len(instants(found, NOW, context.end)) <= 182 * len(found.times)


WORDS = [
    "every", "at", "from", "until", "in", "skip", "gap", "fold", "short_months", "and", ",", "..",
    "day", "mon,wed", "last", "fri", "2", "weeks", "1,15", "09:45", "2026-12-24", "next", "second",
    "2026-12-24T20:00", "2027-02-05..2027-02-11", "Europe/Berlin", "off", "last-day", "FREQ=DAILY",
    "FREQ=YEARLY;BYMONTH=2", "RRULE:", "now", "\x00", "٣", "=",
]  # fmt: skip


@settings(max_examples=share(400), deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.text(max_size=40))
def test_a_phrase_means_something_or_is_refused(phrase: str) -> None:
    refused = None
    try:
        parse(phrase, SHANGHAI, calendars=CALENDARS)
    except (PhraseError, TimeError) as error:
        refused = str(error)
    assert refused is None or refused.endswith(".")


def spoken(schedule: dict[str, Any]) -> str:
    """Write a schedule on one line."""
    every = schedule.get("every", "")
    days = ",".join(map(str, every)) if isinstance(every, list) else every
    start = f"every {days}" if days else schedule["rrule"]
    skip = [
        item if isinstance(item, str) else f"{item['from']}..{item['until']}"
        for item in schedule.get("skip", ())
    ]
    words = {
        "at": ",".join(schedule["at"]),
        **{word: schedule.get(word) for word in ("from", "until", "gap", "fold", "short_months")},
        "in": schedule.get("timezone"),
        "skip": ",".join(skip),
    }
    return " ".join([start, *(f"{word} {text}" for word, text in words.items() if text)])


def outcome(ask: Callable[[], object]) -> object:
    """Return what a schedule declares, or the words in which it is refused."""
    try:
        return ask()
    except (PhraseError, TimeError) as error:
        return str(error)


@settings(max_examples=share(200), deadline=None, suppress_health_check=list(HealthCheck))
@given(repeated())
def test_a_phrase_and_a_manifest_never_differ(schedule: dict[str, Any]) -> None:
    push = {"schedule": schedule, "to": {"users": ["a"]}, "message": {"title": "a", "body": "b"}}
    entry = decode(PushEntry, push)
    written = outcome(lambda: declared(entry.schedule, SHANGHAI, CALENDARS))
    typed = outcome(lambda: parse(spoken(schedule), SHANGHAI, calendars=CALENDARS))
    assert written == typed, spoken(schedule)
