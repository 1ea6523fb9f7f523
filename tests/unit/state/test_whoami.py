"""Who this process runs for, on a machine and in CI."""

from __future__ import annotations

import os

import pytest

from pushctl.state.history import HistoryEntry
from pushctl.state.whoami import lock_info, request_url, run_url, signed


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, ""),
        ({"CI_JOB_URL": "https://ci/1"}, "https://ci/1"),
        ({"BUILD_URL": "https://b/1", "PUSHCTL_RUN_URL": "https://p/1"}, "https://p/1"),
        (
            {"GITHUB_RUN_ID": "7", "GITHUB_REPOSITORY": "o/r", "GITHUB_SERVER_URL": "https://g"},
            "https://g/o/r/actions/runs/7",
        ),
    ],
)
def test_run_url(environ: dict[str, str], url: str) -> None:
    assert run_url(environ) == url
    assert url in str(lock_info("apply", environ))


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
    assert request_url(environ) == url
    assert signed(HistoryEntry(what="apply"), environ).request == url


def test_a_lock_names_who_where_and_what() -> None:
    found = lock_info("apply", {"GITHUB_ACTOR": "ann"})
    assert (found.who, found.pid, found.operation) == ("ann", os.getpid(), "apply")
    assert f"pid {os.getpid()}, apply, since 20" in str(found)


def test_whoever_starts_a_run_again_is_named_beside_the_first() -> None:
    first = {"GITHUB_ACTOR": "mei", "GITHUB_TRIGGERING_ACTOR": "mei"}
    again = {"GITHUB_ACTOR": "mei", "GITHUB_TRIGGERING_ACTOR": "lin"}
    found = [signed(HistoryEntry(what="apply"), environ) for environ in (first, again)]
    assert [(item.who, item.starter) for item in found] == [("mei", ""), ("mei", "lin")]


def test_of_many_calls_the_first_are_named() -> None:
    calls = ["", *(f"R{number}" for number in range(1000))]
    assert signed(HistoryEntry(calls=calls), {}).calls == tuple(calls[1:101])


@pytest.mark.parametrize("has_uid", [True, False])
def test_somebody_without_a_name_is_no_reason_to_fail(
    has_uid: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise ModuleNotFoundError("No module named 'pwd'")

    monkeypatch.setattr("getpass.getuser", nobody)
    if not has_uid:
        monkeypatch.delattr(os, "getuid", raising=False)
    assert lock_info("x", {}).who == (f"uid {os.getuid()}" if has_uid else "somebody")
