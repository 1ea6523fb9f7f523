"""Whatever talks to a sandbox goes by its clock, and says so first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pushctl.sandbox import Sandbox
from tests.acceptance.cli import Here, Ran

BORN = "2026-12-01T09:00:00+08:00"
FIRST = "Sandbox clock: Tue 1 Dec 2026 09:00 Asia/Shanghai, stands still."
LATER = "Sandbox clock: Sat 5 Dec 2026 21:00 Asia/Shanghai, stands still."
FIELDS = {"now": "2026-12-05T21:00:00+08:00", "frozen": True, "speed": 0.0}
MANIFEST = f"""\
version: 1
app: {{id: ONEX0000000000000, workspace: test, sandbox: {{now: "{BORN}"}}}}
timezone: Asia/Shanghai
defaults: {{expires_after: 4h}}
pushes:
  digest:
    schedule: {{every: day, at: "20:00"}}
    to: {{users: [u1]}}
    message: {{title: Digest, body: Daily}}
"""


@pytest.fixture(params=["embedded", "at an address"])
def project(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Here]:
    """A folder whose sandbox has left the moment of its birth, with a push applied before."""
    made = Here(tmp_path)
    made.write(MANIFEST)
    with Sandbox(now=BORN) as sandbox:
        if request.param != "embedded":
            monkeypatch.setenv("PUSHCTL_ENDPOINT", sandbox.url)
        applied = ok(made.run("apply", "--yes"))
        assert applied.out.startswith(FIRST)
        assert "waiting" not in applied.err  # a sandbox lists at once
        ok(made.run("sandbox", "clock", "to", "2026-12-05T21:00"))
        yield made


def ok(ran: Ran) -> Ran:
    assert ran.code == 0, ran
    return ran


def test_what_people_read_begins_with_the_clock(project: Here) -> None:
    for words in (
        *(["plan"], ["plan", "--offline"], ["drift"], ["status"], ["status", "--offline"]),
        *(["sent"], ["when", "digest"], ["apply", "--yes"], ["stop", "digest", "--dry-run"]),
        *(["stop", "digest"], ["resume", "digest"]),
    ):
        first, *rest = ok(project.run(*words)).out.splitlines()
        assert first == LATER, words
        assert not any(LATER in line for line in rest), words
    first = ok(project.run("doctor")).out.splitlines()[0]
    assert first.endswith("Sat 5 Dec 2026 21:00 Asia/Shanghai, stands still")


def test_what_programs_read_has_a_field_of_it(project: Here) -> None:
    for words in ("plan", "status", "sent", "when digest", "stop digest"):
        found = ok(project.run(*words.split(), "--format", "json")).json
        assert found["sandbox_clock"] == FIELDS, words
    begun = ok(project.run("apply", "--yes", "--format", "jsonl")).out.splitlines()[0]
    assert json.loads(begun)["sandbox_clock"] == FIELDS
    assert ok(project.run("doctor", "--format", "json")).json[0]["check"] == "sandbox clock"
    for form in ("markdown", "html"):
        assert LATER.rstrip(".") in ok(project.run("plan", "--format", form)).out, form


def test_times_are_those_of_the_sandbox(project: Here) -> None:
    told = ok(project.run("when", "digest", "--format", "json")).json
    assert told["deliveries"][0] == "2026-12-06T12:00:00Z"
    assert ok(project.run("plan", "--format", "json")).json["created_at"] == "2026-12-05T13:00:00Z"
    assert ok(project.run("status", "--format", "json")).json["at"] == "2026-12-05T13:00:00Z"


def test_a_clock_that_runs_fast_is_no_fault_of_this_machine(project: Here) -> None:
    ok(project.run("sandbox", "clock", "run", "--speed", "36000x"))
    first, *checks = ok(project.run("doctor", "--format", "json")).json
    assert "runs at 36000 times real time" in first["text"]
    assert {item["check"]: item["verdict"] for item in checks}["clock"] == "ok"


def test_a_moment_that_is_typed_wins_and_no_clock_is_named(project: Here) -> None:
    ran = ok(project.run("--now", "2026-12-03T09:00:00+08:00", "when", "digest"))
    assert "Sandbox clock" not in ran.out
    assert "Thu 3 Dec 2026 20:00" in ran.out


def test_who_only_looks_makes_no_sandbox(tmp_path: Path) -> None:
    made = Here(tmp_path)
    made.write(MANIFEST)
    assert ok(made.run("when", "digest")).out.startswith(FIRST)
    ok(made.run("validate"))
    assert [item.name for item in tmp_path.iterdir()] == ["pushctl.yaml"]
