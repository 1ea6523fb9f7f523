"""Two at once, interrupts, a full disk, and a service that misbehaves.

One case of each family has a process of its own; what the fault matrix (tests/faults) plays as
well, at every step, is left to `make prove`.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.cli import Here, Project
from tests.acceptance.inside import Inside
from tests.acceptance.processes import (
    assert_scheduled_once,
    environment,
    fault,
    forget_faults,
    manifest,
    service_tasks,
    started,
    wait_for,
)


def slow(value: Any) -> Any:
    return pytest.param(value, marks=pytest.mark.slow)


def test_a_second_apply_is_told_who_holds_the_lock(server: str, tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write(manifest("one"))
    fault(server, op="PushSimple", kind="slow-before", seconds=0.3)
    env = environment(server)
    first = started(project, env, "--parallelism", "1")
    wait_for(lambda: service_tasks(server))
    second = project.run("apply", "--yes", env=env)
    assert second.code == 5, second
    assert f"pid {first.pid}" in second.err
    assert "apply" in second.err
    unlock = project.run("state", "unlock", env=env)
    assert unlock.code == 5, unlock
    first.send_signal(signal.SIGTERM)
    out, err = first.communicate(timeout=30)
    assert first.returncode == 130, out + err
    assert "Interrupted" in out
    forget_faults(server)
    assert project.run("apply", "--yes", "--lock-timeout", "10s", env=env).code == 0
    assert_scheduled_once(server)


def test_a_holder_that_lost_its_lock_stops(server: str, tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write(manifest("one"))
    fault(server, op="PushSimple", kind="slow-before", seconds=0.3, times=20)
    env = environment(server)
    first = started(project, env, "--parallelism", "1")
    wait_for(lambda: service_tasks(server))
    assert project.run("state", "unlock", "--force", env=env).code == 0
    out, err = first.communicate(timeout=30)
    assert first.returncode == 4, out + err
    assert "The lock was taken away" in err
    ran = project.run("apply", "--yes", env=env)
    assert ran.code == 0, ran
    assert_scheduled_once(server)


def misbehave(url: str, rules: list[dict[str, Any]]) -> None:
    for rule in rules:
        lists = rule["kind"].startswith("list")
        times = {} if lists or rule["kind"] in ("string-result", "camel-case") else {"times": 2}
        fault(url, op="QueryPushSchedulerList" if lists else "PushSimple", **{**times, **rule})


@pytest.mark.parametrize(
    "rules",
    [
        [{"kind": "lost-response", "times": 3, "after": 2}],
        pytest.param(
            [{"kind": "http-500", "effect": "done", "times": 2}, {"kind": "http-503", "times": 2}],
            marks=pytest.mark.slow,
        ),
        [{"kind": "throttle", "times": 3}, {"kind": "throttle-hint", "times": 2, "seconds": 0.2}],
        [{"kind": "business-9000", "times": 2}, {"kind": "ok-no-data", "effect": "done"}],
        [{"kind": "partial-json", "times": 2}, {"kind": "http-502-html", "times": 1}],
        [{"kind": "string-result"}, {"kind": "camel-case"}],
    ],
    ids=lambda rules: "+".join(rule["kind"] for rule in rules),
)
def test_whatever_the_service_answers_every_push_is_scheduled_once(
    rules: list[dict[str, Any]], inside: Inside
) -> None:
    inside.write(manifest("one"))
    misbehave(inside.url, rules)
    # Virtual time has one thread: several would all let it pass.
    codes = [inside.run("apply", "--yes", "--parallelism", "1").code for _ in range(3)]
    assert codes[-1] == 0, codes
    assert inside.run("plan", "--detailed-exitcode").code == 0
    assert_scheduled_once(inside.url)


def test_a_real_process_waits_for_a_list_that_lags(server: str, tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write(manifest("one"))
    rules = [{"kind": "lost-response", "times": 2}, {"kind": "list-lag", "seconds": 0.5}]
    misbehave(server, rules)
    env = environment(server)
    codes = [project.run("apply", "--yes", env=env).code for _ in range(3)]
    assert codes[-1] == 0, codes
    assert project.run("plan", "--detailed-exitcode", env=env).code == 0
    assert_scheduled_once(server)


def test_refused_credentials_end_the_run_at_once(server: str, tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write(manifest("one"))
    secret = "s3cr3t-that-nobody-may-see"
    env = environment(
        server,
        ALIBABA_CLOUD_ACCESS_KEY_ID="nobody-knows-this-key",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET=secret,
    )
    ran = project.run("apply", "--yes", env=env)
    assert ran.code == 1, ran
    assert service_tasks(server) == []
    assert "nobody-knows" not in ran.err or "credential" in ran.err.lower()
    assert secret not in ran.out + ran.err
    assert all(secret.encode() not in path.read_bytes() for path in tmp_path.rglob("*.*"))


@pytest.mark.parametrize("room", [3000, *(slow(room) for room in (0, 100, 9000))])
def test_a_disk_that_is_full_sends_nothing_that_is_not_written_down(
    room: int, server: str, tmp_path: Path
) -> None:
    """No file may grow beyond `room` bytes: at once, in the journal, or in the middle of it."""
    project = Here(tmp_path)
    project.write(manifest("one"))
    env = environment(server)
    done = subprocess.run(
        [sys.executable, "-m", "pushctl", "apply", "--yes"],
        cwd=tmp_path,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )
    assert done.returncode == (4 if room > 100 else 1), done
    assert "fix: free some space" in done.stderr
    assert "Traceback" not in done.stderr
    if room <= 100:
        assert service_tasks(server) == []
    ran = project.run("apply", "--yes", env=env)
    assert ran.code == 0, ran
    assert_scheduled_once(server)


def test_a_second_apply_waits_for_the_first_if_it_is_told_to(server: str, tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write(manifest("one"))
    fault(server, op="PushSimple", kind="slow", seconds=0.2, times=12)
    env = environment(server)
    first = started(project, env, "--parallelism", "1")
    wait_for(lambda: service_tasks(server))
    second = project.run("apply", "--yes", "--lock-timeout", "60s", env=env)
    out, err = first.communicate(timeout=60)
    assert first.returncode == 0, out + err
    assert second.code == 0, second
    assert "Apply complete! 0 created" in second.out
    assert_scheduled_once(server)


@pytest.mark.parametrize("second", [signal.SIGINT, slow(signal.SIGTERM)])
def test_a_second_signal_leaves_at_once_and_loses_nothing(
    second: signal.Signals, server: str, tmp_path: Path
) -> None:
    project = Here(tmp_path)
    project.write(manifest("one"))
    fault(server, op="PushSimple", kind="slow-before", seconds=0.6)
    env = environment(server)
    process = started(project, env, "--parallelism", "4")
    wait_for(lambda: service_tasks(server))
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    said = process.stderr.readline
    wait_for(lambda: "Stopping after the calls in flight" in said())
    process.send_signal(second)
    out, err = process.communicate(timeout=60)
    # On a busy machine the calls may have ended before it: then it comes when nobody minds it.
    assert process.returncode in (130, -second), out + err
    forget_faults(server)
    assert project.run("apply", "--yes", env=env).code == 0
    assert_scheduled_once(server)
    assert project.run("plan", "--detailed-exitcode", env=env).code == 0
