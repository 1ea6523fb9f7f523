"""A state is about one service: no command takes it for another one's, and none calls that one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from pushctl.sandbox import Sandbox
from tests.acceptance.cli import Here
from tests.faults.sandbox_control import SandboxControl

NOW = "2026-12-01T09:00:00+08:00"
ENV = {"PUSHCTL_SETTLE_TIME": "0s", "PUSHCTL_NOW": NOW}
APP = {
    "id": "ONEX0000000000000",
    "workspace": "test",
    "tenant": "TENANT01",
    "region": "cn-hangzhou",
}
PUSHES = (
    "timezone: Asia/Shanghai\ndefaults: {expires_after: 4h}\npushes:\n"
    '  loop:\n    schedule: {every: day, at: "20:00"}\n    to: {users: [ann]}\n'
    "    message: {title: Loop, body: Text}\n"
)
OTHER = {"id": "ONEX9999999999999", "workspace": "prod", "tenant": "T2", "region": "cn-beijing"}
PARTS = ("app", "workspace", "tenant", "region", "endpoint")
REFUSED = (
    "plan",
    "plan --offline",
    "plan --base HEAD",
    "apply --yes",
    "apply saved.json",
    "status",
    "status --offline",
    "drift",
    "stop --all",
    "resume --all",
    "adopt loop 0123456789abcdef",
    "state resolve loop",
    "state resolve loop --cancelled --offline",
    "state rebuild --yes",
    "state mv loop other",
    "state rm loop",
)
SHOWN = ("state list", "state show", "when loop", "calendar", "preview")


@dataclass(frozen=True)
class World:
    """A project that was applied to one of two services."""

    here: Here
    home: Sandbox
    away: Sandbox
    books: tuple[SandboxControl, SandboxControl]

    def manifest(self, part: str = "") -> None:
        """Write the manifest, with one part of its service changed."""
        app = {**APP, "endpoint": self.home.url}
        other = {**OTHER, "endpoint": self.away.url}
        name = "id" if part == "app" else part
        app |= {name: other[name]} if part else {}
        listed = ", ".join(f"{key}: {value!r}" for key, value in app.items())
        self.here.write(f"version: 1\napp: {{{listed}}}\n{PUSHES}")

    def calls(self) -> int:
        """Count the calls of either service."""
        return sum(len(book.requests()) for book in self.books)

    def files(self) -> dict[str, bytes]:
        return {
            path.name: path.read_bytes()
            for path in self.here.folder.glob("pushctl.*")
            if path.suffix not in (".lock", ".gate", ".yaml")
        }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home, away = Sandbox(now=NOW).start(), Sandbox(now=NOW).start()
    books = (SandboxControl(home.url), SandboxControl(away.url))
    made = World(Here(tmp_path_factory.mktemp("project")), home, away, books)
    made.manifest()
    assert made.here.run("apply", "--yes", env=ENV).code == 0
    assert made.here.run("plan", "--out", "saved.json", env=ENV).code == 0
    yield made
    for opened in (*books, home, away):
        opened.close()


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("command", REFUSED)
def test_another_service_is_refused_before_any_call(world: World, command: str, part: str) -> None:
    world.manifest(part)
    calls, files = world.calls(), world.files()
    ran = world.here.run(*command.split(), env=ENV)
    assert ran.code == 5, ran
    assert f"{part}: recorded is " in ran.err
    assert "fix: " in ran.err
    assert (world.calls(), world.files()) == (calls, files)


@pytest.mark.parametrize("part", PARTS)
def test_what_only_shows_says_whose_it_shows(world: World, part: str) -> None:
    world.manifest(part)
    calls, files = world.calls(), world.files()
    for command in SHOWN:
        ran = world.here.run(*command.split(), env=ENV)
        assert ran.code == 0, ran
        assert f"Note: The state is about another service: {part}: recorded" in ran.err, ran
    doctor = world.here.run("doctor", env=ENV)
    assert doctor.code == 1
    assert "another service" in doctor.out
    assert (world.calls(), world.files()) == (calls, files)


def test_the_service_itself_is_served(world: World) -> None:
    world.manifest()
    for command in SHOWN:
        ran = world.here.run(*command.split(), env=ENV)
        assert (ran.code, "another service" in ran.err) == (0, False), ran
    assert world.here.run("plan", "--detailed-exitcode", env=ENV).code == 0
    spelled = world.home.url.upper() + "/"
    ran = world.here.run("plan", "--detailed-exitcode", env={**ENV, "PUSHCTL_ENDPOINT": spelled})
    assert ran.code == 0, ran


def test_a_stop_without_a_manifest_goes_where_the_tasks_are_and_nowhere_else(world: World) -> None:
    world.here.write("pushes: [")
    calls, files = world.calls(), world.files()
    ran = world.here.run("stop", "--all", env={**ENV, "PUSHCTL_ENDPOINT": world.away.url})
    assert ran.code == 5, ran
    assert f"set PUSHCTL_ENDPOINT={world.home.url}" in ran.err
    assert (world.calls(), world.files()) == (calls, files)


def test_an_address_that_is_new_is_taken_over_where_the_tasks_are_seen(world: World) -> None:
    world.manifest("endpoint")
    refused = world.here.run("state", "replace-service", env=ENV)
    assert refused.code == 5, refused
    assert "lists none of the recorded tasks" in refused.err
    world.manifest()
    renamed = {**ENV, "PUSHCTL_ENDPOINT": world.home.url.replace("127.0.0.1", "localhost")}
    assert world.here.run("plan", env=renamed).code == 5
    ran = world.here.run("state", "replace-service", env=renamed)
    assert ran.code == 0, ran
    assert world.here.run("plan", "--detailed-exitcode", env=renamed).code == 0
    assert world.here.run("plan", env=ENV).code == 5
    assert world.here.run("state", "replace-service", env=ENV).code == 0
    assert world.here.run("plan", "--detailed-exitcode", env=ENV).code == 0
