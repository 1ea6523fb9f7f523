"""What the global options say."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.output import Output
from pushctl.errors import ConfigError


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
