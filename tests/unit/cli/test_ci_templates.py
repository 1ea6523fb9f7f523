"""The files of a CI system: their names, and what is filled in."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from pushctl.cli.ci_templates import TemplateValues, files
from pushctl.errors import ConfigError


@pytest.mark.parametrize("ci", ["github", "gitlab"])
@pytest.mark.parametrize("env", [None, "prod"])
def test_every_word_is_filled_in(ci: str, env: str | None) -> None:
    texts = files(ci, TemplateValues(PurePosixPath("shop"), env, "main"))
    words = ("SUFFIX", "_YAML", "PATHS", "FILE_PLAN", "BRANCH", "ENVIRONMENT", "GROUP")
    assert not [name for name, text in texts.items() for word in words if f"{word}__" in text]


def test_environments_have_files_of_their_own() -> None:
    names = files("github", TemplateValues(PurePosixPath(), "prod", "main"))
    assert ".github/workflows/pushctl-prod-plan.yml" in names
    names = files("gitlab", TemplateValues(PurePosixPath(), None, "main"))
    assert sorted(names) == [
        ".gitlab-ci.yml",
        ".gitlab/pushctl-state.sh",
        ".gitlab/pushctl.sh",
        ".gitlab/pushctl.yml",
    ]


@pytest.mark.parametrize(("folder", "paths"), [(".", '"**"'), ("a 今/b", '"a 今/b/**"')])
def test_a_plan_is_for_what_changes_in_the_folder(folder: str, paths: str) -> None:
    texts = files("github", TemplateValues(PurePosixPath(folder), None, "main"))
    assert paths in texts[".github/workflows/pushctl-plan.yml"]


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
