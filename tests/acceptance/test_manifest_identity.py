"""A state is about one manifest: no command takes another one in the folder for an edit of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pushctl.push.identity import digest
from tests.acceptance.cli import Here, Ran

ENV = {"PUSHCTL_NOW": "2026-12-01T09:00:00+08:00"}
HEAD = "version: 1\napp: {id: ONEX0000000000000, workspace: test}\ntimezone: Asia/Shanghai\n"
REFUSED = (
    "plan",
    "plan --offline",
    "apply --yes",
    "status",
    "drift",
    "resume --all",
    "adopt promo 0123456789abcdef",
    "state resolve sale",
    "state rebuild --yes",
    "state mv sale other",
    "state rm sale",
    "state replace-service",
)
SHOWN = ("state list", "state show", "when promo", "calendar", "preview")


def text(*ids: str, head: str = HEAD) -> str:
    pushes = (
        f"  {id}:\n    schedule: {{at: 2026-12-24T20:00}}\n    to: {{users: [ann]}}\n"
        f"    expires_after: 4h\n    message: {{title: Title of {id}, body: Body of {id}}}\n"
        for id in ids
    )
    return f"{head}pushes:\n{''.join(pushes)}"


class Folder(Here):
    def call(self, command: str) -> Ran:
        return self.run(*command.split(), env=ENV)

    def files(self) -> dict[str, bytes]:
        paths = self.folder.glob("pushctl.*")
        left_out = (".lock", ".gate", ".yaml")
        return {path.name: path.read_bytes() for path in paths if path.suffix not in left_out}

    def scheduled(self) -> list[str]:
        return sorted(self.state()["pushes"])


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Two manifests, of which one was applied."""
    made = Folder(tmp_path)
    made.write(text("sale", "news"), "crm.yaml")
    made.write(text("promo"), "shop.yaml")
    assert made.call("-f crm.yaml apply --yes").code == 0
    return made


def test_another_manifest_is_refused_and_only_shown(folder: Folder) -> None:
    before = folder.files()
    for command in REFUSED:
        ran = folder.call(f"-f shop.yaml {command}")
        assert ran.code == 5, ran
        assert "recorded is crm.yaml, meant is shop.yaml" in ran.err
        assert "if this one takes its place, move that one away" in ran.err
    for command in SHOWN:
        ran = folder.call(f"-f shop.yaml {command}")
        assert ran.code == 0, ran
        assert ran.err.count("Note: The state is about another manifest") == 1, ran
    doctor = folder.call("-f shop.yaml doctor")
    assert (doctor.code, "another manifest" in doctor.out) == (1, True)
    assert folder.files() == before
    assert folder.call("-f ./crm.yaml plan --detailed-exitcode").code == 0


def test_the_red_button_works_beside_any_manifest(folder: Folder) -> None:
    folder.write(text("sale", "news").replace("Body of sale", "Another body"), "crm.yaml")
    ran = folder.call("-f shop.yaml stop sale")
    assert ran.code == 0, ran
    assert "Note: The state is about another manifest" in ran.err
    # The edit that waited for its apply does not undo the stop.
    plan = folder.call("-f crm.yaml plan --format json").json
    assert [change["action"] for change in plan["changes"]] == []
    assert folder.call("stop --all").code == 0  # no manifest has the usual name


def test_a_manifest_takes_the_place_of_one_that_is_gone(folder: Folder) -> None:
    (folder.folder / "crm.yaml").rename(folder.folder / "pushctl.yaml")
    plan = folder.call("plan --detailed-exitcode")
    assert (plan.code, "Note: pushctl.yaml takes the place of crm.yaml" in plan.err) == (0, True)
    assert folder.call("apply --yes").code == 0
    assert folder.state()["site"]["manifest"] == "pushctl.yaml"
    assert "takes the place" not in folder.call("plan").err
    before = folder.files()
    assert folder.call("apply --yes").code == 0
    assert folder.files() == before


def test_what_a_manifest_in_anothers_place_would_cancel_is_told(folder: Folder) -> None:
    (folder.folder / "crm.yaml").rename(folder.folder / "crm.yaml.old")
    plan = folder.call("-f shop.yaml plan --format json").json
    actions = {change["id"]: change["action"] for change in plan["changes"]}
    assert actions == {"promo": "create", "news": "cancel", "sale": "cancel"}
    told = {item["code"]: item["detail"] for item in plan["diagnostics"]}
    assert "news is gone, and stands in crm.yaml.old:" in told["PSH615"]


def test_the_first_apply_that_does_something_records_whose_state_it_is(folder: Folder) -> None:
    body = folder.state()
    for name in ("manifest", "sha256"):
        body.pop(name, None) or body["site"].pop(name)
    for path in folder.folder.glob("pushctl.state.*"):
        path.unlink()
    folder.write(json.dumps({**body, "sha256": digest(body)}), "pushctl.state.json")
    before = folder.files()
    assert folder.call("-f crm.yaml apply --yes").code == 0
    assert folder.files() == before  # as an earlier version left it, and nothing to do
    folder.write(text("sale", "news", "more"), "crm.yaml")
    assert folder.call("-f crm.yaml apply --yes").code == 0
    assert folder.state()["site"]["manifest"] == "crm.yaml"
    assert folder.call("-f shop.yaml plan").code == 5


@pytest.mark.parametrize(
    ("taken_out", "name"),
    [
        (("pushes/x.yaml", "pushes/x.yml"), "pushes/x.yml"),
        (("pushes/x.yaml", "pushes/x.yaml.bak"), "pushes/x.yaml.bak"),
        (("pushes/x.yaml", "old/x.yaml"), "old/x.yaml"),
        (("pushctl.yaml", None), "pushes/x.yaml"),
    ],
)
def test_what_is_gone_and_still_written_is_told_without_a_base(
    taken_out: tuple[str, str | None], name: str, tmp_path: Path
) -> None:
    project = Folder(tmp_path)
    kept, included = text("sale", head=""), text("news", "more", head="")
    project.write(f"{HEAD}include: [pushes/*.yaml]\n{kept}")
    project.write(included, "pushes/x.yaml")
    assert project.call("apply --yes").code == 0
    before, after = taken_out
    if after is None:
        project.write(HEAD + kept)
    else:
        (tmp_path / after).parent.mkdir(exist_ok=True)
        (tmp_path / before).rename(tmp_path / after)
    plan = project.call("plan --format json").json
    (found,) = [item for item in plan["diagnostics"] if item["code"] == "PSH615"]
    assert found["severity"] == "warning"
    for id in ("news", "more"):
        assert f"{id} is gone, and stands in {name}:" in found["detail"]


def test_what_is_gone_everywhere_or_only_patched_elsewhere_is_not_told(tmp_path: Path) -> None:
    project = Folder(tmp_path)
    project.write(text("sale", "news"))
    assert project.call("apply --yes").code == 0
    project.write(text("sale"))
    project.write("pushes:\n  news: {enabled: false}\n", "environments/pilot.yaml")
    project.write("notes: {news: what became of it}\n", "notes.yaml")
    plan = project.call("plan --format json").json
    assert [change["id"] for change in plan["changes"]] == ["news"]
    assert [item for item in plan["diagnostics"] if item["code"] == "PSH615"] == []
