"""Calendars: text files and ics files of days."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pushctl.diagnostics import Position, Range
from pushctl.manifest.schedule.calendar_files import Calendar, calendar
from pushctl.manifest.schedule.working_days import Holidays, joined
from tests.unit.manifest.project import HEAD, PUSH, codes, project

USED = Range("pushctl.yaml", Position(4, 1), Position(4, 1))


def day(month: int, number: int, year: int = 2026) -> dt.date:
    return dt.date(year, month, number)


def text(content: str) -> Calendar:
    return calendar("days.txt", content.encode(), USED)


def test_lines_are_days_and_words_for_people() -> None:
    found = text(
        "# off\n2026-12-25 Christmas\n\n2027-02-05..2027-02-11\tSpring Festival # week\r\n"
        "  2026-12-31 .. 2026-12-31  \n2026-12-25\n2026-12-26#Boxing Day\n"
    )
    assert found.findings == ()
    assert found.days.off == (
        (day(12, 25), day(12, 26)),
        (day(12, 31), day(12, 31)),
        (day(2, 5, 2027), day(2, 11, 2027)),
    )


@pytest.mark.parametrize(
    "line",
    [
        "Christmas",
        "2026-12-25Christmas",
        "2026-12-25..",
        "2026-2-5",
        "2026-12-25 - 2026-12-26",
        "2026-12-25 2026-12-26",
        "2026-12-25 .. 2026-12-24",
    ],
)
def test_a_line_that_is_no_day_is_never_ignored(line: str) -> None:
    found = text(f"2026-12-31\n{line}\n")
    assert [item.code for item in found.findings] == ["PSH119"]
    assert found.findings[0].range == Range("days.txt", Position(2, 1), Position(2, 1))
    assert "pushctl.yaml, line 4" in found.findings[0].detail
    assert found.days.off == ((day(12, 31), day(12, 31)),)


def test_stretches_that_touch_are_one_and_others_stay_apart() -> None:
    first, last = day(12, 24), day(12, 26)
    inner, next_day, later = (day(12, 25),) * 2, (day(12, 27),) * 2, (day(12, 29),) * 2
    assert joined([later, inner, (first, last), next_day]) == ((first, day(12, 27)), later)
    assert joined([(first, last), inner]) == ((first, last),)


def ics(*lines: str) -> Calendar:
    whole = ("BEGIN:VCALENDAR", "VERSION:2.0", "CALSCALE:GREGORIAN", *lines, "END:VCALENDAR", "")
    return calendar("days.ics", "\r\n".join(whole).encode(), USED)


def event(*lines: str) -> Calendar:
    return ics("BEGIN:VEVENT", *lines, "END:VEVENT")


def test_an_event_ends_before_its_end() -> None:
    found = event("DTSTART;VALUE=DATE:20270205", "DTEND;VALUE=DATE:20270212", "UID:1")
    assert (found.days.off, found.findings) == (((day(2, 5, 2027), day(2, 11, 2027)),), ())


def test_an_event_without_an_end_is_one_day_and_folded_lines_are_whole() -> None:
    found = event("DTSTART;VALUE", " =DATE:2026", "\t1225", "SUMMARY:Christ", " mas: a day off")
    assert (found.days.off, found.findings) == (((day(12, 25), day(12, 25)),), ())


def test_what_says_nothing_about_days_is_passed_over() -> None:
    found = ics(
        "X-WR-CALNAME:Holidays",
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Shanghai",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "RRULE:FREQ=YEARLY",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        "DTSTART;VALUE=DATE:20261225",
        'ORGANIZER;CN="A: B":mailto:a@acme.example',
        "X-APPLE-SPECIAL-DAY:WORK-HOLIDAY",
        "STATUS:CONFIRMED",
        "BEGIN:VALARM",
        "TRIGGER:-PT15M",
        "END:VALARM",
        "END:VEVENT",
    )
    assert (found.days.off, found.findings) == (((day(12, 25), day(12, 25)),), ())


@pytest.mark.parametrize(
    "line",
    [
        "RRULE:FREQ=YEARLY",
        "RDATE;VALUE=DATE:20271225",
        "EXDATE;VALUE=DATE:20271225",
        "DURATION:P2D",
        "RECURRENCE-ID;VALUE=DATE:20261225",
        "STATUS:CANCELLED",
        "X-APPLE-SPECIAL-DAY:SOMETHING",
        "DTEND:20261226T000000Z",
        "DTEND;VALUE=DATE:20261225",
        "DTEND;VALUE=DATE:20261232",
        "DTSTART;VALUE=DATE:20261226",
        "something else",
        "BEGIN:VTODO",
    ],
)
def test_what_says_more_about_days_is_never_ignored(line: str) -> None:
    found = event("DTSTART;VALUE=DATE:20261225", line)
    assert {item.code for item in found.findings} == {"PSH119"}


@pytest.mark.parametrize(
    "lines",
    [
        ("SUMMARY:节日 补班 第1天",),
        ("SUMMARY:國慶節 補班",),
        ("SUMMARY:春节（班）",),
        ("SUMMARY:国庆节调休上班",),
        ("SUMMARY:Special Working Day",),
        ("SUMMARY:Make-up workday (Spring Festival holiday)",),
        ("SUMMARY:春节", "X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY"),
    ],
)
def test_an_event_of_a_day_that_is_worked_is_no_day_off(lines: tuple[str, ...]) -> None:
    found = event("DTSTART;VALUE=DATE:20261226", *lines)
    assert found == Calendar(Holidays((), ((day(12, 26), day(12, 26)),)), ())


@pytest.mark.parametrize(
    "summary",
    [
        "节日 假期 第1天", "春节放假调休", "停班停课", "今天不上班", "Non-working day", "Labor Day",
        "Workers' Day", "值班", "补休",
    ],
)  # fmt: skip
def test_an_event_that_only_sounds_like_work_is_a_day_off(summary: str) -> None:
    found = event("DTSTART;VALUE=DATE:20261226", f"SUMMARY:{summary}")
    assert found == Calendar(Holidays(((day(12, 26), day(12, 26)),)), ())


@pytest.mark.parametrize(
    "lines",
    [
        ("SUMMARY:春节放假\\,2月14日上班",),
        ("SUMMARY:国庆节 调休",),
        ("SUMMARY:Day off (working day for some)",),
        ("SUMMARY:补班", "X-APPLE-SPECIAL-DAY:WORK-HOLIDAY"),
    ],
)
def test_an_event_that_may_be_both_is_a_day_off_and_a_warning(lines: tuple[str, ...]) -> None:
    found = event("DTSTART;VALUE=DATE:20261226", *lines)
    assert found.days == Holidays(((day(12, 26), day(12, 26)),))
    (warning,) = found.findings
    assert (warning.code, warning.severity) == ("PSH119", "warning")
    assert lines[0].removeprefix("SUMMARY:").replace("\\", "") in warning.detail
    assert warning.fix is not None
    assert "补班" in warning.fix


def test_a_line_says_that_its_day_is_worked_and_a_comment_does_not() -> None:
    found = text("2026-12-24..2026-12-28 Christmas\n2026-12-26 补班\n2026-12-31 # 上班\n")
    assert found.days == Holidays(
        (
            (day(12, 24), day(12, 25)),
            (day(12, 27), day(12, 28)),
            (day(12, 31), day(12, 31)),
        ),
        ((day(12, 26), day(12, 26)),),
    )
    assert [item.range.start.line for item in found.findings if item.range] == [3]


@pytest.mark.parametrize(
    "lines", [("DTSTART:20261225T090000Z",), ("DTSTART:20261225",), ("SUMMARY:Nothing",)]
)
def test_an_event_that_is_no_whole_day_is_one_finding(lines: tuple[str, ...]) -> None:
    assert len(event(*lines).findings) == 1


def test_a_file_that_was_cut_off_is_a_finding() -> None:
    begun = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\nEND:VEVENT\r\n"
    (found,) = calendar("days.ics", begun, USED).findings
    assert "no whole iCalendar file" in found.detail


def test_a_file_of_nothing_and_a_file_of_everything() -> None:
    assert [item.code for item in text("# later\n").findings] == ["PSH121"]
    assert len(text("x\n" * 1000).findings) == 20
    assert [item.code for item in text("2026-12-25\x00").findings] == ["PSH109"]
    assert [item.code for item in ics("BEGIN:VEVENT").findings]


def test_calendars_are_files_of_the_manifest_with_variables_and_environments(
    tmp_path: Path,
) -> None:
    head = (
        HEAD
        + "vars: {region: de}\ncalendars: {a: 'days/${region}.txt', b: days/de.txt}\n"
        + "environments: {staging: {calendars: {b: days/fr.txt}}}\npushes:\n  x:\n"
    )
    push = PUSH.replace('"09:45"', "\"09:45\", skip: ['${cal}']")
    files: dict[str, str | bytes] = {
        "pushctl.yaml": head.replace("region: de}", "region: de, cal: a}") + push,
        "days/de.txt": "2026-12-25\n",
        "days/fr.txt": "2027-07-14\n",
    }
    reading = project(tmp_path, files)
    assert reading.diagnostics == ()
    assert reading.files == ("days/de.txt", "pushctl.yaml")
    assert reading.calendars == dict.fromkeys("ab", Holidays(((day(12, 25), day(12, 25)),)))
    changed = project(tmp_path, {"days/de.txt": "2026-12-26\n"})
    assert changed.digest != reading.digest
    staged = project(tmp_path, {}, env="staging")
    assert staged.calendars["b"].off == ((day(7, 14, 2027), day(7, 14, 2027)),)


def test_a_calendar_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("2026-12-25\n")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link.txt").symlink_to(outside)
    text = HEAD + "calendars: {a: link.txt, b: ../outside.txt}\npushes: {}\n"
    assert codes(project(root, {"pushctl.yaml": text})) == ["PSH106", "PSH106"]


def test_a_large_calendar_is_refused(tmp_path: Path) -> None:
    text = HEAD + "calendars: {a: days.txt}\npushes: {}\n"
    files: dict[str, str | bytes] = {"pushctl.yaml": text, "days.txt": b"#" * 1_000_001}
    assert codes(project(tmp_path, files)) == ["PSH108"]
