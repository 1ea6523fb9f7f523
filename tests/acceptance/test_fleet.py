"""`pushctl fleet` over `examples/fleet`: three apps in two environments in one repository."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest

from pushctl.cli.commands.fleet import command
from tests.acceptance.cli import Here, Ran, example
from tests.acceptance.repository import git

EVERY = [(name, env) for name in ("bank", "shop", "travel") for env in ("prod", "test")]


@pytest.fixture
def repository(tmp_path: Path) -> Here:
    git(tmp_path, "init", "-q")
    return example("fleet", tmp_path, Here)


def members(ran: Ran) -> dict[tuple[str, str | None], Any]:
    return {(item["manifest"], item["env"]): item for item in ran.json["members"]}


@pytest.mark.slow
def test_apply_and_then_nothing_is_left_to_do(repository: Here) -> None:
    applied = repository.run("fleet", "apply", "--yes")
    assert applied.code == 0, applied
    assert applied.out.count("Apply complete!") == len(EVERY)
    again = repository.run("fleet", "plan", "--detailed-exitcode", "--format", "json")
    assert again.code == 0, again
    assert sorted(members(again)) == EVERY


@pytest.mark.slow
def test_how_all_stand(repository: Here) -> None:
    before = repository.run("fleet", "apply", "bank", "--env", "prod", "--yes")
    assert before.code == 0, before
    state = (repository.folder / "bank" / "pushctl.prod.state.json").read_bytes()
    again = repository.run("fleet", "apply", "bank", "--env", "prod", "--yes")
    assert (again.code, "Apply complete!" in again.out) == (0, False)
    assert (repository.folder / "bank" / "pushctl.prod.state.json").read_bytes() == state
    assert repository.run("fleet", "drift", "bank", "--env", "prod").code == 0
    status = repository.run("fleet", "status", "bank", "--format", "json")
    assert status.code == 0, status
    told = {env: item["report"]["last_apply"] for (_, env), item in members(status).items()}
    assert told["prod"]
    assert told["test"] is None


def test_what_cannot_be_planned_is_shown_and_keeps_all_from_being_applied(
    repository: Here,
) -> None:
    repository.write("version: 1\npushes: [\n", "shop/pushctl.yaml")
    applied = repository.run("fleet", "apply", "--yes", "--env", "prod", "--format", "json")
    assert applied.code == 1, applied
    failed = members(applied)["shop", None]
    assert failed["exit_code"] == 1
    assert "PSH1" in failed["error"]
    assert members(applied)["bank", "prod"]["exit_code"] == 2
    assert "not everything could be planned" in applied.err
    assert not list(repository.folder.rglob("*.state.json"))


def test_one_policy_holds_for_all(repository: Here) -> None:
    repository.write("policy: {max_audience: 1}\n", "policy.yaml")
    planned = repository.run("fleet", "plan", "--env", "prod", "--format", "json")
    codes = {name: item["exit_code"] for (name, _), item in members(planned).items()}
    assert codes == {"bank": 3, "shop": 3, "travel": 2}


def test_one_comment_has_every_plan(repository: Here) -> None:
    comment = repository.run("fleet", "plan", "--env", "test", "--format", "markdown").out
    assert comment.startswith("<!-- pushctl:fleet -->\n### pushctl fleet plan: 3 manifests\n")
    assert comment.count("<details><summary>shop (test): 2 create</summary>") == 1
    assert "| bank | test | 1 create |" in comment


def test_an_apply_that_nobody_approves_changes_nothing(repository: Here) -> None:
    ran = repository.run("fleet", "apply")
    assert ran.code == 64
    assert "--yes" in ran.err
    assert not list(repository.folder.rglob("*.state.json"))


def test_one_address_of_a_state_is_not_for_several_manifests(repository: Here) -> None:
    env = {"PUSHCTL_STATE": "gitlab:shop"}
    ran = repository.run("fleet", "status", env=env)
    assert ran.code == 1, ran
    assert "PUSHCTL_STATE" in ran.err


def asked(monkeypatch: pytest.MonkeyPatch, answer: Callable[[], str]) -> None:
    """Let somebody sit at a terminal."""
    terminal = SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(command, "sys", terminal)
    monkeypatch.setattr(click, "prompt", lambda *_, **__: answer())


def test_whoever_does_not_say_yes_changes_nothing(
    repository: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(monkeypatch, lambda: "y")
    ran = repository.run("fleet", "apply", "bank", "--env", "prod")
    assert ran.code == 1, ran
    assert ran.err.endswith("Nothing was changed.\n")
    assert "1 create" in ran.out
    assert not list(repository.folder.rglob("*.state.json"))


def test_a_plan_that_was_overtaken_is_refused_and_the_others_are_applied(
    repository: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    def edited_meanwhile() -> str:
        path = repository.folder / "shop" / "pushctl.yaml"
        path.write_text(path.read_text("utf-8").replace("Xmas sale", "Big sale"), "utf-8")
        return "yes"

    asked(monkeypatch, edited_meanwhile)
    ran = repository.run("fleet", "apply", "bank", "shop", "--env", "prod")
    assert ran.code == 4, ran
    assert "The saved plan is stale" in ran.out
    assert ran.out.count("Apply complete!") == 1
    assert not (repository.folder / "shop" / "pushctl.prod.state.json").exists()
