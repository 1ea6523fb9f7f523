"""`pushctl comment` in a CI job: which change, whose token, and what it says when it may not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.cli import Here, Ran
from tests.fake_code_hosts import Answer, CodeHost, GitHub, GitLab, serving
from tests.security.hostile import TEXTS, offences

PLAN = "<!-- pushctl:plan app=ONEX0 workspace=prod env=prod -->\n### 1 create\n"
SAME = {"full_name": "acme/pushes"}


def event(folder: Path, head: Any = SAME) -> str:
    path = folder / "event.json"
    pull = {"number": 7, "head": {"repo": head}, "base": {"repo": SAME}}
    path.write_text(json.dumps({"pull_request": pull}))
    return str(path)


@pytest.fixture
def github() -> Iterator[CodeHost]:
    with serving(GitHub()) as host:
        yield host


@pytest.fixture
def gitlab() -> Iterator[CodeHost]:
    with serving(GitLab()) as host:
        yield host


def on_github(host: CodeHost, event_path: str, **more: str) -> dict[str, str]:
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": host.url,
        "GITHUB_REPOSITORY": "acme/pushes",
        "GITHUB_EVENT_PATH": event_path,
        "GITHUB_TOKEN": host.token,
        **more,
    }


def on_gitlab(host: CodeHost, **more: str) -> dict[str, str]:
    return {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": host.url,
        "CI_PROJECT_ID": "42",
        "CI_MERGE_REQUEST_IID": "7",
        "PUSHCTL_GITLAB_TOKEN": host.token,
        **more,
    }


def commented(folder: Path, env: dict[str, str], *options: str, text: str = PLAN) -> Ran:
    (folder / "plan.md").write_text(text, "utf-8")
    ran = Here(folder).run("comment", "plan.md", *options, env=env)
    assert "secret-" not in ran.out + ran.err
    return ran


def test_a_plan_is_commented_once_and_then_left(github: CodeHost, tmp_path: Path) -> None:
    env = on_github(github, event(tmp_path))
    first = commented(tmp_path, env)
    assert (first.code, first.out) == (0, "Commented on pull request acme/pushes#7.\n")
    del github.calls[:]
    again = commented(tmp_path, env)
    assert (again.code, again.out) == (0, "Nothing new to say on pull request acme/pushes#7.\n")
    assert github.writes == []


def test_another_plan_updates_the_comment(gitlab: CodeHost, tmp_path: Path) -> None:
    env = on_gitlab(gitlab)
    assert commented(tmp_path, env).out == "Commented on merge request !7.\n"
    second = commented(tmp_path, env, text=PLAN + "more")
    assert second.out == "Updated the comment on merge request !7.\n"
    assert len(gitlab.notes) == 1


@pytest.mark.parametrize("head", [{"full_name": "someone/pushes"}, None])
def test_a_fork_has_no_comment_and_no_error(github: CodeHost, tmp_path: Path, head: Any) -> None:
    env = on_github(github, event(tmp_path, head), GITHUB_TOKEN=github.reader)
    ran = commented(tmp_path, env)
    assert ran.code == 0
    assert ran.out == (
        "No comment on pull request acme/pushes#7: it comes from a fork, so this job may only "
        "read. The plan is in the summary of this run.\n"
    )
    assert github.notes == []
    assert commented(tmp_path, env) == ran


def test_dependabot_may_only_read_too(github: CodeHost, tmp_path: Path) -> None:
    env = on_github(github, event(tmp_path), GITHUB_TOKEN=github.reader)
    ran = commented(tmp_path, {**env, "GITHUB_ACTOR": "dependabot[bot]"})
    assert (ran.code, "Dependabot" in ran.out) == (0, True)


def test_a_fork_at_gitlab_has_no_token_at_all(gitlab: CodeHost, tmp_path: Path) -> None:
    env = on_gitlab(gitlab, CI_MERGE_REQUEST_SOURCE_PROJECT_ID="99", PUSHCTL_GITLAB_TOKEN="")
    ran = commented(tmp_path, env)
    assert (ran.code, "from a fork" in ran.out, gitlab.calls) == (0, True, [])


def test_a_missing_permission_is_an_error_that_says_which(github: CodeHost, tmp_path: Path) -> None:
    ran = commented(tmp_path, on_github(github, event(tmp_path), GITHUB_TOKEN=github.reader))
    assert ran.code == 1
    assert "pull-requests: write" in ran.err


def test_an_event_without_a_pull_request_is_an_error(github: CodeHost, tmp_path: Path) -> None:
    (tmp_path / "push.json").write_text("{}")
    env = on_github(github, str(tmp_path / "push.json"), GITHUB_EVENT_NAME="push")
    ran = commented(tmp_path, env)
    assert ran.code == 1
    assert "It was started by push." in ran.err
    assert commented(tmp_path, env, "--number", "7").code == 0


def test_a_comment_on_a_pull_request_is_about_that(github: CodeHost, tmp_path: Path) -> None:
    (tmp_path / "issue.json").write_text(json.dumps({"issue": {"number": 7, "pull_request": {}}}))
    ran = commented(tmp_path, on_github(github, str(tmp_path / "issue.json")))
    assert ran.code == 1  # an issue that is no pull request has no such link
    issue = {"issue": {"number": 7, "pull_request": {"url": "…"}}}
    (tmp_path / "issue.json").write_text(json.dumps(issue))
    assert commented(tmp_path, on_github(github, str(tmp_path / "issue.json"))).code == 0


@pytest.mark.parametrize(
    ("without", "word"),
    [("GITHUB_TOKEN", "GITHUB_TOKEN"), ("GITHUB_REPOSITORY", "GITHUB_REPOSITORY")],
)
def test_what_is_missing_is_named(
    github: CodeHost, tmp_path: Path, without: str, word: str
) -> None:
    ran = commented(tmp_path, {**on_github(github, event(tmp_path)), without: ""})
    assert (ran.code, word in ran.err, github.calls) == (1, True, [])


def test_outside_of_ci_it_says_so(tmp_path: Path) -> None:
    ran = commented(tmp_path, {})
    assert (ran.code, "neither GitHub Actions nor GitLab CI" in ran.err) == (1, True)


def test_a_file_that_is_none_is_an_error(github: CodeHost, tmp_path: Path) -> None:
    env = on_github(github, event(tmp_path))
    ran = Here(tmp_path).run("comment", "nowhere.md", env=env)
    assert (ran.code, "pushctl plan --markdown" in ran.err) == (1, True)
    (tmp_path / "bytes.md").write_bytes(b"\xff\xfe")
    assert Here(tmp_path).run("comment", "bytes.md", env=env).code == 1
    assert github.calls == []


def test_hostile_words_of_a_code_host_stay_words(github: CodeHost, tmp_path: Path) -> None:
    env = on_github(github, event(tmp_path))
    for text in TEXTS.values():
        github.answer_with = Answer(422, {"message": text})
        ran = commented(tmp_path, env)
        assert ran.code == 1
        assert offences(ran.err) == []


def test_plans_of_two_folders_have_a_comment_each(github: CodeHost, tmp_path: Path) -> None:
    env = on_github(github, event(tmp_path))
    names = ("mk/pushctl", "营销 -- <b>/pushctl", "x" * 500, "x" * 501)
    for _ in range(2):
        for name in names:
            assert commented(tmp_path, env, "--name", name).code == 0
    marks = [note.body.splitlines()[0] for note in github.notes]
    assert marks[0] == "<!-- pushctl:plan at=mk/pushctl -->"
    assert len(set(marks)) == len(marks) == len(names)
    assert all(mark.count("--") == 2 and len(mark) < 500 for mark in marks)
    assert github.notes[0].body.splitlines()[1] == "### 1 create"


def test_several_files_are_one_comment(github: CodeHost, tmp_path: Path) -> None:
    env = on_github(github, event(tmp_path))
    (tmp_path / "other.md").write_text("### No plan\n")
    for text in (PLAN, PLAN.replace("1 create", "2 create")):
        ran = commented(tmp_path, env, "other.md", text=text)
        assert ran.code == 0, ran
    (note,) = github.notes
    body = note.body.replace("\r\n", "\n")
    assert body == "<!-- pushctl:plan at=all -->\n### 2 create\n\n### No plan"
    assert commented(tmp_path, env, "other.md", "--name", "mk").out.startswith("Commented")


def test_a_page_without_a_marker_is_found_by_its_name(github: CodeHost, tmp_path: Path) -> None:
    env = on_github(github, event(tmp_path))
    commented(tmp_path, env, "--name", "mk")
    ran = commented(tmp_path, env, "--name", "mk", text="### No plan\n")
    assert ran.out == "Updated the comment on pull request acme/pushes#7.\n"
    assert "### No plan" in github.notes[0].body


def test_a_note_is_plain_text_and_left_out_where_there_is_no_room(
    github: CodeHost, tmp_path: Path
) -> None:
    env = on_github(github, event(tmp_path))
    commented(tmp_path, env, "--note", "Commit <b>@x</b>")
    assert github.notes[0].body.splitlines()[-1].startswith("<sub>Commit &lt;b&gt;")
    full = PLAN + "x" * (65_536 - len(PLAN))
    assert commented(tmp_path, env, "--note", "Commit 1", text=full).code == 0
    assert "Commit" not in github.notes[0].body
