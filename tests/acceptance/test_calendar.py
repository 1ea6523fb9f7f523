"""`pushctl calendar`: what colleagues subscribe to."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import icalendar
import pytest
import recurring_ical_events

from tests.acceptance.cli import Here, Project, Ran

MANIFEST = """\
version: 1
app:
  id: ONEX0000000000000
  workspace: test
  endpoint: sandbox
  sandbox: {now: "2026-12-01T09:00:00+08:00"}
timezone: Asia/Shanghai
defaults: {expires_after: 4h}
pushes:
  sale:
    schedule: {at: 2026-12-24T20:00}
    to: {users: [somebody-1, somebody-2]}
    message: {title: "Sale; now", body: Tonight}
    labels: {campaign: xmas}
  digest:
    schedule: {every: [mon, wed], at: "09:45"}
    to: {users: [somebody-1]}
    message: {title: Digest, body: Daily}
  note:
    schedule: {now: true}
    to: {users: [somebody-3]}
    message: {title: Note, body: Now}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Here(tmp_path)
    made.write(MANIFEST)
    return made


def ok(ran: Ran) -> Ran:
    assert ran.code == 0, ran
    return ran


def events(ran: Ran) -> dict[str, icalendar.Event]:
    """Return the events of a calendar by their titles."""
    read = icalendar.Calendar.from_ical(ok(ran).out)
    return {str(event["SUMMARY"]): event for event in read.walk("VEVENT")}


def statuses(project: Project) -> dict[str, str]:
    found = events(project.run("calendar"))
    return {title: str(event["STATUS"]) for title, event in found.items()}


def edit(project: Project, before: str, after: str) -> None:
    path = project.folder / "pushctl.yaml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def test_the_calendar_shows_what_the_manifest_says(project: Project) -> None:
    ran = project.run("calendar")
    found = events(ran)
    assert set(found) == {"Sale; now", "Digest"}
    assert found["Digest"]["RRULE"].to_ical() == b"FREQ=WEEKLY;BYDAY=MO,WE"
    assert found["Sale; now"]["DTSTART"].dt.isoformat() == "2026-12-24T12:00:00+00:00"
    assert "To 2 users" in found["Sale; now"]["DESCRIPTION"]
    assert "somebody" not in ran.out
    assert not (project.folder / ".pushctl").exists()
    assert project.run("calendar").out.count("BEGIN:VEVENT") == 2


def test_some_pushes_can_be_chosen(project: Project) -> None:
    assert set(events(project.run("calendar", "digest"))) == {"Digest"}
    wrong = project.run("calendar", "digset")
    assert wrong.code == 64, wrong
    assert "Did you mean digest?" in wrong.err


@pytest.mark.parametrize("option", ["-o", "--output"])
def test_the_calendar_is_written_to_a_file(option: str, project: Project) -> None:
    ran = ok(project.run("calendar", option, "team.ics"))
    assert (ran.out, ran.err) == ("", "Wrote team.ics.\n")
    path = project.folder / "team.ics"
    written = path.read_bytes()
    assert written.startswith(b"BEGIN:VCALENDAR\r\n")
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask
    missing = project.run("calendar", "-o", "nowhere/team.ics")
    assert missing.code == 1, missing
    assert "The file cannot be written" in missing.err


def test_a_manifest_with_errors_leaves_the_former_calendar(project: Project) -> None:
    ok(project.run("calendar", "-o", "team.ics"))
    before = (project.folder / "team.ics").read_bytes()
    edit(project, "title: Digest", "titel: Digest")
    assert project.run("calendar", "-o", "team.ics").code == 1
    assert (project.folder / "team.ics").read_bytes() == before


def test_what_will_not_be_delivered_is_crossed_out(project: Project) -> None:
    edit(project, "  note:", "  note:\n    enabled: false")
    ok(project.run("apply", "--yes"))
    assert set(statuses(project).values()) == {"CONFIRMED"}
    edit(project, "  digest:", "  digest:\n    enabled: false")
    assert statuses(project) == {"Digest": "CANCELLED", "Sale; now": "CONFIRMED"}
    ok(project.run("stop", "sale"))
    assert statuses(project) == {"Digest": "CANCELLED", "Sale; now": "CANCELLED"}
    ok(project.run("resume", "sale"))
    assert statuses(project)["Sale; now"] == "CONFIRMED"


def removed(project: Project, more: str = "") -> None:
    """Take the one-time push away, and all that is sent at once."""
    head, _, rest = MANIFEST.partition("  sale:")
    digest = rest[rest.index("  digest:") : rest.index("  note")]
    project.write(head.replace("pushes:", f"{more}pushes:") + digest)


def test_what_left_the_manifest_is_crossed_out_until_it_is_gone(project: Project) -> None:
    edit(project, "  note:", "  note:\n    enabled: false")
    ok(project.run("apply", "--yes"))
    before = events(project.run("calendar"))["Sale; now"]
    removed(project)
    after = events(project.run("calendar"))["Sale; now"]
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert after["UID"] == before["UID"]
    assert after["DTSTART"].dt == before["DTSTART"].dt
    assert after["SEQUENCE"] == before["SEQUENCE"] == 1
    assert "somebody" not in project.run("calendar").out
    ok(project.run("apply", "--yes", "--force"))
    assert statuses(project) == {"Digest": "CONFIRMED"}


def test_what_left_the_manifest_and_is_over_is_gone(project: Project) -> None:
    edit(project, "  note:", "  note:\n    enabled: false")
    ok(project.run("apply", "--yes"))
    removed(project)
    ok(project.run("sandbox", "clock", "to", "2026-12-24T20:00"))
    assert statuses(project) == {"Digest": "CONFIRMED"}


def test_a_recurrence_without_a_first_day_begins_when_it_was_applied(project: Project) -> None:
    edit(project, "  note:", "  note:\n    enabled: false")
    ok(project.run("apply", "--yes"))
    before = events(project.run("calendar"))["Digest"]
    edit(project, "2026-12-01T09:00:00", "2026-12-22T09:00:00")
    after = events(project.run("calendar"))["Digest"]
    assert after["DTSTART"].dt == before["DTSTART"].dt


def test_what_runs_out_uncancelled_is_still_delivered(project: Project) -> None:
    edit(project, "  note:", "  note:\n    enabled: false")
    ok(project.run("apply", "--yes"))
    removed(project, "removed: [{id: sale, cancel: false}]\n")
    assert statuses(project) == {"Digest": "CONFIRMED", "Sale; now": "CONFIRMED"}


def test_a_renamed_push_is_there_once(project: Project) -> None:
    edit(project, "  note:", "  note:\n    enabled: false")
    ok(project.run("apply", "--yes"))
    edit(project, "  sale:", "  xmas:")
    edit(project, "pushes:", "moved: [{from: sale, to: xmas}]\npushes:")
    ran = project.run("calendar")
    assert ran.out.count("SUMMARY:Sale") == 1
    assert statuses(project)["Sale; now"] == "CONFIRMED"


def test_a_stopped_push_stays_crossed_out_when_it_is_renamed(project: Project) -> None:
    edit(project, "  note:", "  note:\n    enabled: false")
    ok(project.run("apply", "--yes"))
    ok(project.run("stop", "sale"))
    edit(project, "  sale:", "  xmas:")
    edit(project, "pushes:", "moved: [{from: sale, to: xmas}]\npushes:")
    assert statuses(project)["Sale; now"] == "CANCELLED"


EVERYTHING = """\
pushes:
  once: {schedule: {at: 2026-12-24T20:00}, <<<}
  nightly: {schedule: {every: day, at: "02:30", timezone: America/New_York}, <<<}
  twice: {schedule: {every: weekday, at: ["09:00", "18:30"], until: 2027-03-01}, <<<}
  ends: {schedule: {every: [30], at: "09:00", short_months: last-day}, <<<}
  fridays: {schedule: {every: last fri, at: "09:00", timezone: Europe/Berlin}, <<<}
  rarely: {schedule: {every: 3 weeks, at: "09:00", from: 2026-12-07, skip: [2027-01-18]}, <<<}
  ruled: {schedule: {rrule: "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", at: "23:45"}, <<<}
"""


def test_the_calendar_and_when_tell_the_same(project: Project) -> None:
    head = MANIFEST.partition("pushes:")[0]
    people = "to: {users: [a]}, message: {title: Title, body: Body}"
    project.write(head + EVERYTHING.replace("<<<", people))
    ids = [line.partition(":")[0].strip() for line in EVERYTHING.splitlines()[1:]]
    for id in ids:
        told = ok(project.run("when", id, "--count", "60", "--format", "json")).json["deliveries"]
        text = ok(project.run("calendar", id)).out
        # Both go by their own ways to the end of what `when` shows.
        end = dt.datetime.fromisoformat(told[-1]) + dt.timedelta(seconds=1)
        begin = dt.datetime.fromisoformat("2026-12-01T01:00:01Z")
        read = recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(begin, end)
        starts = sorted(event["DTSTART"].dt.astimezone(dt.UTC) for event in read)
        found = [f"{start:%Y-%m-%dT%H:%M:%SZ}" for start in starts if start >= begin]
        assert found == told, id


def test_a_zone_that_does_not_exist_is_a_finding(project: Project) -> None:
    project.write(MANIFEST.replace("Asia/Shanghai", "Asia/Nowhere"))
    ran = project.run("calendar")
    assert ran.code == 1
    assert "There is no time zone called 'Asia/Nowhere'" in ran.err
