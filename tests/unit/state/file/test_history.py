"""The history: what is written down, what old and strange lines become, who is named."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pushctl.render.text import history as history_text
from pushctl.state.file import history
from pushctl.state.history import Entry, Note

OLD = {"at": "2026-11-01T00:00:00Z", "who": "lin", "host": "h", "what": "state rm old", "run": ""}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history"


def test_what_a_command_knows_is_read_back(path: Path) -> None:
    note = Note(env="prod", commit="abc-dirty", exit=4, pushes={"create": ["a"], "failed": ["b"]})
    history.append(path, "apply: done", {"GITHUB_ACTOR": "lin"}, note)
    (found,) = history.entries(path)
    assert (found.who, found.what, found.env, found.commit) == (
        *("lin", "apply: done", "prod", "abc-dirty"),
    )
    assert (found.exit, found.pushes) == (4, {"create": ("a",), "failed": ("b",)})
    assert (found.done_to("a"), found.is_about("a"), found.is_about("c")) == (
        ("create",),
        True,
        False,
    )


def test_a_line_says_only_what_is_known(path: Path) -> None:
    history.append(path, "state restore", {})
    assert set(json.loads(path.read_text())) == {"at", "who", "host", "what", "run"}


def test_lines_of_earlier_versions_are_read(path: Path) -> None:
    path.write_text(json.dumps(OLD) + "\n")
    assert history.entries(path) == (Entry(**OLD),)
    assert history.entries(path)[0].is_about("old")
    assert not history.entries(path)[0].is_about("ol")


def test_what_a_later_version_adds_is_left_out(path: Path) -> None:
    path.write_text(json.dumps({**OLD, "mood": ["good"]}) + "\n")
    assert history.entries(path) == (Entry(**OLD),)


@pytest.mark.parametrize(
    "line",
    [
        *("", "no JSON", "[]", "7", '"text"', "null", "{}", "[" * 100_000),
        json.dumps({**OLD, "who": 7}),
        json.dumps({**OLD, "pushes": []}),
        json.dumps({**OLD, "pushes": {"create": [7]}}),
        json.dumps({**OLD, "commit": {}}),
    ],
)
def test_what_is_no_line_is_passed_over(path: Path, line: str) -> None:
    path.write_text(f"{line}\n{json.dumps(OLD)}\n")
    assert history.entries(path) == (Entry(**OLD),)


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, ""),
        ({"GITHUB_REF": "refs/heads/main", "GITHUB_REPOSITORY": "o/r"}, ""),
        (
            {"GITHUB_REF": "refs/pull/7/merge", "GITHUB_REPOSITORY": "o/r"},
            "https://github.com/o/r/pull/7",
        ),
        (
            {
                "CI_MERGE_REQUEST_PROJECT_URL": "https://gitlab.example/o/r",
                "CI_MERGE_REQUEST_IID": "7",
            },
            "https://gitlab.example/o/r/-/merge_requests/7",
        ),
        ({"PUSHCTL_REQUEST_URL": "https://x.example/7"}, "https://x.example/7"),
    ],
)
def test_the_pull_request_is_named(environ: dict[str, str], url: str) -> None:
    assert history.request_url(environ) == url


def test_whoever_starts_a_run_again_is_named_beside_the_first(path: Path) -> None:
    first = {"GITHUB_ACTOR": "mei", "GITHUB_TRIGGERING_ACTOR": "mei"}
    again = {"GITHUB_ACTOR": "mei", "GITHUB_TRIGGERING_ACTOR": "lin"}
    for environ in (first, again):
        history.append(path, "apply", environ)
    assert [(item.who, item.starter) for item in history.entries(path)] == [
        *(("mei", ""), ("mei", "lin")),
    ]


def test_a_full_disk_does_not_undo_what_happened(tmp_path: Path) -> None:
    history.append(tmp_path / "none" / "history", "apply", dict(os.environ))
    assert history.entries(tmp_path / "none" / "history") == ()


def test_a_change_is_one_line() -> None:
    entry = Entry(
        **{**OLD, "what": "apply: Apply complete!", "run": "https://ci.example/1"},
        commit="0123456789abcdef-dirty",
        starter="mei",
        exit=4,
        pushes={"create": ("a",), "failed": ("a",)},
    )
    whole = (
        "2026-11-01T00:00:00Z  lin@h (started by mei)  apply: Apply complete!  exit 4  "
        "commit 012345678 and edits  https://ci.example/1\n"
    )
    assert history_text.lines([entry]) == whole
    assert history_text.lines([entry], "a") == whole.replace(
        "apply: Apply complete!", "created, failed"
    )
