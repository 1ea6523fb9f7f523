from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.manifest.resolved import Reading
from tests.unit.manifest.project import HEAD, PUSH, codes, project

WEEKLY = '    schedule: {every: [mon], at: "20:00"}\n    to: {users: [user1]}\n'


def clean(reading: Reading) -> Reading:
    assert reading.diagnostics == ()
    return reading


def test_defaults_lie_under_every_push_and_null_takes_them_away(tmp_path: Path) -> None:
    text = (
        HEAD
        + "defaults:\n  owner: crm@acme.example\n  expires_after: 4h\n"
        + "  vendors: {vivo: {class: operational}, oppo: {level: bar}}\n"
        + "pushes:\n  a:\n"
        + PUSH
        + "    expires_after: 90\n    vendors: {vivo: {category: im}, oppo: null}\n"
        + "    owner: null\n"
    )
    (push,) = clean(project(tmp_path, {"pushctl.yaml": text})).pushes
    assert push.entry.expires_after == 90
    assert push.entry.owner is None
    assert push.entry.vendors.vivo.class_ == "operational"
    assert push.entry.vendors.vivo.category == "im"
    assert push.entry.vendors.oppo.level is None
    assert push.locate("vendors", "vivo", "class").start.line == 7
    assert push.locate("vendors", "vivo", "category").start.line == 14
    assert push.locate("expires_after").start.line == 13
    assert push.locate("message", "nothing").start.line == 12
    assert push.source.start.line == 9
    assert push.locate() == push.source


def test_app_values_may_be_variables_of_the_environment(tmp_path: Path) -> None:
    text = (
        "version: 1\nvars: {ws: prod}\napp: {id: X, workspace: '${ws}'}\ntimezone: UTC\n"
        "environments: {staging: {vars: {ws: test}, app: {quota: {limit: 20}}}}\npushes: {}\n"
    )
    reading = clean(project(tmp_path, {"pushctl.yaml": text}))
    assert reading.manifest is not None
    assert reading.manifest.app.workspace == "prod"
    staged = clean(project(tmp_path, {}, env="staging"))
    assert staged.manifest is not None
    assert (staged.manifest.app.workspace, staged.manifest.app.quota.limit) == ("test", 20)
    where = staged.locate("app", "quota", "limit")
    assert where is not None
    assert (where.start.line, where.start.column) == (5, 65)


def test_an_environment_may_keep_its_state_elsewhere(tmp_path: Path) -> None:
    text = HEAD + "state: https://one.example/s\nenvironments:\n  a: {}\n  b: {state: gitlab:b}\n"
    for env, address in (("a", "https://one.example/s"), ("b", "gitlab:b")):
        reading = project(tmp_path, {"pushctl.yaml": text}, env=env)
        assert reading.manifest is not None
        assert reading.manifest.state == address


def test_for_each_makes_one_push_for_each_key(tmp_path: Path) -> None:
    text = (
        HEAD
        + "vars: {brand: Acme}\npushes:\n  deal:\n    for_each:\n"
        + '      zh-CN: {title: "${brand} 今日", ttl: 90, who: [a, b]}\n'
        + "      en-US: {title: Deal, ttl: 1h, who: [c]}\n"
        + '    schedule: {every: day, at: "19:00"}\n'
        + '    to: {users: "${each.value.who}"}\n'
        + '    message: {title: "${each.value.title}", body: "${each.key}"}\n'
        + '    expires_after: "${each.value.ttl}"\n'
        + "  region:\n    for_each: [north, south]\n"
        + '    schedule: {every: day, at: "19:00"}\n'
        + '    to: {users: ["${each.key}-desk"]}\n'
        + '    message: {title: "${each.value}", body: Report}\n'
    )
    pushes = {push.id: push for push in clean(project(tmp_path, {"pushctl.yaml": text})).pushes}
    assert list(pushes) == ["deal[zh-CN]", "deal[en-US]", "region[north]", "region[south]"]
    assert pushes["deal[zh-CN]"].entry.message.title == "Acme 今日"
    assert pushes["deal[zh-CN]"].entry.expires_after == 90
    assert pushes["deal[en-US]"].entry.expires_after == 3600
    assert pushes["deal[zh-CN]"].targets == ("a", "b")
    assert pushes["region[south]"].targets == ("south-desk",)
    assert pushes["region[south]"].entry.message.title == "south"
    assert pushes["deal[en-US]"].source.start.line == 6


def test_environment_patches_pushes_over_everything(tmp_path: Path) -> None:
    text = (
        HEAD
        + "defaults: {owner: a, expires_after: 1h}\n"
        + "environments:\n  staging:\n    defaults: {owner: b}\n    timezone: UTC\n    pushes:\n"
        + "      x: {to: {users: [tester]}, expires_after: null}\n      y: null\n"
        + '      z: {schedule: {every: day, at: "01:00"}, to: {ios: [t]},\n'
        + "          message: {title: a, body: b}}\n"
        + "pushes:\n  x:\n"
        + '    schedule: {every: day, at: "09:00"}\n    to: {users_from: missing.csv}\n'
        + "    message: {title: T, body: B}\n  y:\n"
        + PUSH
    )
    plain = project(tmp_path, {"pushctl.yaml": text})
    assert codes(plain) == ["PSH107"]
    staged = clean(project(tmp_path, {}, env="staging"))
    assert [(push.id, push.entry.owner, push.targets) for push in staged.pushes] == [
        ("x", "b", ("tester",)),
        ("z", "b", ("t",)),
    ]
    assert staged.pushes[0].entry.expires_after is None
    assert staged.pushes[0].locate("to").start.line == 10
    assert staged.pushes[0].locate("owner").start.line == 7
    assert staged.manifest is not None
    assert staged.manifest.timezone == "UTC"


def test_environment_keeps_only_the_labelled(tmp_path: Path) -> None:
    text = (
        HEAD
        + "defaults: {labels: {stage: pilot}}\n"
        + "environments: {pilot: {only: {labels: {stage: pilot}}}}\n"
        + "moved: [{from: gone, to: b}]\n"
        + "pushes:\n  a:\n"
        + PUSH
        + "  b:\n"
        + PUSH
        + "    labels: {stage: general}\n"
    )
    assert len(clean(project(tmp_path, {"pushctl.yaml": text})).pushes) == 2
    assert [push.id for push in clean(project(tmp_path, {}, env="pilot")).pushes] == ["a"]


def test_environment_may_have_a_file_of_its_own(tmp_path: Path) -> None:
    files = {
        "pushctl.yaml": HEAD
        + "environments: {staging: {app: {workspace: a, tenant: T}}}\npushes: {}\n",
        "environments/staging.yaml": "app: {workspace: b}\n",
        "environments/pilot.yaml": "app: {workspace: c, region: [x]}\n",
    }
    staged = clean(project(tmp_path, files, env="staging"))
    assert staged.manifest is not None
    assert (staged.manifest.app.workspace, staged.manifest.app.tenant) == ("b", "T")
    assert staged.files == ("environments/staging.yaml", "pushctl.yaml")
    pilot = project(tmp_path, {}, env="pilot")
    assert [item.range.filename for item in pilot.diagnostics if item.range] == [
        "environments/pilot.yaml"
    ]
    (unknown,) = project(tmp_path, {}, env="stagign").diagnostics
    assert unknown.code == "PSH116"
    assert unknown.fix is not None
    assert "staging" in unknown.fix
    assert "pilot" in unknown.fix


def test_included_files_have_defaults_and_variables_of_their_own(tmp_path: Path) -> None:
    files = {
        "pushctl.yaml": HEAD
        + "vars: {brand: Acme, tone: nice}\ndefaults: {owner: root, expires_after: 1h}\n"
        + "include: [teams/*.yaml]\npushes:\n  a:\n"
        + WEEKLY
        + '    message: {title: "${brand} ${tone}", body: b}\n',
        "teams/x.yaml": "vars: {brand: Team}\ndefaults: {owner: team}\npushes:\n  b:\n"
        + WEEKLY
        + '    message: {title: "${brand} ${tone}", body: b}\n',
        "teams/y.yaml": "include: [../more/z.yaml]\n",
        "more/z.yaml": "pushes:\n  c:\n" + PUSH + "moved: [{from: d, to: c}]\n",
    }
    reading = clean(project(tmp_path, files))
    facts = [
        (p.id, p.entry.owner, p.entry.message.title, p.source.filename) for p in reading.pushes
    ]
    assert facts == [
        ("a", "root", "Acme nice", "pushctl.yaml"),
        ("b", "team", "Team nice", "teams/x.yaml"),
        ("c", "root", "Hello", "more/z.yaml"),
    ]
    assert reading.pushes[1].locate("owner").filename == "teams/x.yaml"
    assert reading.pushes[1].locate("expires_after").filename == "pushctl.yaml"
    assert reading.manifest is not None
    assert [(item.from_, item.to) for item in reading.manifest.moved] == [("d", "c")]
    assert set(reading.files) == set(files)


def test_broken_parts_do_not_hide_the_others(tmp_path: Path) -> None:
    files = {
        "pushctl.yaml": HEAD
        + "include: [a.yaml, b.yaml]\npushes:\n  x:\n"
        + PUSH
        + "    via: mpss\n",
        "a.yaml": "pushes:\n  y: [\n",
        "b.yaml": "pushes:\n  z:\n" + PUSH + "    owner: 5\n  ok:\n" + PUSH,
    }
    reading = project(tmp_path, files)
    assert codes(reading) == ["PSH100", "PSH110", "PSH112"]
    assert [push.id for push in reading.pushes] == ["ok"]
    assert reading.manifest is not None


def test_the_number_of_pushes_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pushctl.manifest.resolve.resolver.MAX_PUSHES", 10)
    text = (
        HEAD + f"pushes:\n  p:\n    for_each: [{', '.join(f'k{at}' for at in range(20))}]\n" + PUSH
    )
    assert codes(project(tmp_path, {"pushctl.yaml": text})) == ["PSH108"]


EACH = """\
pushes:
  hello:
    for_each:
      cn: {zone: Asia/Shanghai, wait: 1h}
      de: {zone: Europe/Berlin, wait: 1x}
    schedule: {at: 2026-12-24T20:00, timezone: "${each.value.zone}"}
    to: {users: [user1]}
    expires_after: ${each.value.wait} # as long as it is told
    message: {title: "${ each.key }", body: "At ${each.value.zone}, ${hour}"}
vars: {hour: 1h}
"""


def test_what_an_instance_has_of_its_own_is_found_there(tmp_path: Path) -> None:
    reading = project(tmp_path, {"pushctl.yaml": HEAD + EACH})
    (found,) = reading.diagnostics
    assert (found.push, found.range and found.range.start.line) == ("hello[de]", 8)
    (push,) = reading.pushes
    assert push.id == "hello[cn]"
    lines = (HEAD + EACH).splitlines()
    for path, text in (
        (("schedule", "timezone"), "Asia/Shanghai"),
        (("expires_after",), "1h"),
        (("message", "title"), "cn"),
        (("message", "body"), '"At'),
    ):
        start = push.locate(*path).start
        assert lines[start.line - 1][start.column - 1 :].startswith(text)
    assert push.provenance.locate_key("expires_after").start.line == 11


def test_items_of_a_list_are_found_there(tmp_path: Path) -> None:
    text = HEAD + EACH.replace("each.value.zone", "each.value").replace("${each.value.wait}", "1h")
    head, _, tail = text.partition("      cn:")
    text = f"{head}      - Asia/Shanghai\n      - Nowhere\n{tail[tail.index('    schedule') :]}"
    reading = project(tmp_path, {"pushctl.yaml": text})
    lines = [push.locate("schedule", "timezone").start.line for push in reading.pushes]
    assert lines == [7, 8]
