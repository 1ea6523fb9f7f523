"""A policy that manifests share: where it is read, what goes before it, what is said about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.manifest.files.reader import Files
from pushctl.manifest.read import read_manifest
from pushctl.manifest.resolved import Reading
from pushctl.manifest.schema.models import Policy
from tests.acceptance.repository import git
from tests.unit.manifest.project import HEAD, PUSH, brief, codes, project

SHARED = """\
policy:
  max_creates: 50
  danger_window: 20m
  rules: {PSH501: "off", PSH214: "off"}
"""
ADDRESS = "git+https://git.acme.example/policies.git//push.yaml?ref=" + "0" * 40


def shop(
    root: Path,
    shared: str | None = SHARED,
    own: str = "",
    *,
    extends: str = "../policy.yaml",
    env: str | None = None,
) -> Reading:
    """Read a manifest in the folder `shop` of a repository."""
    (root / ".git").mkdir(exist_ok=True)
    if shared is not None:
        (root / "policy.yaml").write_text(shared)
    text = f"{HEAD}extends: {extends}\n{own}pushes:\n  a:\n{PUSH}"
    return project(root / "shop", {"pushctl.yaml": text}, env=env)


def policy(reading: Reading) -> Policy:
    assert codes(reading) == []
    assert reading.manifest is not None
    return reading.manifest.policy


def test_what_the_manifest_does_not_say_the_shared_policy_does(tmp_path: Path) -> None:
    own = "policy:\n  max_creates: 3\n  rules: {PSH214: error}\n"
    found = policy(shop(tmp_path, own=own))
    assert (found.max_creates, found.danger_window, found.max_cancels) == (3, 1200, 0.3)
    assert found.rules == {"PSH501": "off", "PSH214": "error"}


@pytest.mark.parametrize(
    ("inline", "creates", "window"),
    [("{max_creates: 9}", 9, 1200), ("{max_creates: null}", None, 1200), ("null", 50, 1200)],
)
def test_an_environment_goes_before_both(
    tmp_path: Path, inline: str, creates: int | None, window: int
) -> None:
    own = f"policy: {{max_creates: 3}}\nenvironments: {{test: {{policy: {inline}}}}}\n"
    found = policy(shop(tmp_path, own=own, env="test"))
    assert (found.max_creates, found.danger_window) == (creates, window)


def test_it_is_a_file_of_the_manifest(tmp_path: Path) -> None:
    first = shop(tmp_path)
    assert first.files == ("../policy.yaml", "pushctl.yaml")
    changed = shop(tmp_path, SHARED + "# a comment\n")
    assert len({first.digest, changed.digest, shop(tmp_path).digest}) == 2


def test_a_value_is_found_in_the_file_that_has_it(tmp_path: Path) -> None:
    reading = shop(tmp_path, own="policy: {max_creates: 3}\n")
    places = [reading.locate("policy", key) for key in ("max_creates", "danger_window")]
    assert [(at.filename, at.start.line) for at in places if at] == [
        ("pushctl.yaml", 5),
        ("../policy.yaml", 3),
    ]


def test_findings_about_it_name_its_lines_and_edit_nothing(tmp_path: Path) -> None:
    text = "policy:\n  max_createz: 3\n  min_gap: 1 h\nlocked: [max_creats]\npushes: {}\n"
    reading = shop(tmp_path, text + "extends: other.yaml\ndefaults: {owner: yes}\n")
    assert [item.split()[:2] for item in brief(reading.diagnostics)] == [
        ["../policy.yaml:2:3", "PSH104"],
        ["../policy.yaml:3:12", "PSH113"],
        ["../policy.yaml:4:10", "PSH112"],
        ["../policy.yaml:5:1", "PSH104"],
        ["../policy.yaml:6:1", "PSH104"],
        ["../policy.yaml:7:1", "PSH104"],
        ["../policy.yaml:7:19", "PSH101"],
    ]
    assert not any(item.edits for item in reading.diagnostics)


@pytest.mark.parametrize(
    ("shared", "code"),
    [
        *(("", "PSH111"), ("locked: []\n", "PSH111"), ("policy: null\n", "PSH110")),
        *(("policy: [\n", "PSH100"), ("policy:\n  max_creates: null\n", "PSH110")),
        *(("policy:\n  max_creates: ${most}\n", "PSH110"), ("<html>", "PSH110")),
    ],
)
def test_what_is_no_policy_is_an_error(tmp_path: Path, shared: str, code: str) -> None:
    found = codes(shop(tmp_path, shared, own="vars: {most: 3}\n"))
    assert code in found


def test_it_decides_nothing_but_the_policy(tmp_path: Path) -> None:
    reading = shop(tmp_path, SHARED + "app: {tenant: T1, targets: hashed}\nstate: gitlab:x\n")
    assert codes(reading) == ["PSH104", "PSH104"]
    assert reading.manifest is not None
    assert (reading.manifest.app.tenant, reading.manifest.state) == (None, None)


def test_where_targets_are_hashed_its_findings_are_shown_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "shop" / "environments").mkdir(parents=True)
    (tmp_path / "shop" / "environments" / "prod.yaml").write_text("app: {targets: hashed}\n")
    (found,) = shop(tmp_path, "policy: {max_createz: 3}\n", env="prod").diagnostics
    assert "max_createz" in found.detail


LOCKED = SHARED + "locked: [max_creates, freezes]\n"


def test_what_is_locked_can_be_set_nowhere(tmp_path: Path) -> None:
    own = "policy:\n  max_cancels: 0.5\n  freezes: []\nenvironments:\n"
    own += "  prod: {policy: {max_creates: null}}\n  test: {policy: null}\n"
    (tmp_path / "shop" / "environments").mkdir(parents=True)
    (tmp_path / "shop" / "environments" / "test.yaml").write_text("policy: {max_creates: 50}\n")
    reading = shop(tmp_path, LOCKED, own, env="test")
    places = [item.partition(" ")[0] for item in brief(reading.diagnostics)]
    assert set(codes(reading)) == {"PSH115"}
    assert places == ["environments/test.yaml:1:10", "pushctl.yaml:7:3", "pushctl.yaml:9:19"]


def test_what_is_not_locked_can_be_set(tmp_path: Path) -> None:
    found = policy(shop(tmp_path, LOCKED, "policy: {danger_window: 5m}\n"))
    assert (found.danger_window, found.max_creates) == (300, 50)


# --- where it is read -----------------------------------------------------------------------------


def test_it_may_be_in_the_folder_itself_and_outside_of_a_repository(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"more/policy.yaml": SHARED}
    files["pushctl.yaml"] = f"{HEAD}extends: more/policy.yaml\npushes: {{}}\n"
    assert policy(project(tmp_path, files)).max_creates == 50


@pytest.mark.parametrize("path", ["..", "../../secret.yaml", "../link.yaml", "../folder/x.yaml"])
def test_what_is_outside_of_the_repository_is_never_read(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.yaml").write_text(SHARED)
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "link.yaml").symlink_to("../secret.yaml")
    (repository / "folder").symlink_to(tmp_path)
    for extends in (path, str(tmp_path / "secret.yaml")):
        reading = shop(repository, extends=extends)
        assert codes(reading) == ["PSH106"]
        assert reading.files == ("pushctl.yaml",)


def test_outside_of_a_repository_only_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(SHARED)
    text = f"{HEAD}extends: ../policy.yaml\npushes: {{}}\n"
    assert codes(project(tmp_path / "shop", {"pushctl.yaml": text})) == ["PSH106"]


def test_nothing_else_may_be_outside_of_the_folder(tmp_path: Path) -> None:
    own = "include: [../policy.yaml, link.yaml]\ncalendars: {closed: ../policy.yaml}\n"
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "link.yaml").symlink_to("../policy.yaml")
    assert codes(shop(tmp_path, own=own)) == ["PSH106"] * 3


@pytest.mark.parametrize("extends", ["../none.yaml", ADDRESS, '"../a\\u0007.yaml"'])
def test_what_cannot_be_read_is_an_error_where_it_is_named(tmp_path: Path, extends: str) -> None:
    (tmp_path / ".git").mkdir()
    text = f"{HEAD}extends: {extends}\npushes: {{}}\n"
    project(tmp_path / "shop", {"pushctl.yaml": text})
    reading = read_manifest(Files(tmp_path / "shop", fetch=False))
    assert brief(reading.diagnostics) == [
        "pushctl.yaml:4:10 PSH107 A file is missing, or cannot be read"
    ]


def test_a_file_of_another_repository_counts_as_one_of_the_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUSHCTL_CACHE", str(tmp_path / "cache"))
    origin = tmp_path / "origin"
    origin.mkdir()
    git(origin, "init", "-q")
    digests = []
    for text in (SHARED, SHARED.replace(": 50", ": -1")):
        (origin / "push.yaml").write_text(text)
        git(origin, "add", "push.yaml")
        git(origin, "commit", "-q", "-m", "Change")
        commit = git(origin, "rev-parse", "HEAD")
        reading = shop(tmp_path, extends=f"git+file://{origin}//push.yaml?ref={commit}")
        assert reading.files == ("pushctl.yaml",)
        digests.append(reading.digest)
    assert digests[0] != digests[1]
    assert brief(reading.diagnostics) == [
        f"git+file://{origin}//push.yaml:2:16 PSH113 A value has the wrong format"
    ]
