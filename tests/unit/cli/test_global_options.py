"""What the global options say."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.output import Output
from pushctl.errors import ConfigError
from tests.acceptance.cli import Here

MANIFEST = """\
version: 1
app: {id: ONEX0000000000000, workspace: w}
timezone: UTC
environments: {dev: {}, prod: {app: {workspace: p}}}
pushes: {}
"""


def options(folder: str = ".", env: str | None = None) -> GlobalOptions:
    return GlobalOptions(Path(folder), "pushctl.yaml", env, Output())


@pytest.mark.parametrize(
    ("folder", "env", "typed"),
    [
        (".", None, "pushctl"),
        ("shop", None, "pushctl -C shop"),
        (".", "prod", "pushctl --env prod"),
        ("a b", "prod", "pushctl -C 'a b' --env prod"),
        ("$(x);'", None, """pushctl -C '$(x);'"'"''"""),
    ],
)
def test_a_command_for_the_same_place_can_be_pasted(
    folder: str, env: str | None, typed: str
) -> None:
    assert options(folder, env).typed == typed


def test_another_root_manifest_is_named_too() -> None:
    named = GlobalOptions(Path(), "my shop.yaml", "prod", Output())
    assert named.typed == "pushctl -f 'my shop.yaml' --env prod"


def test_an_environment_has_a_state_of_its_own() -> None:
    assert (options().state_name, options(env="prod").state_name) == ("pushctl", "pushctl.prod")


def test_a_folder_must_be_there(tmp_path: Path) -> None:
    assert options(str(tmp_path)).existing_folder == tmp_path
    (tmp_path / "file").touch()
    for name in ("file", "no"):
        with pytest.raises(ConfigError, match="no such folder"):
            assert options(str(tmp_path / name)).existing_folder


@pytest.fixture
def here(tmp_path: Path) -> Here:
    project = Here(tmp_path)
    project.write(MANIFEST, "shop/root.yaml")
    return project


PLACE = ("-C", "shop", "-f", "root.yaml", "--env", "prod", "--now", "2026-12-01T09:00Z")


@pytest.mark.parametrize("behind", range(0, len(PLACE) + 1, 2))
def test_a_global_option_stands_before_or_behind_the_command(behind: int, here: Here) -> None:
    before, after = PLACE[:behind], PLACE[behind:]
    plan = here.run(*before, "plan", "--offline", *after, "--format=json").json
    assert (plan["workspace"], plan["env"]) == ("p", "prod")
    assert plan["created_at"] == "2026-12-01T09:00:00Z"
    assert here.run(*before, "state", "list", *after).out == "Nothing is recorded yet.\n"


def test_flags_stand_behind_the_command_too(here: Here) -> None:
    assert "debug: " in here.run("validate", "shop/root.yaml", "--debug").err
    assert here.run("init", "-q", "-C", "new").err == ""
    assert "\x1b" in here.run("validate", "none.yaml", "--color", "always").out


@pytest.mark.parametrize(
    "typed",
    [
        ("--env", "dev", "plan", "--env", "prod"),
        ("plan", "--env", "dev", "--env", "prod"),
        ("sandbox", "--env", "dev", "knob", "--env", "prod"),
    ],
)
def test_an_option_that_is_given_twice_must_say_the_same(
    typed: tuple[str, ...], here: Here
) -> None:
    ran = here.run("-C", "shop", "-f", "root.yaml", *typed)
    assert (ran.code, ran.out) == (64, "")
    assert "--env is given twice: dev and prod" in ran.err
    same = ["prod" if word == "dev" else word for word in typed]
    assert here.run("-C", "shop", "-f", "root.yaml", *same).code == 0


def test_what_is_typed_wins_over_the_environment_variable(here: Here) -> None:
    env = {"PUSHCTL_ENV": "dev"}
    assert here.run("plan", "--offline", *PLACE, "--format=json", env=env).json["env"] == "prod"


def test_an_option_of_a_command_s_own_is_not_taken(here: Here) -> None:
    words = ("fleet", "plan", "shop", "-f", "root.yaml", "--env=dev", "--env=prod", "--format=json")
    members = here.run(*words).json["members"]
    assert [member["env"] for member in members] == ["dev", "prod"]
    ran = here.run("sandbox", "exec", "sh", "-c", "exit $#", "sh", "--env", "dev")
    assert ran.code == 2


def test_a_parameter_of_the_same_name_is_another(here: Here) -> None:
    here.write("{", "state.json")
    ran = here.run("state", "push", "state.json", "-f", "root.yaml", "-C", "shop")
    assert ran.code == 1
    assert "This is not a state" in ran.err


def test_help_of_a_command_lists_only_its_own_options(here: Here) -> None:
    assert "--chdir" not in here.run("plan", "--help").out
