"""The CI files that this project runs and the ones that it writes: valid, pinned, and the same."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from ruamel.yaml import YAML

from pushctl.cli.ci_templates import ACTION, TemplateValues, files
from tests.acceptance.ci.runner import git
from tests.acceptance.cli import Here, example

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
# What it finds below that is `./…` for an action of the same repository, where a newer spelling
# exists that GitHub's own servers for companies do not know yet.
AUDIT = ("--offline", "--no-progress", "--min-severity=medium")
PROJECTS = {
    "root": TemplateValues(PurePosixPath(), None, "main"),
    "folder": TemplateValues(PurePosixPath("marketing/pushes"), "prod", "trunk"),
}


def yaml(text: str) -> Any:
    return YAML(typ="safe").load(text)


@pytest.fixture(params=sorted(PROJECTS))
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A repository with everything that can be written into it."""
    for ci in ("github", "gitlab"):
        for name, text in files(ci, PROJECTS[request.param]).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return tmp_path


def checked(tool: str, *arguments: str, folder: Path) -> None:
    done = subprocess.run(
        [str(BIN / tool), *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def schema(name: str, *paths: Path, folder: Path) -> None:
    assert paths
    options = ("--builtin-schema", f"vendor.{name}", "--no-cache")
    checked("check-jsonschema", *options, *map(str, paths), folder=folder)


def test_what_is_written_is_what_the_code_hosts_accept(written: Path) -> None:
    workflows = sorted((written / ".github" / "workflows").glob("*.yml"))
    assert len(workflows) == 4
    schema("github-workflows", *workflows, folder=written)
    schema("github-actions", written / ACTION / "action.yml", folder=written)
    schema("gitlab-ci", *(written / ".gitlab").glob("*.yml"), folder=written)
    schema("gitlab-ci", written / ".gitlab-ci.yml", folder=written)


def test_what_is_written_has_no_known_weakness(written: Path) -> None:
    checked("zizmor", *AUDIT, ".", folder=written)


def test_this_project_follows_its_own_advice() -> None:
    schema("github-workflows", *(ROOT / ".github" / "workflows").glob("*.yml"), folder=ROOT)
    checked("zizmor", *AUDIT, ".github", folder=ROOT)


def test_the_action_of_this_project_is_the_one_that_it_writes() -> None:
    written = files("github", PROJECTS["root"])
    for path in (ROOT / ACTION).iterdir():
        assert written[f"{ACTION}/{path.name}"] == path.read_text("utf-8")
    assert (ROOT / ACTION / "pushctl.sh").stat().st_mode & 0o111


def steps(document: Any) -> Iterator[Any]:
    for job in document["jobs"].values():
        yield from job["steps"]


def test_every_action_is_pinned_to_a_commit(written: Path) -> None:
    texts = [path.read_text("utf-8") for path in (written / ".github").rglob("*.yml")]
    used = [line.strip() for text in texts for line in text.splitlines() if "uses:" in line]
    pinned = re.compile(r"uses: ([\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\./.+)$")
    assert used
    assert [line for line in used if not pinned.search(line)] == []


def test_no_expression_is_part_of_a_script(written: Path) -> None:
    action = yaml((written / ACTION / "action.yml").read_text("utf-8"))
    scripts = [step["run"] for step in action["runs"]["steps"] if "run" in step]
    for path in (written / ".github" / "workflows").glob("*.yml"):
        scripts += [step["run"] for step in steps(yaml(path.read_text("utf-8"))) if "run" in step]
    assert scripts
    assert [script for script in scripts if "${{" in script] == []


def test_jobs_may_do_what_they_need_and_no_more(written: Path) -> None:
    rights = {}
    for path in (written / ".github" / "workflows").glob("*.yml"):
        document = yaml(path.read_text("utf-8"))
        assert document["permissions"] == {}
        assert "pull_request_target" not in document.get("on", document.get(True))
        for name, job in document["jobs"].items():
            writes = {key for key, value in job["permissions"].items() if value == "write"}
            rights[f"{path.stem.rpartition('-')[2]}/{name}"] = writes - {"id-token"}
    assert rights == {
        "plan/plan": {"pull-requests"},
        "apply/plan": set(),
        "apply/apply": {"contents"},
        "drift/drift": set(),
        "stop/make-way": set(),
        "stop/stop": {"contents"},
    }


def test_an_apply_is_never_cancelled_by_the_next_one(written: Path) -> None:
    names = {path.stem.rpartition("-")[2]: path for path in (written / ".github").rglob("*.yml")}
    apply = yaml(names["apply"].read_text("utf-8"))["jobs"]["apply"]
    stop = yaml(names["stop"].read_text("utf-8"))["jobs"]
    assert apply["concurrency"]["cancel-in-progress"] is False
    assert apply["concurrency"]["queue"] == "max"
    # The red button asks it to end, and waits for it no longer than it must.
    assert stop["make-way"]["concurrency"]["group"] == apply["concurrency"]["group"]
    assert stop["make-way"]["concurrency"]["cancel-in-progress"] is True
    assert stop["stop"]["concurrency"]["group"] != apply["concurrency"]["group"]
    assert "needs" not in stop["stop"]


def test_the_action_has_an_input_for_every_variable_of_the_script(written: Path) -> None:
    action = yaml((written / ACTION / "action.yml").read_text("utf-8"))
    script = "".join(path.read_text("utf-8") for path in (written / ACTION).glob("*.sh"))
    # Those that only other CI systems and the tests set.
    others = {f"INPUT_{name}" for name in ("WORK", "PAUSE", "SETTLE", "RESULTS")}
    read = set(re.findall(r"\bINPUT_[A-Z_]+", script)) - others
    given = {name for step in action["runs"]["steps"] for name in step.get("env", {})}
    assert read == {name for name in given if name.startswith("INPUT_")}
    named = {f"INPUT_{name.upper().replace('-', '_')}" for name in action["inputs"]}
    assert named - {"INPUT_TOKEN"} == read


def test_a_workflow_passes_only_inputs_that_there_are(written: Path) -> None:
    action = yaml((written / ACTION / "action.yml").read_text("utf-8"))
    for path in (written / ".github" / "workflows").glob("*.yml"):
        for step in steps(yaml(path.read_text("utf-8"))):
            if str(step.get("uses", "")).startswith("./"):
                assert set(step["with"]) <= set(action["inputs"])


def test_hooks_are_for_pre_commit_and_do_what_they_say(tmp_path: Path) -> None:
    hooks = yaml((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert [hook["id"] for hook in hooks] == ["pushctl-validate", "pushctl-fmt"]
    project = example("quickstart", tmp_path, Here)
    for hook in hooks:
        assert hook["language"] == "python"
        assert hook["pass_filenames"] is False
        assert re.search(hook["files"], "mk/pushctl.yaml")
        program, command, *options = shlex.split(hook["entry"])
        assert (program, options) == ("pushctl", [])
        if command == "validate":
            assert project.run(command).code == 0


# --- init -----------------------------------------------------------------------------------------


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    example("environments", tmp_path / "mk")
    return tmp_path


def test_init_writes_the_jobs_of_a_manifest_that_is_there(repository: Path) -> None:
    before = (repository / "mk" / "pushctl.yaml").read_bytes()
    ran = Here(repository).run("-C", "mk", "--env", "staging", "init", "--ci", "github")
    assert ran.code == 0, ran
    assert "Wrote .github/workflows/pushctl-staging-apply.yml." in ran.out
    assert "docs/ci.md" in ran.err
    assert (repository / "mk" / "pushctl.yaml").read_bytes() == before
    script = repository / ACTION / "pushctl.sh"
    assert script.stat().st_mode & 0o100
    again = Here(repository).run("-C", "mk", "--env", "staging", "init", "--ci", "github")
    assert again.code == 0
    assert again.out.count("is there already.") == 7
    assert "Wrote" not in again.out


def test_init_leaves_what_somebody_changed(repository: Path) -> None:
    path = repository / ".gitlab-ci.yml"
    path.write_text("include: []\n")
    ran = Here(repository / "mk").run("init", "--ci", "gitlab")
    assert ran.code == 0, ran
    assert ".gitlab-ci.yml is there and differs; it was left as it is." in ran.out
    assert path.read_text() == "include: []\n"


def test_init_writes_a_manifest_too_where_there_is_none(tmp_path: Path) -> None:
    ran = Here(tmp_path).run("init", "--ci", "gitlab")
    assert ran.code == 0, ran
    assert (tmp_path / "pushctl.yaml").exists()
    assert (tmp_path / ".gitlab" / "pushctl.yml").exists()


@pytest.mark.parametrize(
    ("link", "to"), [(".github", "elsewhere"), (".github/workflows", "elsewhere")]
)
def test_init_follows_no_link(repository: Path, tmp_path: Path, link: str, to: str) -> None:
    elsewhere = tmp_path / to
    elsewhere.mkdir()
    (repository / link).parent.mkdir(exist_ok=True)
    (repository / link).symlink_to(elsewhere)
    ran = Here(repository / "mk").run("init", "--ci", "github")
    assert (ran.code, "A link is in the way" in ran.err) == (1, True)
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("name", ["a'b", 'a"b', "${{ github.token }}", "a:b", "a*", "a\nb", "\x1b"])
def test_a_folder_that_would_mean_something_is_refused(tmp_path: Path, name: str) -> None:
    git(tmp_path, "init", "--quiet")
    example("one-time", tmp_path / name)
    ran = Here(tmp_path).run("-C", name, "init", "--ci", "github")
    assert (ran.code, "does not fit into a workflow" in ran.err) == (1, True)
    assert not (tmp_path / ".github").exists()


def test_a_folder_with_a_chinese_name_is_fine(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    example("one-time", tmp_path / "营销 推送")
    assert Here(tmp_path).run("-C", "营销 推送", "init", "--ci", "github").code == 0
    text = (tmp_path / ".github" / "workflows" / "pushctl-plan.yml").read_text("utf-8")
    document = yaml(text)
    paths = document.get("on", document.get(True))["pull_request"]["paths"]
    assert paths[0] == "营销 推送/**"
    shutil.rmtree(tmp_path / ".git")
