"""`plan --html` and `preview`: one file for a browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.cli import Here, example
from tests.acceptance.pages.structure import faults, read

MANIFEST = """\
version: 1
app:
  id: ONEX0000000000000
  workspace: test
  endpoint: sandbox
  sandbox: {now: "2026-12-01T09:00:00+08:00"}
timezone: Asia/Shanghai
defaults: {expires_after: 4h, owner: crm@acme.example}
pushes:
  sale:
    schedule: {at: 2026-12-24T20:00}
    to: {users: [somebody-1, somebody-2]}
    message: {title: "<b>特惠</b>", body: Tonight}
  digest:
    schedule: {every: [mon, wed], at: "09:45"}
    to: {users: [somebody-1]}
    message: {title: Digest, body: Daily}
"""


@pytest.fixture
def project(tmp_path: Path) -> Here:
    made = Here(tmp_path)
    made.write(MANIFEST)
    return made


def text(project: Here, name: str = "page.html") -> str:
    page = (project.folder / name).read_text("utf-8")
    assert faults(page) == []
    return read(page).text


def test_a_preview_asks_nobody_and_leaves_nothing_but_its_file(project: Here) -> None:
    for _ in range(2):
        ran = project.run("preview", "-o", "page.html")
        assert (ran.code, ran.out) == (0, ""), ran
        assert "Wrote page.html" in ran.err
        page = text(project)
        assert "Push preview" in page
        assert "<b>特惠</b>" in page
        assert "the service was not asked" in page
        assert sorted(path.name for path in project.folder.iterdir()) == [
            "page.html",
            "pushctl.yaml",
        ]


def test_a_preview_shows_the_pushes_that_were_named(project: Here) -> None:
    assert project.run("preview", "digest", "-o", "page.html").code == 0
    assert "sale" not in text(project)
    wrong = project.run("preview", "digets", "-o", "page.html")
    assert wrong.code == 64
    assert "Did you mean digest?" in wrong.err


def test_a_preview_of_a_missed_push_shows_it_as_blocked(project: Here) -> None:
    project.write(MANIFEST.replace("2026-12-24", "2026-11-24"))
    assert project.run("preview", "-o", "page.html").code == 0
    assert "its delivery time has passed and it was never sent" in text(project)


def test_a_preview_goes_to_stdout_if_no_file_is_named(project: Here) -> None:
    ran = project.run("preview")
    assert ran.code == 0
    assert faults(ran.out) == []


def test_a_folder_that_is_not_there_is_named(project: Here) -> None:
    ran = project.run("preview", "-o", "nowhere/page.html")
    assert ran.code == 1
    assert "nowhere/page.html" in ran.err


def test_a_plan_is_written_in_several_forms_at_once(project: Here) -> None:
    for _ in range(2):
        ran = project.run("plan", "--html", "page.html", "--json", "plan.json")
        assert ran.code == 0, ran
        assert "Plan: 2 to create" in ran.out
        assert "the service was asked" in text(project)
        assert (project.folder / "plan.json").exists()
    assert project.run("apply", "--yes").code == 0
    for _ in range(2):
        project.run("plan", "--html", "page.html")
        page = text(project)
        assert "No changes. 2 pushes as the manifest says." in page
        assert "2 pushes stay as they are" in page


def test_a_plan_can_go_to_stdout_as_a_page(project: Here) -> None:
    ran = project.run("plan", "--format", "html")
    assert ran.code == 0
    assert faults(ran.out) == []


def test_drift_has_a_page_of_what_there_is_to_say(project: Here) -> None:
    assert project.run("apply", "--yes").code == 0
    ran = project.run("drift", "--format", "html")
    assert ran.code == 0, ran
    assert faults(ran.out) == []
    page = read(ran.out)
    assert "No drift. The service is as the state says." in page.text
    assert [item.text for item in page.all("h2")] == ["Summary", "Changes", "Findings"]


def test_where_there_is_no_plan_its_page_says_why(project: Here) -> None:
    project.write(MANIFEST.replace("at: 2026-12-24T20:00", "at: yesterday"))
    ran = project.run("plan", "--html", "page.html")
    assert ran.code == 1
    page = text(project)
    assert "No push plan" in page
    assert "yesterday" in page


def test_a_finding_stands_with_its_line_on_the_page(project: Here) -> None:
    project.write(MANIFEST.replace("<b>特惠</b>", "限时特惠全场六折会员优先抢购今晚到手价再送好礼"))
    project.run("plan", "--html", "page.html")
    page = text(project)
    assert "PSH301" in page
    assert "refused by vivo" in page
    assert 'message: {title: "限时特惠' in page


def test_quiet_hours_are_those_of_the_policy(project: Here) -> None:
    policy = 'policy: {quiet_hours: {from: "21:00", until: "07:00"}}\n'
    project.write(MANIFEST.replace("pushes:\n", policy + "pushes:\n"))
    project.run("preview", "-o", "page.html")
    assert "Shaded: quiet hours, 21:00 to 07:00" in text(project)


def test_hashed_people_are_named_nowhere(project: Here) -> None:
    project.write(MANIFEST.replace("workspace: test", "workspace: test\n  targets: hashed"))
    for arguments in (("plan", "--html", "page.html"), ("preview", "-o", "page.html")):
        assert project.run(*arguments).code == 0
        assert "somebody" not in text(project)
    assert project.run("apply", "--yes").code == 0
    assert project.run("plan", "--html", "page.html").code == 0
    assert "somebody" not in text(project)


@pytest.mark.parametrize("name", ["vendors", "live-activity", "sms", "recurrences", "audience-230"])
def test_every_kind_of_push_has_a_sound_page(name: str, tmp_path: Path) -> None:
    project = example(name, tmp_path, Here)
    ran = project.run("preview", "-o", "page.html")
    assert ran.code == 0, ran
    assert text(project)
