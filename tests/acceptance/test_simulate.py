"""`pushctl simulate`: a manifest lived through in memory."""

from __future__ import annotations

import datetime as dt
import os
from itertools import pairwise
from pathlib import Path

import pytest

from pushctl.cli.commands.simulate.command import end_of
from pushctl.time_zones import zone
from tests.acceptance.cli import Here, Project, Ran

NOW = "2026-12-01T09:00:00+08:00"
HEAD = f"""\
version: 1
app: {{id: ONEX0000000000000, workspace: test, sandbox: {{now: "{NOW}"}}, quota: {{limit: 2}}}}
timezone: Asia/Shanghai
defaults: {{expires_after: 4h}}
pushes:
"""
DAILY = """\
  daily:
    schedule: {every: day, at: "20:00"}
    to: {users: [u1, u2]}
    message: {title: Digest, body: Daily}
"""
SEED = """\
users:
  u1:
    - {id: Pixel, vendor: fcm}
    - {id: Old, vendor: fcm, notifications: false}
"""


def once(id: str, at: str) -> str:
    rest = "to: {users: [u1]}, message: {title: T, body: b}"
    return f"  {id}: {{schedule: {{{f'at: {at}' if at else 'now: true'}}}, {rest}}}\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Here(tmp_path)
    made.write(HEAD + DAILY)
    return made


def ok(ran: Ran) -> Ran:
    assert ran.code == 0, ran
    return ran


def got(ran: Ran) -> dict[str, list[str]]:
    """Return when each person gets something, in UTC."""
    people = ok(ran).json["people"]
    return {item["user"]: [message["at"] for message in item["messages"]] for item in people}


def test_everybody_gets_every_delivery_up_to_the_end_of_the_day(project: Project) -> None:
    found = got(project.run("simulate", "--until", "2026-12-03", "--format", "json"))
    days = [f"2026-12-0{day}T12:00:00Z" for day in (1, 2, 3)]
    assert found == {"u1": days, "u2": days}
    assert len(got(project.run("simulate", "--format", "json"))["u1"]) == 30


def test_one_person_can_be_asked_for(project: Project) -> None:
    found = got(project.run("simulate", "--user", "u2", "--format", "json"))
    assert list(found) == ["u2"]
    assert got(project.run("simulate", "--user", "u", "--format", "json")) == {}


def test_two_runs_say_the_same_and_leave_nothing(project: Project) -> None:
    pushes = (DAILY.replace("daily", f"d{n}").replace("Digest", f"T{n}") for n in range(20))
    project.write(HEAD.replace("limit: 2", "limit: 20") + "".join(pushes))
    for form in ("text", "json", "html"):
        words = ("simulate", "--until", "2026-12-02", "--format", form)
        runs = [ok(project.run(*words)).out for _ in range(2)]
        assert runs[0] == runs[1]
        ok(project.run(*words, "--out", "out"))
        assert (project.folder / "out").read_text("utf-8") == runs[0]
    assert sorted(os.listdir(project.folder)) == ["out", "pushctl.yaml"]


def test_recurrences_are_renewed_beyond_what_the_service_accepts(project: Project) -> None:
    found = ok(project.run("simulate", "--until", "2028-01-15", "--format", "json")).json
    times = [dt.datetime.fromisoformat(item["at"]) for item in found["people"][0]["messages"]]
    assert len(times) == 411
    assert {later - sooner for sooner, later in pairwise(times)} == {dt.timedelta(days=1)}
    assert 3 <= found["applies"] <= 4
    assert found["left"] == []


def test_the_sandbox_accepts_what_the_manifest_says_of_the_service(project: Project) -> None:
    project.write(HEAD.replace("quota:", "behaviour: {horizon_days: 400}, quota:") + DAILY)
    found = ok(project.run("simulate", "--until", "2027-11-30", "--format", "json")).json
    assert len(found["people"][0]["messages"]) == 365
    assert (found["applies"], found["left"]) == (1, [])


def test_a_recurrence_that_begins_later_is_scheduled_in_time(project: Project) -> None:
    project.write(HEAD + DAILY.replace("every: day", "every: day, from: 2027-09-30"))
    found = got(project.run("simulate", "--until", "2027-10-01", "--format", "json"))
    assert found["u1"] == ["2027-09-30T12:00:00Z", "2027-10-01T12:00:00Z"]


def test_what_has_no_room_in_the_quota_is_told(project: Project) -> None:
    """A third task waits until a daily job finds room, or until it is too late."""
    days = {"a": "01T20:00", "b": "02T20:00", "c": "03T08:00", "d": "03T08:30", "e": "09T20:00"}
    project.write(HEAD + "".join(once(id, f"2026-12-{at}") for id, at in days.items()))
    ran = ok(project.run("simulate", "--format", "json"))
    assert [item["push"] for item in ran.json["people"][0]["messages"]] == ["a", "b", "c", "e"]
    assert ran.json["left"] == [
        {"push": "d", "reason": "no room in time: the quota is 2 tasks"},
    ]
    assert "! d: no room in time" in ok(project.run("simulate")).out


def test_what_waits_for_room_is_looked_at_again_when_there_is_some(project: Project) -> None:
    project.write(HEAD + "".join(once(f"p{day}", f"2026-12-{day}T20:00") for day in (10, 11, 12)))
    found = ok(project.run("simulate", "--format", "json")).json
    assert (len(found["people"][0]["messages"]), found["applies"], found["left"]) == (3, 2, [])


def test_what_is_over_is_left_out_and_what_is_sent_at_once_comes_first(project: Project) -> None:
    project.write(HEAD + once("over", "2026-11-03T08:30") + once("now", ""))
    found = ok(project.run("simulate", "--format", "json")).json
    (message,) = found["people"][0]["messages"]
    assert (message["push"], message["at"], found["left"]) == ("now", "2026-12-01T01:00:00Z", [])


def test_what_the_service_refuses_is_told(project: Project) -> None:
    project.write(HEAD + DAILY.replace("body: Daily", f"body: {'long ' * 500}"))
    found = ok(project.run("simulate", "--until", "2027-12-31", "--format", "json")).json
    assert found["people"] == []
    assert found["left"][0]["push"] == "daily"
    assert "the service refused it" in found["left"][0]["reason"]
    assert found["applies"] == 1


def test_phones_decide_what_is_shown(project: Project) -> None:
    project.write(SEED, "phones.yaml")
    ran = project.run("simulate", "--until", "2026-12-01", "--seed", "phones.yaml")
    assert "  Tue 1 Dec 2026 20:00  shown on Pixel  daily “Digest”\n" in ok(ran).out
    assert "  Tue 1 Dec 2026 20:00  blocked on Old  daily “Digest”\n" in ran.out
    assert "      notifications are switched off on this phone\n" in ran.out
    absent = project.run("simulate", "--seed", "absent.yaml")
    assert (absent.code, "The sandbox cannot start" in absent.err) == (1, True)


def test_it_begins_where_the_clock_of_the_folder_is(project: Project) -> None:
    ok(project.run("apply", "--yes", "--force"))
    ok(project.run("sandbox", "clock", "to", "2026-12-05T21:00"))
    ok(project.run("stop", "daily"))
    before = (project.folder / "pushctl.state.json").read_bytes()
    found = got(project.run("simulate", "--until", "2026-12-06", "--format", "json"))
    assert found["u1"] == ["2026-12-06T12:00:00Z"]
    assert (project.folder / "pushctl.state.json").read_bytes() == before
    assert "to Mon 7 Dec" not in ok(project.run("simulate", "--until", "2026-12-06")).out


def test_a_manifest_that_ends_to_be_valid_is_told(project: Project) -> None:
    allowed = "{rule: PSH310, reason: It is short, until: '2027-01-31'}"
    picture = DAILY.replace(
        "body: Daily", "body: Daily, style: image, image: 'https://a.example/a'"
    )
    project.write(HEAD + picture + f"    allow: [{allowed}]\n")
    ran = ok(project.run("simulate", "--until", "2027-12-31", "--user", "u1"))
    assert "! pushctl.yaml: cannot be applied any more on 2027-05-01: An accepted" in ran.out
    assert "\nu1 · 181 messages: 181 shown\n" in ran.out


def test_a_manifest_for_real_phones_is_lived_through_without_the_service(project: Project) -> None:
    real = "endpoint: mpaas.invalid, settle_time: 30s, quota:"
    project.write(HEAD.replace("quota:", real) + DAILY)
    keys = {
        f"ALIBABA_CLOUD_ACCESS_KEY_{name}": "LTAI5tFakeFakeFakeFake" for name in ("ID", "SECRET")
    }
    assert len(got(project.run("simulate", "--format", "json", env=keys))["u1"]) in (30, 31)


def test_its_calls_do_not_count_as_calls_of_the_command(project: Project) -> None:
    ran = ok(project.run("--debug", "simulate"))
    assert "debug: " in ran.err
    assert "PushSimple" not in ran.err


def test_a_manifest_with_errors_is_refused(project: Project) -> None:
    project.write(HEAD + DAILY.replace("20:00", "25:00"))
    ran = project.run("simulate")
    assert (ran.code, ran.out, "1 error" in ran.err) == (1, "", True)


def test_people_have_other_names_where_targets_are_hashed(project: Project) -> None:
    project.write((HEAD + DAILY).replace("workspace: test", "workspace: test, targets: hashed"))
    found = got(project.run("simulate", "--user", "u1", "--format", "json"))
    assert len(found) == 1
    assert "u1" not in found


@pytest.mark.slow
def test_a_year_of_a_hundred_daily_loops(tmp_path: Path) -> None:
    project = Here(tmp_path)
    loops = (
        DAILY.replace("daily", f"d{n}").replace("20:00", f"{8 + n % 12:02}:{n % 60:02}")
        for n in range(100)
    )
    project.write(HEAD.replace("limit: 2", "limit: 200") + "".join(loops))
    ran = ok(project.run("simulate", "--until", "2027-11-30"))
    missed = 9 * 2  # loops whose time of the first day was over
    assert ran.out.endswith(f"\n2 people, {73_000 - missed:,} messages: 72,982 shown\n")


SHANGHAI = zone("Asia/Shanghai")
AT = int(dt.datetime.fromisoformat(NOW).timestamp())


@pytest.mark.parametrize(
    ("text", "end"),
    [
        (None, AT + 30 * 86_400),
        ("2026-12-01", AT + 15 * 3600 - 1),
        ("2026-12-01T10:00", AT + 3600),
        ("2026-12-01T02:00Z", AT + 3600),
    ],
)
def test_a_day_is_meant_to_its_end(text: str | None, end: int) -> None:
    assert end_of(text, AT, SHANGHAI) == end


@pytest.mark.parametrize("text", ["2026-11-30", "2026-12-01T09:00", "30d", "", "2026-13-01"])
def test_an_end_that_is_none_is_wrong_usage(project: Project, text: str) -> None:
    assert project.run("simulate", f"--until={text}").code == 64
