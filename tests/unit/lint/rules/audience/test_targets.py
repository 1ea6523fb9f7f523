"""Targets that look wrong, and what may be said of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.lint.context import project
from pushctl.lint.runner import findings
from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.read import read_manifest
from tests.unit.lint.manifests import APP, HEAD, NOW, entry, found, manifest, one, only

HASHED = "app: {id: ONEX0000000000000, workspace: test, targets: hashed}\n"


WHEN = "at: 2026-12-24T20:00"


def to(*targets: str, kind: str = "users") -> str:
    return f"{{{kind}: [" + ", ".join(f"'{target}'" for target in targets) + "]}"


@pytest.mark.parametrize(
    ("kind", "target", "severity"),
    [
        ("users", "user1024", None),
        ("users", "0042", None),
        ("users", "13812345678", "warning"),
        ("users", "23812345678", None),
        ("users", "138123456789", None),
        ("users", "+4915112345678", "error"),
        ("users", "+86 138-1234-5678", "error"),
        ("users", "anna@acme.example", "error"),
        ("users", "anna@team", None),
        ("users", "user 1024", "warning"),
        ("users", "user1024，user1025", "warning"),
        ("users", "user1024,user1025", "warning"),
        ("users", "user1024;user1025", "warning"),
        ("users", "auth0|5f7c8ec7", None),
        ("users", "用户", None),
        ("ios", "0123456789abcdef" * 4, None),
        ("ios", "0123456789abcdef" * 3, "warning"),
        ("ios", "0123456789abcdeg" * 4, "warning"),
        ("android", "0123456789abcdef", None),
        ("harmony", "a token", "warning"),
    ],
)
def test_what_looks_wrong(kind: str, target: str, severity: str | None, tmp_path: Path) -> None:
    items = found(tmp_path, manifest(entry("push", WHEN, to=to(target, kind=kind))))
    expected = [] if severity is None else [severity]
    assert [item.severity for item in only(items, "PSH506")] == expected


def test_a_persons_address_is_not_repeated(tmp_path: Path) -> None:
    targets = to("u1", "anna@acme.example", "ben@acme.example", "+4915112345678")
    items = only(found(tmp_path, manifest(entry("push", WHEN, to=targets))), "PSH506")
    assert [item.detail for item in items] == [
        '"ann********" in `to.users` is an e-mail address. 1 more of them is like that.',
        '"+49********" in `to.users` is a telephone number.',
    ]
    assert items[0].range is not None
    assert items[0].range.start.column == 24
    assert items[0].snippet == ""  # nor is the line shown


def test_in_a_file_the_file_is_named(tmp_path: Path) -> None:
    files = {"all.txt": "u1\nanna@acme.example\n"}
    text = manifest(entry("push", WHEN, to="{users_from: all.txt}"))
    item = one(found(tmp_path, text, files=files), "PSH506")
    assert "in `to.users_from`" in item.detail
    assert item.range is not None
    assert (item.range.filename, item.range.start.line) == ("pushctl.yaml", 8)


OWN = "policy: {targets: {users: 'test-[0-9]+'}, suppressed: out.txt}\n"


def test_targets_of_another_workspace(tmp_path: Path) -> None:
    text = manifest(
        entry("push", WHEN, to=to("test-1", "u-1", "test-2x", "test-3")),
        entry("other", WHEN, to=to("anything", kind="android")),
        head=OWN,
    )
    items = only(found(tmp_path, text, files={"out.txt": "nobody\n"}), "PSH507")
    (item,) = items
    assert item.detail.startswith('"u-1" in `to.users` does not look like the users of this app')
    assert item.detail.endswith("1 more of them is like that.")


def test_only_marketing_minds_who_wants_none(tmp_path: Path) -> None:
    text = manifest(
        entry("sale", WHEN, to=to("test-1", "test-2"), marketing=True),
        entry("parcel", WHEN, to=to("test-1", "test-2")),
        head=OWN,
    )
    items = only(found(tmp_path, text, files={"out.txt": "test-2\ntest-9\n"}), "PSH509")
    assert [item.push for item in items] == ["sale"]
    assert '"test-2" in `to.users` wants no marketing' in items[0].detail


def test_a_list_of_nobody_is_fine(tmp_path: Path) -> None:
    text = manifest(entry("sale", WHEN, to=to("test-1"), marketing=True), head=OWN)
    assert only(found(tmp_path, text, files={"out.txt": "# nobody\n"}), "PSH509") == []


@pytest.mark.parametrize(
    ("kind", "content", "refused"),
    [
        ("users", "user_id\ntest-9\n", False),
        ("users", "test-9\n", False),
        ("android", "user_id\ntest-9\n", True),
        ("android", "user_id,device_id\ntest-9,test-8\n", False),
        ("users", "device_id,x\ntest-9,y\n", True),
        ("users", "ann@b.example\nben@c.example\n", True),
        ("users", "13800000001\n", True),
        ("users", "u7\ntest-9\n", False),  # of several forms nothing can be said
        ("users", "somebody\n", False),
    ],
)
def test_a_list_of_others_says_nothing_about_these(
    kind: str, content: str, refused: bool, tmp_path: Path
) -> None:
    text = manifest(
        entry("sale", WHEN, to=to("test-1", "test-2", kind=kind), marketing=True),
        entry("parcel", WHEN, to=to("test-1", kind=kind)),
        entry("device", WHEN, to=to("test-1", kind="android")),
        head="policy: {suppressed: out.csv}\n",
    )
    items = only(found(tmp_path, text, files={"out.csv": content}), "PSH509", "PSH516")
    assert [(item.code, item.push) for item in items] == [("PSH516", "sale")] * refused


def test_an_audience_that_cannot_be_read_is_nobody_to_look_at(tmp_path: Path) -> None:
    push = entry("sale", WHEN, to="{android_from: a.csv}", marketing=True)
    files = {"pushctl.yaml": HEAD + APP + manifest(push, head="policy: {suppressed: o.csv}\n")}
    for name, text in {**files, "a.csv": "NULL\n", "o.csv": "user_id\nu1\n"}.items():
        (tmp_path / name).write_text(text, "utf-8")
    reading = read_manifest(tmp_path)
    made = project(reading, compile_manifest(reading, now=NOW), now=NOW)
    assert made is not None
    assert reading.not_suppressed == {"android"}
    assert only(list(findings(made, reading)), "PSH516") == []


def test_where_targets_are_hashed_nobody_is_named(tmp_path: Path) -> None:
    people = ["anna@acme.example", "13812345678", "user 17", "u-8841", "test-2"]
    text = manifest(
        entry("one", WHEN, to=to(*people), marketing=True),
        entry("two", WHEN, to=to(*people), marketing=True),
        entry("three", WHEN, to=to(*people), marketing=True),
        head=HASHED + OWN,
    )
    items = found(tmp_path, text, files={"out.txt": "test-2\n"})
    assert {"PSH501", "PSH502", "PSH506", "PSH507", "PSH509"} <= {item.code for item in items}
    said = "".join(f"{item.detail}{item.fix}{item.snippet}" for item in items)
    assert [name for name in (*people, "ann*", "138*") if name in said] == []
    assert "h:" in said
