"""The files of a CI system: their names, and what is filled in."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from pushctl.cli.ci.templates import LISTS, TemplateValues, added, files, state_address
from pushctl.errors import ConfigError

HERE = PurePosixPath()


def test_the_branch_is_filled_in() -> None:
    texts = files("github", TemplateValues(HERE, None, "trunk"))
    assert "branches: [trunk]" in texts[LISTS["github"]]
    assert not [name for name, text in texts.items() if "__" in text]


def test_another_folder_is_another_line_and_the_same_one_is_none() -> None:
    values = TemplateValues(PurePosixPath("a 今/b"), "prod", "main")
    before = files("github", TemplateValues(HERE, None, "main"))[LISTS["github"]]
    after = added(before, "github", values)
    assert after.count('- "a 今/b/**"') == 2
    assert after.count('- "**"') == 2
    assert added(after, "github", values) == after
    other = TemplateValues(PurePosixPath("a 今/b"), "staging", "main")
    assert added(after, "github", other).count('- "a 今/b/**"') == 2


@pytest.mark.parametrize(
    ("folder", "env", "target"),
    [
        (".", None, "pushctl.yaml"),
        (".", "prod", "pushctl.yaml (prod)"),
        ("shop", None, "shop"),
        ("apps/shop", "prod", "apps/shop (prod)"),
    ],
)
def test_people_pick_a_folder_and_an_environment(folder: str, env: str | None, target: str) -> None:
    assert TemplateValues(PurePosixPath(folder), env, "main").target == target


@pytest.mark.parametrize(
    ("folder", "name"),
    [(".", "pushctl"), ("shop", "shop"), ("apps/shop", "apps-shop"), ("营销", "pushctl")],
)
def test_each_folder_has_a_state_of_its_own_at_gitlab(folder: str, name: str) -> None:
    values = TemplateValues(PurePosixPath(folder), None, "main")
    assert state_address("gitlab", values) == f"gitlab:{name}"


@pytest.mark.parametrize(
    ("folder", "env", "branch"),
    [
        ("a*b", None, "main"),
        ("${{ x }}", None, "main"),
        ('a"b', None, "main"),
        ("a\nb", None, "main"),
        (".", "a b", "main"),
        (".", "", "main"),
        (".", "../x", "main"),
        (".", None, "-x"),
        (".", None, "a b"),
        (".", None, "main\n"),
    ],
)
def test_names_that_mean_something_to_a_workflow_are_refused(
    folder: str, env: str | None, branch: str
) -> None:
    with pytest.raises(ConfigError, match="does not fit into a workflow"):
        TemplateValues(PurePosixPath(folder), env, branch)
