"""The CI files that this project runs and the ones that it writes: valid, pinned, and the same."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from ruamel.yaml import YAML

from pushctl.cli.ci.templates import ACTION, LISTS, USES, TemplateValues, added, files
from pushctl.manifest.read import read_manifest
from tests.acceptance.ci.runner import git
from tests.acceptance.cli import Here, example
from tests.servers.process import installed

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
# What it finds below that is `./…` for an action of the same repository, where a newer spelling
# exists that GitHub's own servers for companies do not know yet.
AUDIT = ("--offline", "--no-progress", "--min-severity=medium")
ROOT_ONLY = (TemplateValues(PurePosixPath(), None, "main"),)
SEVERAL = (
    TemplateValues(PurePosixPath("marketing/pushes"), "prod", "trunk"),
    TemplateValues(PurePosixPath("营销 推送"), None, "trunk"),
)
PROJECTS = {"root": ROOT_ONLY, "several": SEVERAL}


def yaml(text: str) -> Any:
    return YAML(typ="safe").load(text)


@pytest.fixture(params=sorted(PROJECTS))
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A repository with everything that can be written into it."""
    first, *others = PROJECTS[request.param]
    for ci in ("github", "gitlab"):
        for name, text in files(ci, first).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        path = tmp_path / LISTS[ci]
        for values in others:
            path.write_text(added(path.read_text("utf-8"), ci, values), "utf-8")
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
    assert len(workflows) == 2
    schema("github-workflows", *workflows, folder=written)
    schema("github-actions", written / ACTION, folder=written)
    schema("gitlab-ci", *(written / ".gitlab").glob("*.yml"), folder=written)
    schema("gitlab-ci", written / ".gitlab-ci.yml", folder=written)


def test_what_is_written_has_no_known_weakness(written: Path) -> None:
    checked("zizmor", *AUDIT, ".", folder=written)


def test_this_project_follows_its_own_advice() -> None:
    schema("github-workflows", *(ROOT / ".github" / "workflows").glob("*.yml"), folder=ROOT)
    checked("zizmor", *AUDIT, ".github", folder=ROOT)


def test_the_action_of_this_project_is_the_one_that_it_writes() -> None:
    assert [path.name for path in (ROOT / ACTION).parent.iterdir()] == ["action.yml"]
    _, _, text = files("github", ROOT_ONLY[0])[ACTION].partition("\n")
    assert text == (ROOT / ACTION).read_text("utf-8")


def steps(document: Any) -> Iterator[Any]:
    for job in document["jobs"].values():
        yield from job.get("steps", ())


def test_this_project_asks_its_action_for_what_there_is() -> None:
    action = yaml((ROOT / ACTION).read_text("utf-8"))
    (job,) = (
        job
        for path in (ROOT / ".github" / "workflows").glob("*.yml")
        for job in yaml(path.read_text("utf-8"))["jobs"].values()
        if "./.github/actions/pushctl" in [step.get("uses") for step in job["steps"]]
    )
    (step,) = (step for step in job["steps"] if "./.github" in step.get("uses", ""))
    assert set(step["with"]) <= set(action["inputs"])
    asked = set(re.findall(rf"steps\.{step['id']}\.outputs\.([\w-]+)", str(job)))
    assert asked
    assert asked <= set(action["outputs"])


@pytest.mark.parametrize("ours", [True, False])
def test_every_action_is_pinned_to_a_commit(ours: bool, written: Path) -> None:
    folder = (ROOT if ours else written) / ".github"
    texts = [path.read_text("utf-8") for path in folder.rglob("*.yml")]
    used = [line.strip() for text in texts for line in text.splitlines() if "uses:" in line]
    pinned = re.compile(r"uses: ([\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\./.+)$")
    assert used
    assert [line for line in used if not pinned.search(line)] == []


def test_no_expression_is_part_of_a_script(written: Path) -> None:
    action = yaml((written / ACTION).read_text("utf-8"))
    scripts = [step["run"] for step in action["runs"]["steps"] if "run" in step]
    for path in (written / ".github" / "workflows").glob("*.yml"):
        scripts += [step["run"] for step in steps(yaml(path.read_text("utf-8"))) if "run" in step]
    assert scripts
    assert [script for script in scripts if "${{" in script] == []


def test_shell_is_short_and_has_no_known_weakness(written: Path, tmp_path: Path) -> None:
    action = yaml((written / ACTION).read_text("utf-8"))
    scripts = [step["run"] for step in action["runs"]["steps"] if "run" in step]
    assert sum(len(script.splitlines()) for script in scripts) <= 120
    checker = installed("shellcheck")
    file = tmp_path / "script.sh"
    for script in scripts:
        file.write_text(f"set -euo pipefail\n{script}")
        # SC2086: ids are words. SC2154: variables come from outside.
        command = [checker, "--shell=bash", "--exclude=SC2086,SC2154", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_jobs_may_do_what_they_need_and_no_more(written: Path) -> None:
    rights = {}
    for path in (written / ".github" / "workflows").glob("*.yml"):
        document = yaml(path.read_text("utf-8"))
        assert document["permissions"] == {}
        assert "pull_request_target" not in document.get("on", document.get(True))
        for name, job in document["jobs"].items():
            writes = {key for key, value in job["permissions"].items() if value == "write"}
            rights[f"{path.stem}/{name}"] = writes - {"id-token"}
    called, caller = (
        yaml((written / ".github" / "workflows" / f"{name}.yml").read_text("utf-8"))["jobs"]
        for name in ("pushctl", "pushes")
    )
    asked = set().union(*(job["permissions"] for job in called.values()))
    assert set(caller["pushctl"]["permissions"]) == asked
    assert rights.pop("pushes/comment") == {"pull-requests"}
    at_most = rights.pop("pushes/pushctl")
    assert at_most == set().union(*rights.values())
    assert rights == {
        "pushctl/plan": set(),
        "pushctl/apply": {"contents"},
        "pushctl/look": set(),
        "pushctl/make-way": set(),
        "pushctl/stop-or-resume": {"contents"},
    }


def test_an_apply_is_never_cancelled_by_the_next_one(written: Path) -> None:
    jobs = yaml((written / ".github" / "workflows" / "pushctl.yml").read_text("utf-8"))["jobs"]
    apply, way, stop = (jobs[name] for name in ("apply", "make-way", "stop-or-resume"))
    assert apply["concurrency"]["cancel-in-progress"] is False
    assert apply["concurrency"]["queue"] == "max"
    # The red button asks it to end, and waits for it no longer than it must.
    assert way["concurrency"]["group"] == apply["concurrency"]["group"]
    assert way["concurrency"]["cancel-in-progress"] is True
    assert stop["concurrency"]["group"] != apply["concurrency"]["group"]
    assert "needs" not in stop


def test_every_input_of_the_action_is_used(written: Path) -> None:
    text = (written / ACTION).read_text("utf-8")
    inputs = set(yaml(text)["inputs"])
    assert inputs == set(re.findall(r"\binputs\.([\w-]+)", text))


def test_a_workflow_passes_only_inputs_that_there_are(written: Path) -> None:
    folder = written / ".github" / "workflows"
    action = yaml((written / ACTION).read_text("utf-8"))
    called = yaml((folder / "pushctl.yml").read_text("utf-8"))
    caller = yaml((folder / "pushes.yml").read_text("utf-8"))
    for step in (*steps(called), *steps(caller)):
        if str(step.get("uses", "")).startswith("./"):
            assert set(step["with"]) <= set(action["inputs"])
    inputs = called.get("on", called.get(True))["workflow_call"]["inputs"]
    assert set(caller["jobs"]["pushctl"]["with"]) == set(inputs)
    pressed = caller.get("on", caller.get(True))["workflow_dispatch"]["inputs"]
    text = (folder / "pushctl.yml").read_text("utf-8")
    assert {*re.findall(r"github\.event\.inputs\.([\w-]+)", text), "command", "target"} == set(
        pressed
    )


def test_each_button_knows_every_folder_and_environment(written: Path) -> None:
    caller = yaml((written / LISTS["github"]).read_text("utf-8"))
    listed = [item["target"] for item in caller["jobs"]["pushctl"]["strategy"]["matrix"]["include"]]
    pressed = caller.get("on", caller.get(True))["workflow_dispatch"]["inputs"]
    assert pressed["target"]["options"] == listed
    assert len(set(listed)) == len(listed)


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
    assert "Wrote .github/workflows/pushes.yml." in ran.out
    assert "pushctl help ci" in ran.err
    assert 'state: "git+origin:#pushctl-state"' in ran.err
    assert (repository / "mk" / "pushctl.yaml").read_bytes() == before
    again = Here(repository).run("-C", "mk", "--env", "staging", "init", "--ci", "github")
    assert again.code == 0
    assert again.out.count("is there already.") == len(again.out.splitlines()) == 3


@pytest.mark.parametrize(("ci", "mark"), [("github", "jobs:"), ("gitlab", ".pushctl:")])
def test_init_adds_a_folder_and_an_environment_and_changes_nothing_else(
    repository: Path, ci: str, mark: str
) -> None:
    example("quickstart", repository / "shop")
    assert Here(repository).run("-C", "mk", "--env", "staging", "init", "--ci", ci).code == 0
    path = repository / LISTS[ci]
    # What people change stays, and so does what a formatter does to the lists.
    mine = path.read_text("utf-8").replace(mark, f"# by hand\n{mark}")
    mine = mine.replace('{"', "{ '").replace('": ', "': ")
    path.write_text(mine, "utf-8")
    others = {name: name.read_bytes() for name in repository.rglob("*.yml") if name != path}
    for arguments in (("mk", "--env", "pilot"), ("shop",), ("mk", "--env", "staging")):
        ran = Here(repository).run("-C", *arguments, "init", "--ci", ci)
        assert ran.code == 0, ran
    assert f"{LISTS[ci]} is there already." in ran.out
    text = path.read_text("utf-8")
    new = [line for line in text.splitlines() if line not in mine.splitlines()]
    assert [line for line in text.splitlines() if line not in new] == mine.splitlines()
    assert [line.strip() for line in new if line.strip().startswith("- {")] == {
        "github": [
            '- {"target": "mk (pilot)", "folder": "mk", "env": "pilot"}',
            '- {"target": "shop", "folder": "shop", "env": ""}',
        ],
        "gitlab": [
            '- {"PUSHCTL_CHDIR": "mk", "PUSHCTL_ENV": "pilot", "DEPLOYS_TO": "pilot"}',
            '- {"PUSHCTL_CHDIR": "shop", "PUSHCTL_ENV": "", "DEPLOYS_TO": "production"}',
        ],
    }[ci]
    assert {name: name.read_bytes() for name in others} == others


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_init_above_several_manifests_lists_all_of_them(tmp_path: Path, ci: str) -> None:
    git(tmp_path, "init", "--quiet")
    apps = example("fleet", tmp_path / "apps", Here)
    ran = apps.run("--env", "prod", "init", "--ci", ci)
    assert ran.code == 0, ran
    assert "state: " in ran.err.partition("shop/pushctl.yaml:")[2]
    assert ran.err.count("Write where the state is") == 3
    assert apps.run("--env", "test", "init", "--ci", ci).code == 0
    assert "is there already" in apps.run("init", "--ci", ci).out
    document = yaml((tmp_path / LISTS[ci]).read_text("utf-8"))
    if ci == "github":
        listed = document["jobs"]["pushctl"]["strategy"]["matrix"]["include"]
    else:
        listed = document[".pushctl-each"]["parallel"]["matrix"]
    folder, env = ("folder", "env") if ci == "github" else ("PUSHCTL_CHDIR", "PUSHCTL_ENV")
    assert sorted((item[folder], item[env]) for item in listed) == [
        (f"apps/{name}", where) for name in ("bank", "shop", "travel") for where in ("prod", "test")
    ]
    assert not (apps.folder / "pushctl.yaml").exists()
    refused = apps.run("--env", "nowhere", "init", "--ci", ci)
    assert (refused.code, "'nowhere'" in refused.err) == (64, True)


def test_init_does_not_guess_where_a_list_is(repository: Path) -> None:
    assert Here(repository).run("-C", "mk", "--env", "staging", "init", "--ci", "github").code == 0
    path = repository / LISTS["github"]
    path.write_text(path.read_text("utf-8").replace("# more targets\n", "\n"), "utf-8")
    before = path.read_bytes()
    ran = Here(repository).run("-C", "mk", "--env", "pilot", "init", "--ci", "github")
    assert ran.code == 1
    assert "has no line `# more targets`" in ran.err
    assert 'write it into its list: - "mk (pilot)"' in ran.err
    assert path.read_bytes() == before


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_init_says_nothing_of_a_state_that_is_somewhere(repository: Path, ci: str) -> None:
    path = repository / "mk" / "pushctl.yaml"
    path.write_text(f"state: postgresql://db/pushes\n{path.read_text('utf-8')}", "utf-8")
    ran = Here(repository).run("-C", "mk", "--env", "pilot", "init", "--ci", ci)
    assert (ran.code, "state:" in ran.err) == (0, False)


def test_init_leaves_what_somebody_changed(repository: Path) -> None:
    path = repository / ".gitlab-ci.yml"
    path.write_text("include: []\n")
    ran = Here(repository / "mk").run("init", "--ci", "gitlab")
    assert ran.code == 0, ran
    assert ".gitlab-ci.yml is there and differs; it was left as it is." in ran.out
    assert path.read_text() == "include: []\n"


@pytest.mark.parametrize(
    ("ci", "address"), [("github", "git+origin:#pushctl-state"), ("gitlab", "gitlab:pushctl")]
)
def test_init_writes_a_manifest_too_where_there_is_none(
    tmp_path: Path, ci: str, address: str
) -> None:
    ran = Here(tmp_path).run("init", "--ci", ci)
    assert ran.code == 0, ran
    assert "Write where the state is" not in ran.err
    assert (tmp_path / LISTS[ci]).exists()
    reading = read_manifest(tmp_path)
    assert (reading.diagnostics, reading.manifest and reading.manifest.state) == ((), address)
    assert Here(tmp_path).run("fmt", "--check").code == 0


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_init_refuses_an_environment_that_there_is_not(repository: Path, ci: str) -> None:
    for folder in ("mk", "."):
        ran = Here(repository).run("-C", folder, "--env", "prod", "init", "--ci", ci)
        assert (ran.code, "environment 'prod'" in ran.err) == (64, True)
    (repository / "new").mkdir()
    ran = Here(repository).run("-C", "new", "--env", "prod", "init", "--ci", ci)
    assert (ran.code, "There is no pushctl.yaml" in ran.err) == (64, True)
    assert not list(repository.rglob("*.yml"))


def test_init_ignores_what_pushctl_leaves_beside_a_manifest_that_is_there(
    repository: Path,
) -> None:
    (repository / "mk" / ".gitignore").write_text("mine\n")
    assert Here(repository).run("init", "--ci", "github").code == 0
    ignored = (repository / "mk" / ".gitignore").read_text("utf-8").splitlines()
    assert (ignored[0], ".pushctl/" in ignored) == ("mine", True)
    git(repository, "check-ignore", "mk/.pushctl/sandbox.db")
    ran = Here(repository).run("init", "--ci", "github")
    assert ".gitignore" not in ran.out


def test_init_copies_no_action_where_another_repository_has_it(repository: Path) -> None:
    init = ("-C", "mk", "--env", "staging", "init", "--ci", "github")
    assert Here(repository).run(*init).code == 0
    path = repository / LISTS["github"]
    path.write_text(path.read_text("utf-8").replace(USES, "uses: a/b/.github/actions/pushctl@v1"))
    (repository / ACTION).unlink()
    ran = Here(repository).run("-C", "mk", "--env", "pilot", "init", "--ci", "github")
    assert (ran.code, ACTION in ran.out, (repository / ACTION).exists()) == (0, False, False)


def test_upgrade_is_for_ci_files(tmp_path: Path) -> None:
    assert Here(tmp_path).run("init", "--upgrade").code == 64
    ran = Here(tmp_path).run("init", "--ci", "gitlab", "--upgrade")
    assert (ran.code, "pushctl init --ci gitlab" in ran.err) == (1, True)


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


def test_an_upgrade_follows_no_link(repository: Path, tmp_path: Path) -> None:
    assert Here(repository / "mk").run("init", "--ci", "github").code == 0
    outside = tmp_path / "outside.yml"
    path = repository / ACTION
    outside.write_text(path.read_text("utf-8").partition("\n")[2], "utf-8")
    before = outside.read_bytes()
    path.unlink()
    path.symlink_to(outside)
    ran = Here(repository).run("init", "--ci", "github", "--upgrade", "--yes")
    assert (ran.code, outside.read_bytes(), path.is_symlink()) == (1, before, True), ran


@pytest.mark.parametrize("name", ["a'b", 'a"b', "${{ github.token }}", "a:b", "a*", "a\nb", "\x1b"])
def test_a_folder_that_would_mean_something_is_refused(tmp_path: Path, name: str) -> None:
    git(tmp_path, "init", "--quiet")
    example("one-time", tmp_path / name)
    ran = Here(tmp_path).run("-C", name, "init", "--ci", "github")
    assert (ran.code, "does not fit into a workflow" in ran.err) == (1, True)
    assert not (tmp_path / ".github").exists()
