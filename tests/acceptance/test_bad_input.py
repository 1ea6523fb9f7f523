"""What people get for mistakes: a place, a sentence, a fix; nothing sent, nothing written."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.cli import Here, Project, Ran

HEAD = """\
version: 1
app: {id: ONEX0000000000000, workspace: test, sandbox: {now: "2026-12-01T09:00:00+08:00"}}
timezone: Asia/Shanghai
defaults: {expires_after: 4h}
"""

PUSH = """\
pushes:
  sale:
    schedule: {at: 2026-12-24T20:00}
    to: {users: [u1]}
    message: {title: Sale, body: Tonight}
"""

GOOD = HEAD + PUSH


def edited(before: str, after: str) -> str:
    assert before in GOOD
    return GOOD.replace(before, after)


TEN = ", ".join(f"u{n}" for n in range(11))

# name, manifest, line and column of the finding, code, a word of its text
DEFECTS = [
    ("unknown key", edited("body:", "bodi:"), (9, 28), "PSH104", "body"),
    ("wrong type", edited("body: Tonight", "body: Tonight, silent: 'yes'"), None, "PSH110", "true"),
    (
        "time for date-time",
        edited("at: 2026-12-24T20:00", "at: '20:00'"),
        (7, 20),
        "PSH114",
        "date",
    ),
    ("duplicate key", GOOD + "    owner: a\n    owner: b\n", (11, 5), "PSH102", "line 10"),
    ("anchor", edited("{users: [u1]}", "&a {users: [u1]}"), (8, 9), "PSH103", "for_each"),
    ("bad zone", edited("Asia/Shanghai", "Asia/Beijing"), (3, 11), "PSH203", "Asia/Beijing"),
    (
        "wall time that does not exist",
        edited("at: 2026-12-24T20:00", "at: 2027-03-14T02:30, timezone: America/New_York"),
        (7, 20),
        "PSH205",
        "skip",
    ),
    ("past time", edited("2026-12-24", "2026-11-24"), (7, 20), "PSH201", "--send-late"),
    ("too far ahead", edited("2026-12-24", "2027-08-24"), (7, 20), "PSH209", "180"),
    (
        "a rule that cannot be read",
        edited("{at: 2026-12-24T20:00}", "{rrule: FREQ=HOURLY, at: '09:45'}"),
        None,
        "PSH118",
        "HOURLY",
    ),
    ("empty audience", edited("[u1]", "[]"), (8, 10), "PSH113", "empty"),
    (
        "11 targets",
        edited("[u1]", f"[{TEN}]").replace("test,", "test, chunking: false,"),
        None,
        "PSH510",
        "11",
    ),
    (
        "sms without template",
        GOOD + "    sms: {mode: fallback, sign: s, params: {}}\n",
        (10, 5),
        "PSH111",
        "template",
    ),
    (
        "live activity for users",
        GOOD + "    live_activity: {event: end, state: {a: 1}}\n",
        None,
        "PSH511",
        "activity",
    ),
    ("unknown variable", edited("Tonight", '"${tonight}"'), (9, 34), "PSH105", "tonight"),
    ("include outside", GOOD + "include: [../other.yaml]\n", (10, 11), "PSH106", ""),
    (
        "unreadable audience",
        edited("{users: [u1]}", "{users_from: none.csv}"),
        None,
        None,
        "none.csv",
    ),
]


@pytest.mark.parametrize(
    ("text", "place", "code", "word"),
    [case[1:] for case in DEFECTS],
    ids=[case[0] for case in DEFECTS],
)
def test_a_defect_is_found_at_its_place_and_nothing_happens(
    text: str, place: tuple[int, int] | None, code: str | None, word: str, tmp_path: Path
) -> None:
    project = Here(tmp_path)
    project.write(text)
    found = project.run("validate", "--format", "json")
    assert found.code == 1, found
    errors = [item for item in found.json["diagnostics"] if item["severity"] == "error"]
    assert len(errors) == 1, found
    (error,) = errors
    assert code is None or error["code"] == code, error
    assert error["summary"]
    assert error["fix"]
    said = error["summary"] + error["detail"] + error["fix"]
    assert word in said, error
    start = error["range"]["start"]
    if place is not None:
        assert (start["line"], start["column"]) == place, error
    assert "is not valid under" not in said
    for command in (("plan",), ("apply", "--yes")):
        ran = project.run(*command)
        assert ran.code == 1, ran
        assert f"pushctl.yaml:{start['line']}:{start['column']}" in ran.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pushctl.yaml"]


def test_all_defects_are_found_in_one_run(tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write(
        HEAD
        + """\
pushes:
  past:
    schedule: {at: 2026-11-24T20:00}
    to: {users: [u1]}
    message: {title: Sale, body: Tonight}
  gap:
    schedule: {at: 2027-03-14T02:30, timezone: America/New_York}
    to: {users: [u1]}
    message: {title: Sale, bodi: Tonight}
  twice:
    schedule: {every: day, at: "9:45"}
    to: {users_from: missing.csv}
    message: {title: "${nobody}", body: Tonight}
  fine:
    schedule: {every: day, at: "09:45"}
    to: {users: [u1]}
    message: {title: Hello, body: Tonight}
"""
    )
    found = project.run("validate", "--format", "json")
    codes = {item["code"] for item in found.json["diagnostics"] if item["severity"] == "error"}
    assert {"PSH201", "PSH104", "PSH113", "PSH105"} <= codes, found
    lines = [item["range"]["start"]["line"] for item in found.json["diagnostics"]]
    assert lines == sorted(lines)


def test_text_shows_place_line_and_fix(tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write(edited("body:", "bodi:"))
    ran = project.run("validate")
    assert ran.code == 1
    assert "✗ pushctl.yaml:9:28  PSH104" in ran.out
    assert "fix:" in ran.out
    assert "9 │     message: {title: Sale, bodi: Tonight}" in ran.out
    assert "^^^^\n" in ran.out


def test_duplicate_ids_across_includes_name_both_places(tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write("include: [more.yaml]\n" + GOOD)
    project.write(PUSH, "more.yaml")
    found = project.run("validate", "--format", "json")
    (error,) = [item for item in found.json["diagnostics"] if item["code"] == "PSH102"]
    text = json.dumps(error)
    assert "more.yaml" in text
    assert "pushctl.yaml" in text


def test_bytes_that_are_not_text_are_refused(tmp_path: Path) -> None:
    project = Here(tmp_path)
    (tmp_path / "pushctl.yaml").write_bytes(GOOD.encode().replace(b"Tonight", b"\xff\xfe"))
    ran = project.run("validate")
    assert ran.code == 1
    assert "UTF-8" in ran.out


def test_a_huge_file_is_refused_at_once(tmp_path: Path) -> None:
    project = Here(tmp_path)
    with (tmp_path / "pushctl.yaml").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    ran = project.run("validate")
    assert ran.code == 1
    assert "MB" in ran.out


@pytest.mark.parametrize("bracket", ["[", "{a: "])
def test_a_deeply_nested_file_is_refused(bracket: str, tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write("version: " + bracket * 20000)
    ran = project.run("validate")
    assert ran.code == 1, ran
    assert "pushctl.yaml:1:" in ran.out


def test_no_manifest_says_what_to_do(tmp_path: Path) -> None:
    ran = Here(tmp_path).run("plan")
    assert ran.code == 1
    assert "pushctl init" in ran.err


# --- the state ------------------------------------------------------------------------------------


@pytest.fixture
def applied(tmp_path: Path) -> Project:
    project = Here(tmp_path)
    project.write(GOOD)
    ran = project.run("apply", "--yes")
    assert ran.code == 0, ran
    return project


def damaged(project: Project, change: str) -> Ran:
    path = project.folder / "pushctl.state.json"
    document = json.loads(path.read_text())
    text = path.read_text()
    if change == "cut":
        text = text[: len(text) // 2]
    elif change == "edited":
        text = text.replace('"serial": 1', '"serial": 7')
    elif change == "newer":
        text = json.dumps({**document, "version": 99})
    elif change == "empty":
        text = ""
    elif change == "list":
        text = "[]"
    path.write_text(text)
    return project.run("apply", "--yes")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("cut", "damaged"),
        ("edited", "checksum"),
        ("newer", "upgrade pushctl"),
        ("empty", "damaged"),
        ("list", "damaged"),
    ],
)
def test_a_state_that_cannot_be_trusted_stops_everything(
    applied: Project, change: str, word: str
) -> None:
    ran = damaged(applied, change)
    assert ran.code == 1, ran
    assert word in ran.err
    assert "fix:" in ran.err
    assert "created" not in ran.out


def test_a_state_of_another_app_is_refused(applied: Project) -> None:
    applied.write(GOOD.replace("ONEX0000000000000", "ONEX9999999999999"))
    ran = applied.run("apply", "--yes")
    assert ran.code == 5, ran
    assert "The state is about another service" in ran.err


def test_a_folder_that_cannot_be_written_sends_nothing(tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write(GOOD)
    (tmp_path / "pushctl.state.lock").mkdir()
    ran = project.run("apply", "--yes")
    assert ran.code == 1, ran
    assert re.search(r"fix: .*writable", ran.err)
    assert not (tmp_path / "pushctl.state.json").exists()


# --- usage ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [("plna",), ("plan", "--nope"), ("apply", "--parallelism", "many"), ("state",), ("when",)],
)
def test_wrong_usage_is_64(arguments: tuple[str, ...], tmp_path: Path) -> None:
    ran = Here(tmp_path).run(*arguments)
    assert ran.code == 64 or arguments == ("state",), ran


def test_a_closed_pipe_is_no_drama(applied: Project) -> None:
    command = f"'{sys.executable}' -m pushctl state show 2>&1 | head -1"
    done = subprocess.run(
        command, shell=True, cwd=applied.folder, capture_output=True, text=True, check=False
    )
    assert done.stdout == "{\n"
    assert done.stderr == ""


def scheduled(folder: Path) -> list[tuple[int, str]]:
    with sqlite3.connect(folder / ".pushctl" / "sandbox.db") as database:
        return database.execute("select pending, params from tasks order by rowid").fetchall()


NO_LISTS = [
    ("version https://git-lfs.github.com/spec/v1\noid sha256:0a\n", "a.csv:1", "Git LFS"),
    ("user_id\nu1\n<<<<<<< HEAD\nu2\n=======\n>>>>>>> b\n", "a.csv:3", "merge conflict"),
    ("user_id\nu1\nNULL\n", "a.csv:3", "no value"),
    ("uid;openid\nu1;o1\n", "a.csv:1", "openid"),
    ("", "a.csv:1", "no target"),
]


def test_a_list_that_is_none_any_more_changes_nothing(tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write(GOOD.replace("users: [u1]", "users_from: a.csv"))
    project.write("user_id;name\nu1;Ann\nu2;Bob\n", "a.csv")
    assert project.run("apply", "--yes").code == 0
    before, state = scheduled(tmp_path), project.state()
    assert [json.loads(params)["TargetMsgkey"].keys() for _, params in before] == [{"u1", "u2"}]
    for content, place, words in NO_LISTS:
        project.write(content, "a.csv")
        ran = project.run("apply", "--yes")
        assert ran.code not in (0, 2), ran
        assert place in ran.err, ran
        assert words in ran.err, ran
    assert (scheduled(tmp_path), project.state()) == (before, state)


@pytest.mark.parametrize("content", ["user_id;since\nu1;2026\n", "device_id\nd1\n", None])
def test_marketing_never_goes_past_the_list_of_who_wants_none(
    content: str | None, tmp_path: Path
) -> None:
    project = Here(tmp_path)
    marketing = "  sale:\n    labels: {class: marketing}\n"
    project.write("policy: {suppressed: out.csv}\n" + GOOD.replace("  sale:\n", marketing))
    if content is not None:
        project.write(content, "out.csv")
    assert project.run("apply", "--yes").code not in (0, 2)
    assert not (tmp_path / ".pushctl" / "sandbox.db").exists() or scheduled(tmp_path) == []
