"""Engines that crash, cannot be reached, are restored from a backup or run out of disk, while
processes are at work on them."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.faults import checker
from tests.faults.real_processes import RealProcesses
from tests.faults.scenarios import LOOP, SHOT, manifest, wanted
from tests.servers import postgresql
from tests.servers.proxy import Proxy
from tests.team import editors
from tests.team.engines import ENGINES, Engine, behind_proxy, git_over_http, postgres, s3
from tests.team.machines import APPLY, Machine, Team, waited

MANY = editors.entries([0] * 10)
ONE_BY_ONE = (*APPLY, "--parallelism", "1")
LEFT = (0, 8192, 16384)
"""Bytes that a disk has left before an apply, which is not enough for it."""

LEASE = "9s"
"""Three times as long as one write may take on a busy machine."""

REMOTE = ("git-http", "http", "postgresql", "s3")


@contextlib.contextmanager
def in_the_middle(team: Team, machine: Machine) -> Iterator[subprocess.Popen[str]]:
    """Let a machine apply slowly; begin when the service has made the second of ten pushes."""
    for each in team.machines:
        each.write(*MANY)
    team.control.fault({"op": "PushSimple", "kind": "slow", "seconds": 0.5})
    with machine.started(*ONE_BY_ONE) as process:
        while team.control.writes() < 2:
            assert process.poll() is None
        yield process


def assert_all_is_there_once(team: Team) -> None:
    assert checker.doubled(team) == []
    assert team.settled(MANY) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["postgresql", "s3"])
def test_an_apply_goes_on_after_a_crash_of_the_server(name: str) -> None:
    with ENGINES[name]() as engine, Team(engine, 1) as team:
        with in_the_middle(team, team.machines[0]) as process:
            engine.crash()
            assert waited(process) == 0
        team.control.calm()
        assert checker.scheduled(team, wanted(*MANY)) == []
        assert_all_is_there_once(team)


@contextlib.contextmanager
def one_far_away(name: str) -> Iterator[tuple[Team, Proxy]]:
    """Two machines, of which the first has a way of its own to the engine."""
    with behind_proxy(name) as (far, way):
        near = far.at(way.upstream)
        with Team(near, 2, lease=LEASE) as team:
            address = near.moved(team.address, way.port)
            team.machines[0].env.update(far.env, PUSHCTL_STATE=address)
            yield team, way


@pytest.mark.slow
@pytest.mark.parametrize("lost", [False, True], ids=["late", "lost"])
@pytest.mark.parametrize("name", REMOTE)
def test_whoever_was_cut_off_sends_nothing_more(name: str, lost: bool) -> None:
    """What it wrote last arrives after somebody else took the lock, or never."""
    with one_far_away(name) as (team, way):
        cut_off, other = team.machines
        with in_the_middle(team, cut_off) as process:
            way.hold()
            assert other.run(*APPLY).code == 0
            before = team.control.writes()
            if lost:
                way.cut()
            way.resume()
            assert waited(process) in (4, 5)
        assert team.control.writes() == before
        assert_all_is_there_once(team)


@pytest.mark.slow
@pytest.mark.parametrize("name", REMOTE)
def test_an_engine_that_goes_away_ends_an_apply_and_no_lock_is_left(name: str) -> None:
    with one_far_away(name) as (team, way):
        cut_off, other = team.machines
        with in_the_middle(team, cut_off) as process:
            way.refuse()
            said = process.communicate(timeout=60)[0]
        assert process.returncode == 4
        assert "The state cannot be" in said
        team.control.calm()
        assert other.run(*APPLY).code == 0
        way.accept()
        assert_all_is_there_once(team)


@pytest.mark.parametrize(
    "name", [pytest.param(x, marks=[pytest.mark.slow] * (x != "folder")) for x in ENGINES]
)
def test_an_engine_restored_from_a_backup_doubles_nothing(name: str) -> None:
    """A fresh clone cannot know that the state is old; the service shows it."""
    with ENGINES[name]() as engine, Team(engine, 2) as team:
        first, second = team.machines
        first.write(SHOT)
        assert first.run(*APPLY).code == 0
        restore = engine.backup()
        after = [SHOT, LOOP, *editors.entries([0] * 3)]
        first.write(*after)
        assert first.run(*APPLY).code == 0
        restore()
        second.write(*after)
        for _ in range(2):
            ran = second.run(*APPLY)
            assert ran.code in (0, 3, 4), ran
            assert checker.doubled(team) == []


# --- full disks -----------------------------------------------------------------------------------


@pytest.fixture
def disk() -> Iterator[Path]:
    """A disk of 90 MB, where this process may mount one."""
    place = postgresql.new_folder()
    command = ["mount", "-t", "tmpfs", "-o", "size=90m", "tmpfs", place]
    if os.getuid() or subprocess.run(command, check=False, capture_output=True).returncode:
        place.rmdir()
        pytest.skip("not run: who mounts a small disk must be root")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)
        place.rmdir()


@contextlib.contextmanager
def full(disk: Path, *, left: int = 0) -> Iterator[None]:
    """Let a disk have so many bytes left, and have room again at the end."""
    filler = disk / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            with contextlib.suppress(OSError):
                while file.write(bytes(4096)):
                    pass
            file.truncate(file.tell() - left)
        yield
    finally:
        filler.unlink()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("served", "user", "says"),
    [
        (postgres, "postgres", "No space left on device"),
        (git_over_http, "root", "No space left on device"),
        (s3, "root", "The state cannot be written"),
    ],
)
def test_a_full_disk_of_the_server_is_told_and_no_lock_is_left(
    served: Callable[[Path], AbstractContextManager[Engine]], user: str, says: str, disk: Path
) -> None:
    folder = disk / "server"
    folder.mkdir()
    shutil.chown(folder, user, user)
    with served(folder) as engine, Team(engine, 2, lease=LEASE) as team:
        first, other = team.machines
        with in_the_middle(team, first) as process, full(disk):
            said = process.communicate(timeout=120)[0]
        assert process.returncode == 4
        assert says in said, said
        team.control.calm()
        assert other.run(*APPLY).code == 0
        assert_all_is_there_once(team)


@pytest.mark.slow
@pytest.mark.parametrize("left", LEFT)
def test_a_full_disk_is_told_and_nothing_is_doubled(disk: Path, left: int) -> None:
    folder = disk / "project"
    folder.mkdir()
    with RealProcesses(folder) as system:
        system.write(manifest(*MANY))
        with full(disk, left=left):
            ran = system.run(*APPLY)
        assert ran.code in (1, 4)
        assert "No space left on device" in ran.out + ran.err
        assert ran.code == 4 or system.control.writes() == 0
        assert [system.run(*APPLY).code for _ in range(2)] == [0, 0]
        assert checker.scheduled(system, wanted(*MANY)) == []
