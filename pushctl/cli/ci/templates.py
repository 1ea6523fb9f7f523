"""The files of a CI system that `init --ci` writes: templates with a few words filled in.

One has the list of folders and environments. The first line of each says which version wrote it.
"""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import PurePosixPath

from msgspec import Struct

from pushctl import __version__, bundled
from pushctl.errors import ConfigError
from pushctl.text.regex import regex

ACTION = ".github/actions/pushctl/action.yml"
LISTS = {"github": ".github/workflows/pushes.yml", "gitlab": ".gitlab/pushctl.yml"}
"""The file with the list, for each CI system."""
# How workflows use the action beside them, and not one of another repository.
USES = "uses: ./.github/actions/pushctl"

# What a workflow's path filter, a shell and an expression all take for a plain name.
_PLAIN = regex(r"[\w./ -]+")
_NAME = regex(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_BRANCH = regex(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


class TemplateValues(Struct, frozen=True):
    """What the templates need to know. `folder` is the manifest's, from the repository's root."""

    folder: PurePosixPath
    env: str | None
    branch: str

    def __post_init__(self) -> None:
        """Refuse names that would mean something else in a workflow."""
        if not _PLAIN.fullmatch(self.folder.as_posix()):
            detail = self.folder.as_posix()
            fix = "use letters, digits, spaces and any of . _ - in it"
            raise ConfigError("The folder's name does not fit into a workflow", detail, fix=fix)
        if self.env is not None and not _NAME.fullmatch(self.env):
            raise ConfigError("The environment's name does not fit into a workflow", self.env)
        if not _BRANCH.fullmatch(self.branch):
            raise ConfigError("The branch's name does not fit into a workflow", self.branch)

    @property
    def target(self) -> str:
        """What people pick from a list: `shop (prod)`."""
        folder = "pushctl.yaml" if self.folder == PurePosixPath() else self.folder.as_posix()
        return f"{folder} ({self.env})" if self.env else folder


def files(ci: str, values: TemplateValues) -> dict[str, str]:
    """Return the files for `github` or `gitlab`, by their path from the repository's root."""
    texts = {name: signed(text, ci, digest(text)) for name, text in templates(ci).items()}
    text = texts[LISTS[ci]].replace("__BRANCH__", values.branch)
    others = {".gitlab-ci.yml": template("gitlab/gitlab-ci.yml")} if ci == "gitlab" else {}
    return {**texts, LISTS[ci]: added(text, ci, values), **others}


def templates(ci: str) -> dict[str, str]:
    """Return the templates of what can be upgraded, by the path of the file."""
    if ci == "gitlab":
        return {LISTS[ci]: template("gitlab/pushctl.yml")}
    names = (LISTS[ci], ".github/workflows/pushctl.yml")
    return {**{name: template(name[1:]) for name in names}, ACTION: bundled.read(ACTION)}


def steps(ci: str, wanted: Sequence[TemplateValues]) -> str:
    """Return what is left to do by hand, as commands for a shell with comments."""
    names = " ".join(dict.fromkeys(environment_name(values.env) for values in wanted))
    text = template(f"{ci}/steps.sh").replace("__BRANCH__", wanted[0].branch)
    target = shlex.quote(wanted[0].target)
    return text.replace("__DEPLOYS__", names).replace("__TARGET__", target)


def digest(text: str) -> str:
    """Return what tells a template from others: 12 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def signed(text: str, ci: str, of_template: str) -> str:
    """Put the line in front that says who wrote a file."""
    way = f"for a newer one: pushctl init --ci {ci} --upgrade"
    return f"# Written by pushctl {__version__} ({of_template}); {way}\n{text}"


def added(text: str, ci: str, values: TemplateValues) -> str:
    """Return the file with the list, with one more folder and environment where it says `# more`.

    What is there already is not added again. Raises `ConfigError` if a `# more` is gone.
    """
    for mark, entry in _entries(ci, values).items():
        if _bare(entry) in map(_bare, text.splitlines()):
            continue
        text, places = re.subn(rf"(?m)^( *)({mark})$", rf"\1{entry}\n\1\2", text)
        if not places:
            fix = f"write it into its list: {entry}"
            raise ConfigError(f"{LISTS[ci]} has no line `{mark}`", values.target, fix=fix)
    return text


def _bare(line: str) -> str:
    """Return a line without spaces and quotes, which formatters change."""
    return re.sub(r"[\s\"']", "", line)


def _entries(ci: str, values: TemplateValues) -> Mapping[str, str]:
    """Return what is added to each list, by the line before which it is put."""
    folder, env = values.folder.as_posix(), values.env or ""
    if ci == "github":
        named = {"target": values.target, "folder": folder, "env": env}
        return {
            "# more folders": f"- {_quoted('**' if folder == '.' else f'{folder}/**')}",
            "# more targets": f"- {_quoted(values.target)}",
            "# more targets, with their folders": f"- {_quoted(named)}",
        }
    deploys = environment_name(env)
    named = {"PUSHCTL_CHDIR": folder, "PUSHCTL_ENV": env, "DEPLOYS_TO": deploys}
    return {"# more folders": f"- {_quoted(named)}"}


def template(name: str) -> str:
    """Return a file of `pushctl/templates` as it stands there."""
    return (resources.files("pushctl") / "templates" / name).read_text("utf-8")


def environment_name(env: str | None) -> str:
    """Return the environment of the code host to which the jobs of one of ours deploy."""
    return env or "production"


def state_address(ci: str, values: TemplateValues) -> str:
    """Return where a state is kept that all jobs and people share, with nothing to set up."""
    if ci == "github":
        return "git+origin:#pushctl-state"
    name = re.sub("[^A-Za-z0-9_]", "-", values.folder.as_posix()).strip("-")
    return f"gitlab:{name or 'pushctl'}"


def _quoted(value: object) -> str:
    """Write a text or a mapping so that YAML reads it back; what JSON says so, YAML does."""
    return json.dumps(value, ensure_ascii=False)
