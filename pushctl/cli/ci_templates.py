"""The files of a CI system that `init --ci` writes: templates with a few words filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import PurePosixPath

from pushctl import bundled
from pushctl.errors import ConfigError

ACTION = ".github/actions/pushctl"
METADATA = "action.yml"
STEPS = ("pushctl.sh", "pushctl-state.sh")
WORKFLOWS = ("plan", "apply", "drift", "stop")

# What a workflow's path filter, a shell and an expression all take for a plain name.
_PLAIN = re.compile(r"[\w./ -]+")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


@dataclass(frozen=True, slots=True)
class TemplateValues:
    """What the templates need to know. `folder` is the manifest's, from the repository's root."""

    folder: PurePosixPath
    env: str | None
    branch: str

    def __post_init__(self) -> None:
        """Refuse names that would mean something else in a workflow."""
        if not _PLAIN.fullmatch(self.folder.as_posix()):
            raise ConfigError(
                "The folder's name does not fit into a workflow",
                self.folder.as_posix(),
                fix="use letters, digits, spaces and any of . _ - in it",
            )
        if self.env is not None and not _NAME.fullmatch(self.env):
            raise ConfigError("The environment's name does not fit into a workflow", self.env)
        if not _BRANCH.fullmatch(self.branch):
            raise ConfigError("The branch's name does not fit into a workflow", self.branch)

    @property
    def suffix(self) -> str:
        """What tells the files of one environment from those of another."""
        return f"-{self.env}" if self.env else ""


def files(ci: str, values: TemplateValues) -> dict[str, str]:
    """Return the files for `github` or `gitlab`, by their path from the repository's root.

    Those that end in `.sh` are meant to be executable.
    """
    if ci == "github":
        return {
            **{f"{ACTION}/{name}": bundled.read(f"{ACTION}/{name}") for name in (METADATA, *STEPS)},
            **{
                f".github/workflows/{_workflow(name, values)}": _filled(
                    f"github/workflows/{name}.yml", values
                )
                for name in WORKFLOWS
            },
        }
    return {
        f".gitlab/pushctl{values.suffix}.yml": _filled("gitlab/pushctl.yml", values),
        **{f".gitlab/{name}": bundled.read(f"{ACTION}/{name}") for name in STEPS},
        ".gitlab-ci.yml": _filled("gitlab/gitlab-ci.yml", values),
    }


def _workflow(name: str, values: TemplateValues) -> str:
    return f"pushctl{values.suffix}-{name}.yml"


def template(name: str) -> str:
    """Return a file of `pushctl/templates` as it stands there."""
    return (resources.files("pushctl") / "templates" / name).read_text("utf-8")


def _filled(name: str, values: TemplateValues) -> str:
    text = template(name)
    for word, value in _words(values).items():
        text = text.replace(f"__{word}__", value)
    return text


def _words(values: TemplateValues) -> Mapping[str, str]:
    folder, env = values.folder.as_posix(), values.env or ""
    return {
        "SUFFIX": values.suffix,
        "ENV_YAML": _quoted(env),
        "DIRECTORY_YAML": _quoted(folder),
        "PATHS": _quoted("**" if folder == "." else f"{folder}/**"),
        "FILE_PLAN": _workflow("plan", values),
        "BRANCH": values.branch,
        "ENVIRONMENT": environment_name(env),
        "GROUP": f"pushctl{values.suffix}",
    }


def environment_name(env: str | None) -> str:
    """Return the environment of the code host to which the jobs of one of ours deploy."""
    return env or "production"


def _quoted(text: str) -> str:
    """Write a text in double quotes; what JSON says so, YAML does."""
    return json.dumps(text, ensure_ascii=False)
