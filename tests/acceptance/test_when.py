"""`pushctl when`: of a push, of a phrase, with a manifest and without."""

from __future__ import annotations

from pathlib import Path

import pytest

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
  digest:
    schedule: {every: [mon, wed], at: "20:00", timezone: America/New_York, until: 2027-05-26}
    to: {users: [u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11]}
    message: {title: Digest, body: Daily}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Here(tmp_path)
    made.write(MANIFEST)
    return made


def ok(ran: Ran) -> Ran:
    assert ran.code == 0, ran
    return ran


def test_a_push_is_shown_with_its_zone_its_tasks_and_its_end(project: Project) -> None:
    out = ok(project.run("when", "digest", "--count", "2", "--zone", "Europe/Berlin")).out
    assert out == (
        "Sandbox clock: Mon 30 Nov 2026 20:00 America/New_York, stands still.\n"
        "every Monday and Wednesday at 20:00 America/New_York, until Wed 26 May 2027\n"
        "rrule  FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=20;BYMINUTE=0;BYSECOND=0;UNTIL=20270527T035959Z\n"
        "\n"
        "America/New_York      Europe/Berlin         Asia/Shanghai (service)  UTC\n"
        "Wed 2 Dec 2026 20:00  Thu 3 Dec 2026 02:00  Thu 3 Dec 2026 09:00     Thu 3 Dec 2026 01:00"
        "  in 2 d\n"
        "Mon 7 Dec 2026 20:00  Tue 8 Dec 2026 02:00  Tue 8 Dec 2026 09:00     Tue 8 Dec 2026 01:00"
        "  in 7 d\n"
        "\n"
        "Today it takes 2 tasks for every 10 targets, 4 for 11:\n"
        "  every Tuesday and Thursday at 09:00 Asia/Shanghai, from Thu 3 Dec 2026, "
        "until Thu 11 Mar 2027\n"
        "  every Tuesday and Thursday at 08:00 Asia/Shanghai, from Tue 16 Mar 2027, "
        "until Thu 27 May 2027\n"
        "That reaches until Wed 26 May 2027 20:00 America/New_York, which is the last delivery.\n"
    )
    assert ok(project.run("when", "digest", "--count", "2", "--zone", "Europe/Berlin")).out == out


def test_what_it_takes_is_what_a_plan_creates(project: Project) -> None:
    told = ok(project.run("when", "digest", "--format", "json")).json
    planned = ok(project.run("plan", "--format", "json")).json["changes"][0]
    assert told["task_count"] == planned["tasks"]["create"] == 4
    assert told["deliveries"][0] == "2026-12-03T01:00:00Z"


def test_scripts_get_the_zones_that_were_asked_for(project: Project) -> None:
    told = ok(project.run("when", "digest", "--zone", "Europe/Berlin", "--format", "json")).json
    assert told["zones"] == ["America/New_York", "Europe/Berlin", "Asia/Shanghai", "UTC"]
    assert told["moments"][0]["zones"]["Europe/Berlin"] == "2026-12-03T02:00:00+01:00"
    assert len(told["moments"]) == len(told["deliveries"]) == 5


def test_a_phrase_is_meant_in_the_zone_of_the_manifest(project: Project) -> None:
    out = ok(project.run("when", "every", "day", "at", "09:45", "--count", "1")).out
    assert "stands still.\nevery day at 09:45 Asia/Shanghai, until further notice\n" in out
    assert "Today it takes 1 task for every 10 targets:" in out
    assert "; later applies continue it." in out


def test_a_phrase_skips_the_days_of_a_calendar_of_the_manifest(project: Project) -> None:
    project.write(MANIFEST.replace("pushes:", "calendars: {off: off.txt}\npushes:"))
    project.write("2026-12-02\n", "off.txt")
    told = ok(project.run("when", "every day at 09:45 skip off", "--format", "json")).json
    assert told["deliveries"][:2] == ["2026-12-01T01:45:00Z", "2026-12-03T01:45:00Z"]
    assert told["english"].endswith(", not on Wed 2 Dec 2026")


def test_a_moment_is_shown_in_the_zone_that_the_phrase_names(project: Project) -> None:
    out = ok(project.run("when", "at 2026-12-24T20:00 in Europe/Berlin")).out
    assert "stands still.\nonce, Thu 24 Dec 2026 20:00 Europe/Berlin\n" in out


def test_what_nobody_can_read_is_told(project: Project) -> None:
    for arguments in (("every nothing at all",), ("digest", "--zone", "Nowhere/X")):
        ran = project.run("when", *arguments)
        assert ran.code == 1, ran
        assert "fix: " in ran.err


NOW = ("--now", "2026-12-01T09:00:00+08:00")


def test_a_phrase_with_a_zone_needs_no_manifest(tmp_path: Path) -> None:
    phrase = "every mon at 20:00 in Europe/Berlin"
    told = ok(Here(tmp_path).run(*NOW, "when", phrase, "--format", "json")).json
    assert told["english"] == "every Monday at 20:00 Europe/Berlin, until further notice"
    assert told["deliveries"][0] == "2026-12-07T19:00:00Z"
    assert list(tmp_path.iterdir()) == []


def test_a_phrase_without_a_zone_needs_one(tmp_path: Path) -> None:
    ran = Here(tmp_path).run(*NOW, "when", "every mon at 20:00")
    assert ran.code == 1, ran
    assert "The time zone is missing" in ran.err
    assert "in Asia/Shanghai" in ran.err


@pytest.mark.parametrize(
    ("phrase", "fix"),
    [
        ("daily at 9", "write: every mon,wed at 09:45"),
        ("0 9 * * *", "write: every day at 09:00"),
        ("every mon at 20:00", "name it: every mon at 20:00 in Asia/Shanghai"),
    ],
)
def test_the_mistake_in_a_phrase_comes_before_its_zone(
    phrase: str, fix: str, tmp_path: Path
) -> None:
    ran = Here(tmp_path).run(*NOW, "when", phrase)
    assert ran.code == 1, ran
    assert f"fix: {fix}\n" in ran.err


@pytest.mark.parametrize(
    ("moment", "at"),
    [
        ("2026-12-24T20:00+09:00", "2026-12-24T11:00:00Z"),
        ("2026-12-24T20:00Z", "2026-12-24T20:00:00Z"),
        ("2026-12-24T20:00-05:30", "2026-12-25T01:30:00Z"),
    ],
)
def test_a_moment_with_an_offset_needs_no_zone(moment: str, at: str, tmp_path: Path) -> None:
    told = ok(Here(tmp_path).run(*NOW, "when", f"at {moment}", "--format", "json")).json
    assert told["deliveries"] == [at]
    assert told["zones"] == ["UTC", "Asia/Shanghai"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    ran = Here(tmp_path).run("-C", "nowhere", "when", "every mon at 20:00 in Europe/Berlin")
    assert ran.code == 1, ran
    assert "There is no such folder" in ran.err


MORNING = """\
  morning:
    for_each: [Asia/Tokyo, Europe/Berlin]
    schedule: {every: day, at: "09:45", timezone: "${each.key}"}
    to: {users: [u1]}
    message: {title: Morning, body: Daily}
"""


def test_a_stopped_push_is_said_to_be_silent_first(project: Project) -> None:
    ok(project.run("apply", "--yes"))
    ok(project.run("stop", "digest", "--yes"))
    out = ok(project.run("when", "digest")).out
    _, first, blank, second = out.splitlines()[:4]
    assert first.startswith("stopped since Mon 30 Nov 2026 20:00 America/New_York: ")
    assert first.endswith("none of this is delivered until `pushctl resume digest`")
    assert (blank, second[:12]) == ("", "every Monday")
    assert "Today it would take 2 tasks" in out
    told = ok(project.run("when", "digest", "--format", "json")).json
    assert told["silence"]["reason"] == "stopped"
    assert told["silence"]["since"].startswith("2026-12-01T")
    project.write(
        MANIFEST.replace("  digest:\n", "  letter:\n") + "moved: [{from: digest, to: letter}]\n"
    )
    out = ok(project.run("when", "letter")).out
    assert "until `pushctl resume digest`\n" in out.partition("every")[0]
    project.write(MANIFEST)
    ok(project.run("resume", "digest"))
    assert ok(project.run("when", "digest", "--format", "json")).json["silence"] is None


def test_a_disabled_push_is_said_to_be_silent_first(project: Project) -> None:
    project.write(MANIFEST.replace("  digest:\n", "  digest:\n    enabled: false\n"))
    out = ok(project.run("when", "digest")).out
    assert "\ndisabled: none of this is delivered while the manifest says " in out
    told = ok(project.run("when", "digest", "--format", "json")).json
    assert told["silence"] == {"reason": "disabled", "since": None}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("morning", "Did you mean morning[Asia/Tokyo], morning[Europe/Berlin]?"),
        ("mornin", "Did you mean morning[Asia/Tokyo], morning[Europe/Berlin]?"),
        ("morning[Asia/Tokio]", "Did you mean morning[Asia/Tokyo], morning[Europe/Berlin]?"),
        ("digset", "Did you mean digest?"),
        ("hello", "Name one of its pushes, or write: every mon,wed at 09:45."),
    ],
)
def test_which_push_was_meant_is_named(project: Project, typed: str, meant: str) -> None:
    project.write(MANIFEST + MORNING)
    ran = project.run("when", typed)
    assert ran.code == 64, ran
    assert f"There is no push '{typed}' in the manifest. {meant}\n" in ran.err


def test_which_zone_was_meant_is_named(project: Project) -> None:
    ran = project.run("when", "every day at 09:00 in new york until 2027-01-01")
    assert ran.code == 1, ran
    assert "fix: did you mean America/New_York?\n" in ran.err
