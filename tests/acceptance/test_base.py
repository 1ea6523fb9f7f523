"""`plan --base`: every change comes from lines that were edited, or says that it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.output import Output
from pushctl.cli.project.project import open_recorded
from tests import team_example as team
from tests.acceptance.cli import Ran
from tests.acceptance.repository import Tracked, causes, codes, git, lines, told, tracked

HEAD = """\
version: 1
app:
  id: ONEX0000000000000
  workspace: test
  endpoint: sandbox
  sandbox: {now: "2026-12-01T09:00:00+08:00"}
timezone: Asia/Shanghai
vars: {shop: Acme}
defaults:
  expires_after: 4h
include: [more/*.yaml]
calendars: {closed: closed.txt}
environments:
  pilot:
    app: {workspace: pilot}
"""

PUSHES = """\
pushes:
  sale:
    schedule: {at: 2026-12-24T20:00}
    to: {users_from: people.txt}
    message: {title: "${shop} sale", body: Tonight}
  digest:
    schedule: {every: day, at: "09:45", skip: [closed]}
    to: {users: [u1]}
    message:
      title: Digest
      body: Daily
    expires_after: 2h
"""

MORE = """\
pushes:
  party:
    schedule: {at: 2026-12-18T16:00}
    to: {users: [u1]}
    message: {title: Party, body: In the kitchen}
    expires_after: 1h
"""


def ok(ran: Ran, code: int = 0) -> Ran:
    assert ran.code == code, ran
    return ran


@pytest.fixture
def project(tmp_path: Path) -> Tracked:
    """What main says is applied, and a branch has begun."""
    return started(tracked(tmp_path))


def started(project: Tracked) -> Tracked:
    project.write(HEAD + PUSHES)
    project.write(MORE, "more/party.yaml")
    project.write("u1\nu2\n", "people.txt")
    project.write("2026-12-25 Christmas\n", "closed.txt")
    project.commit()
    ok(project.run("apply", "--yes"))
    git(project.folder, "checkout", "-q", "-b", "branch")
    return project


def test_nothing_edited_is_nothing_to_explain(project: Tracked) -> None:
    ran = ok(project.since())
    assert (ran.json["changes"], codes(ran)) == ([], [])
    assert ran.json["base"].startswith("main (")


def test_comments_and_order_change_nothing(project: Tracked) -> None:
    project.replace("pushctl.yaml", "  digest:\n", "  # every morning\n  digest:\n")
    ran = ok(project.since())
    assert (ran.json["changes"], codes(ran)) == ([], [])


def test_how_targets_are_shown_changes_nothing(project: Tracked) -> None:
    project.replace("pushctl.yaml", "workspace: test", "workspace: test\n  targets: hashed")
    ran = ok(project.since())
    assert (ran.json["changes"], codes(ran)) == ([], ["PSH614"])
    project.commit()
    ok(project.run("apply", "--yes"))
    project.replace("pushctl.yaml", "  targets: hashed\n", "")
    project.write("u2\n", "people.txt")
    ran = ok(project.since("branch"))
    assert (causes(ran), codes(ran)) == ({"sale": "file"}, ["PSH614"])
    (change,) = ran.json["changes"]
    assert change["targets"] == {"before": 2, "after": 1, "joined": 0, "left": 1}


def test_an_edit_of_a_push_is_found_in_its_own_line(project: Tracked) -> None:
    project.replace("pushctl.yaml", "body: Daily", "body: Every day")
    ran = ok(project.since())
    assert causes(ran) == {"digest": "edited"}
    assert lines(ran, "digest") == ["pushctl.yaml:26-26"]
    assert codes(ran) == []
    again = ok(project.since())
    assert again.json["changes"] == ran.json["changes"]


def test_a_value_that_falls_back_to_a_default_is_an_edit_of_the_push(project: Tracked) -> None:
    project.replace("pushctl.yaml", "    expires_after: 2h\n", "")
    ran = ok(project.since())
    assert causes(ran) == {"digest": "edited"}
    assert lines(ran, "digest") == ["pushctl.yaml:27-27 gone"]


def test_text_on_several_lines_is_named_by_its_first(project: Tracked) -> None:
    project.replace(
        "pushctl.yaml", "      body: Daily\n", "      body: >-\n        Daily\n        #1\n"
    )
    project.commit()
    ok(project.run("apply", "--yes"))
    project.replace("pushctl.yaml", "        #1\n", "        #2\n")
    ran = ok(project.since("branch"))
    assert lines(ran, "digest") == ["pushctl.yaml:26-26"]


def test_a_default_changes_pushes_from_afar(project: Tracked) -> None:
    project.replace("pushctl.yaml", "expires_after: 4h", "expires_after: 5h")
    ran = ok(project.since())
    assert causes(ran) == {"sale": "afar"}
    assert lines(ran, "sale") == ["pushctl.yaml:10-10 defaults"]
    (found,) = told(ran)
    assert (found["code"], found["severity"]) == ("PSH611", "warning")
    assert "1 push changes through `defaults`, pushctl.yaml:10: sale." in found["detail"]


def test_a_variable_changes_pushes_from_afar(project: Tracked) -> None:
    project.replace("pushctl.yaml", "shop: Acme", "shop: Apex")
    ran = ok(project.since())
    assert lines(ran, "sale") == ["pushctl.yaml:8-8 vars.shop"]
    assert codes(ran) == ["PSH611"]


def test_a_variable_inside_a_value_of_for_each_is_found(project: Tracked) -> None:
    each = """\
pushes:
  greeting:
    for_each: {zh: {title: "${shop} 你好"}}
    schedule: {at: 2026-12-20T10:00}
    to: {users: [u1]}
    message: {title: "${each.value.title}", body: Hello}
"""
    project.write(each, "more/each.yaml")
    project.commit()
    ok(project.run("apply", "--yes"))
    project.replace("pushctl.yaml", "shop: Acme", "shop: Apex")
    assert lines(ok(project.since("branch")), "greeting[zh]") == ["pushctl.yaml:8-8 vars.shop"]


def test_the_time_zone_changes_pushes_from_afar(project: Tracked) -> None:
    project.replace("pushctl.yaml", "timezone: Asia/Shanghai", "timezone: Asia/Tokyo")
    ran = ok(project.since())
    assert causes(ran) == {"sale": "afar", "digest": "afar", "party": "afar"}
    assert lines(ran, "sale") == ["pushctl.yaml:7-7 timezone"]


def test_an_audience_file_is_as_good_as_the_push_itself(project: Tracked) -> None:
    project.write("u1\nu2\nu3\n", "people.txt")
    ran = ok(project.since())
    assert causes(ran) == {"sale": "file"}
    assert lines(ran, "sale") == ["people.txt:None-None audience"]
    assert codes(ran) == []


def test_a_calendar_file_is_as_good_as_the_push_itself(project: Tracked) -> None:
    project.write("2026-12-25 Christmas\n2026-12-28 Stocktaking\n", "closed.txt")
    ran = ok(project.since())
    assert causes(ran) == {"digest": "file"}
    assert lines(ran, "digest") == ["closed.txt:None-None calendar"]


def test_what_is_indented_into_another_push_does_not_look_like_a_plan(project: Tracked) -> None:
    text = (project.folder / "pushctl.yaml").read_text("utf-8")
    text = text.replace(
        '    message: {title: "${shop} sale", body: Tonight}\n',
        '    message: {title: "${shop} sale", body: Tonight}\n    raw:\n      Known: "1"\n',
    )
    project.write(text)
    project.commit()
    ok(project.run("apply", "--yes"))
    head, tail = text.split("  digest:\n")
    slipped = "  digest:\n" + tail
    project.write(head + "".join("    " + line for line in slipped.splitlines(keepends=True)))
    ran = ok(project.since("branch"))
    assert causes(ran) == {"sale": "indented", "digest": "indented"}
    findings = [item for item in told(ran) if item["code"] == "PSH610"]
    assert any("digest is gone" in item["detail"] for item in findings), findings
    assert any("sale means something else" in item["detail"] for item in findings), findings


def test_a_file_that_is_no_longer_included_takes_its_pushes_along(project: Tracked) -> None:
    project.replace("pushctl.yaml", "include: [more/*.yaml]\n", "")
    ran = ok(project.since())
    assert causes(ran) == {"party": "afar"}
    assert lines(ran, "party") == ["pushctl.yaml:11-11 gone include"]
    assert sorted(codes(ran)) == ["PSH611", "PSH615"]


def test_a_file_that_is_gone_was_edited(project: Tracked) -> None:
    (project.folder / "more/party.yaml").unlink()
    project.write("pushes: {}\n", "more/empty.yaml")
    ran = ok(project.since())
    assert causes(ran) == {"party": "edited"}
    assert lines(ran, "party") == ["more/party.yaml:2-2 gone"]


def test_a_renamed_file_changes_nothing(project: Tracked) -> None:
    (project.folder / "more/party.yaml").rename(project.folder / "more/feast.yaml")
    assert ok(project.since()).json["changes"] == []


def test_an_untracked_file_brings_new_pushes(project: Tracked) -> None:
    project.write(MORE.replace("party", "feast").replace("Party", "Feast"), "more/feast.yaml")
    ran = ok(project.since())
    assert causes(ran) == {"feast": "edited"}
    assert lines(ran, "feast") == ["more/feast.yaml:2-2"]


def test_an_instance_that_goes_is_looked_for_in_its_own_entry(project: Tracked) -> None:
    each = """\
  {id}:
    for_each:
      zh: {{title: 你好}}
      en: {{title: Hello}}
    schedule: {{at: 2026-12-20T1{hour}:00}}
    to: {{users: [u1]}}
    message: {{title: "${{each.value.title}}", body: "{hour}"}}
"""
    both = "pushes:\n" + each.format(id="one", hour=0) + each.format(id="two", hour=2)
    project.write(both, "more/each.yaml")
    project.commit()
    ok(project.run("apply", "--yes"))
    project.write(both.replace("      en: {title: Hello}\n", "", 1), "more/each.yaml")
    ran = ok(project.since("branch"))
    assert causes(ran) == {"one[en]": "edited"}
    assert lines(ran, "one[en]") == ["more/each.yaml:5-5 gone"]
    project.write(both.replace("title: Hello", "title: Hi", 1), "more/each.yaml")
    ran = ok(project.since("branch"))
    assert causes(ran) == {"one[en]": "edited"}
    assert lines(ran, "one[en]") == ["more/each.yaml:5-5"]


def test_a_rename_comes_from_its_line(project: Tracked) -> None:
    project.replace("more/party.yaml", "  party:\n", "  feast:\n")
    project.write(
        (project.folder / "pushctl.yaml").read_text() + "moved: [{from: party, to: feast}]\n"
    )
    ran = ok(project.since())
    assert causes(ran) == {"feast": "edited"}
    assert lines(ran, "feast") == ["pushctl.yaml:28-28 moved"]


def test_what_main_says_and_nobody_applied_is_refused(project: Tracked) -> None:
    git(project.folder, "checkout", "-q", "main")
    project.replace("pushctl.yaml", "body: Daily", "body: Every day")
    project.commit()
    git(project.folder, "checkout", "-q", "-b", "other")
    project.replace("pushctl.yaml", "body: Tonight", "body: Today")
    ran = ok(project.since(), 3)
    assert causes(ran) == {"sale": "edited", "digest": "unexplained"}
    (found,) = told(ran)
    assert (found["code"], found["severity"]) == ("PSH609", "error")
    assert found["detail"].startswith("digest: main (")
    git(project.folder, "stash", "-q")
    ok(project.run("apply", "--yes"))
    git(project.folder, "stash", "pop", "-q")
    assert causes(ok(project.since())) == {"sale": "edited"}


def test_what_was_applied_from_elsewhere_is_refused(project: Tracked) -> None:
    project.write(MORE.replace("party", "feast").replace("Party", "Feast"), "more/feast.yaml")
    ok(project.run("apply", "--yes"))
    (project.folder / "more/feast.yaml").unlink()
    ran = ok(project.since(), 3)
    assert causes(ran) == {"feast": "unexplained"}
    assert codes(ran) == ["PSH609"]
    refused = ok(project.run("plan", "--base", "main", "--out", "saved"), 3)
    assert "Not saved to saved: the plan is refused" in refused.err
    assert not (project.folder / "saved").exists()


def test_an_edit_that_was_applied_already_is_told(project: Tracked) -> None:
    project.replace("pushctl.yaml", "body: Daily", "body: Every day")
    ok(project.run("apply", "--yes"))
    ran = ok(project.since())
    assert ran.json["changes"] == []
    (found,) = told(ran)
    assert (found["code"], found["severity"]) == ("PSH612", "info")
    assert "digest (up to date)" in found["detail"]


def test_what_the_service_lost_comes_from_no_edit_and_is_no_fault(project: Tracked) -> None:
    task = project.state()["pushes"]["party"]["tasks"][0]["task_id"]
    options = GlobalOptions(project.folder, "", None, Output("never"))
    with open_recorded(options, online=True) as (found, _):
        assert found.service().cancel(task) is not None
    ran = ok(project.since())
    assert causes(ran) == {"party": "drift"}
    assert codes(ran) == []


def test_time_explains_what_it_brings(project: Tracked) -> None:
    later = {"PUSHCTL_NOW": "2027-05-20T09:00:00+08:00"}
    options = ("--format", "json", "--offline", "--target", "digest", "--base", "main")
    ran = ok(project.run("plan", *options, env=later))
    assert causes(ran) == {"digest": "clock"}


def test_a_broken_base_is_told_and_nothing_is_blamed(project: Tracked) -> None:
    git(project.folder, "checkout", "-q", "main")
    project.replace("pushctl.yaml", "body: Daily", "bodi: Daily")
    project.commit()
    project.replace("pushctl.yaml", "bodi: Daily", "body: Daily")
    ran = ok(project.since())
    (found,) = told(ran)
    assert (found["code"], found["severity"]) == ("PSH613", "warning")
    assert "pushctl.yaml, line 26" in found["detail"]


def test_a_base_without_a_manifest_makes_everything_new(tmp_path: Path) -> None:
    project = tracked(tmp_path, "push")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "Empty")
    git(tmp_path, "checkout", "-q", "-b", "branch")
    project.write(
        HEAD.replace("include: [more/*.yaml]\n", "").replace(
            "calendars: {closed: closed.txt}\n", ""
        )
        + PUSHES.replace(", skip: [closed]", "")
    )
    project.write("u1\n", "people.txt")
    ran = ok(project.since())
    assert causes(ran) == {"sale": "edited", "digest": "edited"}


def test_a_manifest_in_a_folder_of_the_repository(tmp_path: Path) -> None:
    project = started(tracked(tmp_path, "push"))
    project.replace("pushctl.yaml", "body: Daily", "body: Every day")
    ran = ok(project.since())
    assert lines(ran, "digest") == ["pushctl.yaml:26-26"]


def test_an_environment_is_compared_with_itself(project: Tracked) -> None:
    ok(project.run("--env", "pilot", "apply", "--yes"))
    project.replace(
        "pushctl.yaml",
        "    app: {workspace: pilot}\n",
        "    app: {workspace: pilot}\n    defaults: {expires_after: 3h}\n",
    )
    ran = ok(project.run("--env", "pilot", "plan", "--format", "json", "--base", "main"))
    assert lines(ran, "sale") == ["pushctl.yaml:16-16 environments.pilot.defaults"]
    assert causes(ran) == {"sale": "afar"}
    assert ok(project.since()).json["changes"] == []


def test_where_the_branch_left_main(project: Tracked) -> None:
    project.replace("pushctl.yaml", "body: Tonight", "body: Today")
    project.commit()
    git(project.folder, "checkout", "-q", "main")
    project.replace("pushctl.yaml", "body: Daily", "body: Every day")
    project.commit()
    git(project.folder, "checkout", "-q", "branch")
    assert causes(ok(project.since("main..."))) == {"sale": "edited"}
    # Compared with main as it is now, the branch takes back what main says.
    assert codes(ok(project.since("main"))) == ["PSH612"]


def test_the_pull_request_of_the_example(tmp_path: Path) -> None:
    project = tracked(tmp_path)
    team.before(tmp_path)
    project.commit()
    ok(project.run("--env", "prod", "apply", "--yes"))
    team.branch(tmp_path)
    ran = ok(project.run("--env", "prod", "plan", "--format", "json", "--base", "main"))
    found = causes(ran)
    assert set(found.values()) == {"edited", "file"}
    assert {id for id, cause in found.items() if cause == "file"} == {
        *("christmas[zh-CN]", "newcomer-coupon", "newcomer-guide"),
        *("spring-lottery", "weekend-recipe"),
    }
    assert codes(ran) == []


# --- git ------------------------------------------------------------------------------------------


def test_a_commit_that_is_not_there(project: Tracked) -> None:
    ran = ok(project.since("nowhere"), 1)
    assert "nowhere: There is no such commit here." in ran.err
    assert "fetch it if it is new" in ran.err


@pytest.mark.parametrize("ref", ["--upload-pack=touch x", "-", "..."])
def test_what_is_no_name_of_a_commit(project: Tracked, ref: str) -> None:
    assert "This is no name of a commit" in ok(project.run("plan", f"--base={ref}"), 1).err


def test_a_shallow_clone_says_what_to_fetch(project: Tracked, tmp_path: Path) -> None:
    first = git(project.folder, "rev-parse", "HEAD")
    project.replace("pushctl.yaml", "body: Daily", "body: Every day")
    project.commit()
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{project.folder}", str(clone))
    ran = ok(Tracked(clone).since(first), 1)
    assert "This clone holds only the newest commits." in ran.err
    assert "fetch-depth: 0" in ran.err


def test_a_folder_without_a_repository(tmp_path: Path) -> None:
    project = Tracked(tmp_path)
    project.write(HEAD.split("include")[0] + PUSHES.replace(", skip: [closed]", ""))
    project.write("u1\n", "people.txt")
    ran = ok(project.since(), 1)
    assert "There is no git repository here" in ran.err


def test_nothing_that_a_repository_configures_is_run(project: Tracked, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    script.chmod(0o755)
    for key in (
        *("core.fsmonitor", "core.pager", "core.sshCommand", "diff.external", "core.editor"),
        *("filter.x.clean", "filter.x.smudge", "diff.x.textconv", "diff.x.command"),
        *("credential.helper", "uploadpack.packObjectsHook", "alias.cat-file", "pager.rev-parse"),
    ):
        git(project.folder, "config", key, f"!{script}" if key.startswith("alias") else str(script))
    (project.folder / ".gitattributes").write_text("* filter=x diff=x\n")
    hooks = project.folder / ".git" / "hooks"
    for name in ("post-checkout", "post-index-change", "reference-transaction"):
        (hooks / name).write_text(script.read_text())
        (hooks / name).chmod(0o755)
    mark.unlink(missing_ok=True)
    project.replace("pushctl.yaml", "body: Daily", "body: Every day")
    assert causes(ok(project.since())) == {"digest": "edited"}
    assert not mark.exists()


def test_a_clone_without_contents_fetches_nothing(project: Tracked, tmp_path: Path) -> None:
    git(project.folder, "config", "uploadpack.allowFilter", "true")
    project.replace("pushctl.yaml", "body: Daily", "body: Every day")
    project.commit()
    clone, mark = tmp_path / "clone", tmp_path / "mark"
    origin = f"file://{project.folder}"
    git(tmp_path, "clone", "-q", "--filter=blob:none", "-b", "branch", origin, str(clone))
    git(clone, "config", "protocol.ext.allow", "always")
    git(clone, "config", "remote.origin.url", f"ext::touch {mark}")
    ran = ok(Tracked(clone).since("origin/main"), 1)
    assert "git lacks a file of the commit to compare with" in ran.err
    assert not mark.exists()


def test_links_are_not_followed_into_the_past(project: Tracked) -> None:
    git(project.folder, "checkout", "-q", "main")
    (project.folder / "people.txt").rename(project.folder / "everybody.txt")
    (project.folder / "people.txt").symlink_to("everybody.txt")
    project.commit()
    ran = ok(project.since())
    (found,) = told(ran)
    assert found["code"] == "PSH613"
    assert "people.txt is a link or another repository" in found["detail"]


# --- the rules themselves -------------------------------------------------------------------------


def of_rules(ran: Ran) -> str:
    """Return all that a plan says about rules that change."""
    return "\n".join(item["detail"] for item in told(ran) if item["code"] == "PSH614")


@pytest.mark.parametrize(
    ("now", "then", "word"),
    [
        ("timezone:", "policy: {max_cancels: 1.0}\ntimezone:", "max_cancels` from 0.3 to 1.0"),
        ("timezone:", "policy: {danger_window: 1s}\ntimezone:", "danger_window` from 10m to 1s"),
        (
            "timezone:",
            "policy: {rules: {PSH401: 'off'}}\ntimezone:",
            "`policy.rules.PSH401` from error to off",
        ),
    ],
)  # fmt: skip
def test_rules_that_change_are_told(project: Tracked, now: str, then: str, word: str) -> None:
    project.replace("pushctl.yaml", now, then)
    ran = ok(project.since("main", "--offline"))
    assert ran.json["changes"] == []
    assert word in of_rules(ran)
    places = [item["range"]["start"]["line"] for item in told(ran) if item["range"]]
    text = (project.folder / "pushctl.yaml").read_text().splitlines()
    assert then.splitlines()[0] in text[places[0] - 1]


def test_a_service_that_changes_is_told_while_nothing_is_applied(project: Tracked) -> None:
    project.replace("pushctl.yaml", "endpoint: sandbox", "endpoint: cn-hangzhou")
    assert project.since("main", "--offline").code == 5
    for path in project.folder.glob("pushctl.state.*"):
        path.unlink()
    ran = project.since("main", "--offline")
    assert "endpoint` from sandbox to cn-hangzhou" in of_rules(ran)


def test_rules_that_stay_are_not_told(project: Tracked) -> None:
    policy = "policy: {max_cancels: 1.0, rules: {PSH801: 'off'}}\n"
    project.replace("pushctl.yaml", "timezone:", f"{policy}timezone:")
    project.commit()
    project.replace("pushctl.yaml", "body: Daily", "body: Every day")
    assert of_rules(ok(project.since("branch"))) == ""


def test_an_edit_cannot_turn_off_what_is_told_of_it(project: Tracked) -> None:
    project.replace("pushctl.yaml", "expires_after: 4h", "expires_after: 5h")
    off = ", ".join(f"PSH{number}: 'off'" for number in range(609, 616))
    project.replace("pushctl.yaml", "timezone:", f"policy: {{rules: {{{off}}}}}\ntimezone:")
    assert {"PSH611", "PSH614"} == set(codes(ok(project.since())))
    project.commit()
    project.replace("pushctl.yaml", "expires_after: 5h", "expires_after: 4h")
    assert codes(ok(project.since("branch"))) == []


NIGHTLY = """\
pushes:
  night:
    owner: lin@acme.example
    labels: {class: marketing}
    schedule: {at: 2026-12-24T22:30}
    to: {users: [u7]}
    message: {title: Night, body: Good night}
    vendors: {vivo: {class: operational}, xiaomi: {channel: "1"}}
"""


@pytest.mark.parametrize(
    ("policy", "allow", "change"),
    [
        ("{rules: {PSH401: 'off'}}", "", "policy.rules.PSH401"),
        ("{quiet_hours: {from: '03:00', until: '04:00'}}", "", "policy.quiet_hours.from"),
        ("{}", "{rule: PSH401, reason: agreed, until: 2027-01-31}", "accepted until 2027-01-31"),
    ],
)
def test_what_an_edit_of_the_rules_hides_is_told(
    project: Tracked, policy: str, allow: str, change: str
) -> None:
    project.replace("pushctl.yaml", "timezone:", f"policy: {policy}\ntimezone:")
    project.write(f"{NIGHTLY}    allow: [{allow}]\n", "more/night.yaml")
    ran = ok(project.since("main", "--exclude", "night"))
    assert change in of_rules(ran)
    assert "more would be told: PSH401 (an error) of night" in of_rules(ran)


def test_labels_that_take_marketing_out_of_the_rules_are_told(project: Tracked) -> None:
    day = NIGHTLY.replace("22:30", "20:30")
    project.write(day, "more/night.yaml")
    project.commit()
    ok(project.run("apply", "--yes"))
    project.write(NIGHTLY.replace("class: marketing", "class: service"), "more/night.yaml")
    ran = project.since("branch")
    assert "No longer marketing: night." in of_rules(ran)
    assert "PSH401 (an error) of night" in of_rules(ran)


def test_people_who_want_no_marketing_are_not_forgotten_unseen(project: Tracked) -> None:
    project.replace("pushctl.yaml", "timezone:", "policy: {suppressed: out.txt}\ntimezone:")
    project.write("u7\nu8\n", "out.txt")
    project.commit()
    project.write("u8\n", "out.txt")
    project.write(NIGHTLY.replace("22:30", "20:30"), "more/night.yaml")
    ran = ok(project.since("branch"))
    assert "1 person who wanted no marketing" in of_rules(ran)
    assert "PSH509 (an error) of night" in of_rules(ran)
    assert "u7" not in of_rules(ran)


def test_a_threshold_that_is_raised_for_one_plan_is_told(project: Tracked) -> None:
    policy = "policy: {max_creates: 1}\ntimezone:"
    project.replace("pushctl.yaml", "timezone:", policy)
    project.commit()
    project.replace("pushctl.yaml", "max_creates: 1", "max_creates: 9")
    many = MORE.replace("pushes:\n", "")
    both = "pushes:\n" + many.replace("party", "a") + many.replace("party", "b")
    project.write(both, "more/both.yaml")
    ran = ok(project.since("branch"))
    assert "`policy.max_creates` from 1 to 9" in of_rules(ran)
    assert "PSH604 (an error)" in of_rules(ran)


def test_a_push_at_once_that_the_base_would_refuse_is_told(project: Tracked) -> None:
    project.replace("pushctl.yaml", "timezone:", "policy: {allow_immediate: true}\ntimezone:")
    project.write(MORE.replace("{at: 2026-12-18T16:00}", "{now: true}"), "more/party.yaml")
    project.write(
        MORE.replace("{at: 2026-12-18T16:00}", "{now: true}").replace("party", "alarm"),
        "more/alarm.yaml",
    )
    assert "alarm would be refused" in of_rules(project.since())
    assert "would be refused" not in of_rules(project.since("main", "--allow-immediate"))


def test_a_danger_window_that_the_base_would_mind_is_told(project: Tracked) -> None:
    project.replace("pushctl.yaml", "timezone:", "policy: {danger_window: 1s}\ntimezone:")
    project.write(MORE.replace("2026-12-18T16:00", "2026-12-01T09:05"), "more/party.yaml")
    project.commit()
    ok(project.run("apply", "--yes"))
    project.replace("pushctl.yaml", "danger_window: 1s", "danger_window: 10m")
    project.commit()
    project.replace("pushctl.yaml", "danger_window: 10m", "danger_window: 1s")
    project.replace("more/party.yaml", "In the kitchen", "On the roof")
    assert "party would be refused" in of_rules(project.since("branch"))


# --- files that are left out ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("more/party.yaml.bak", MORE),
        ("more/.party.yaml", MORE),
        ("attic/party.yaml", MORE.replace("In the kitchen", "On the roof")),
        ("attic/other.yml", "# kept\n" + MORE),
    ],
)
def test_a_file_that_no_include_fits_any_more(project: Tracked, name: str, text: str) -> None:
    project.replace("pushctl.yaml", "more/*.yaml", '"more/[a-z]*.yaml"')
    project.commit()
    (project.folder / "more/party.yaml").unlink()
    project.write(text, name)
    ran = ok(project.since("branch"))
    assert causes(ran) == {"party": "afar"}
    (found,) = told(ran)
    assert (found["code"], found["severity"], found["push"]) == ("PSH615", "warning", "party")
    assert f"party is gone, and stands in {name}:" in found["detail"]


def test_a_push_that_is_taken_out_is_only_edited(project: Tracked) -> None:
    (project.folder / "more/party.yaml").unlink()
    project.write(MORE.replace("party", "feast"), "attic/feast.yaml")
    assert causes(ok(project.since())) == {"party": "edited"}
