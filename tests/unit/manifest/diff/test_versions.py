"""Which entries differ between two folders, and where the edits stand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pushctl.manifest.diff.versions import Version, compare, differing
from pushctl.manifest.files.reader import Files
from pushctl.manifest.read import read_manifest

HEAD = """\
version: 1
app: {id: ONEX0000000000000, workspace: test}
timezone: Asia/Shanghai
vars:
  shop: Acme
  unrelated: x
  other: y
defaults:
  expires_after: 4h
include: [more/*.yaml]
environments:
  pilot: {defaults: {expires_after: 3h}}
  other: {defaults: {expires_after: 2h}}
pushes:
  first:
    schedule: {at: 2026-12-24T20:00}
    to: {users: [u1]}
    message: {title: First, body: "Hello from ${shop}"}
  second:
    schedule: {at: 2026-12-24T21:00}
    to: {users: [u1]}
    message: {title: Second, body: Plain}
    expires_after: 1h
"""
MORE = """\
defaults: {message: {extras: {source: a}}}
pushes:
  third:
    schedule: {at: 2026-12-24T22:00}
    to: {users: [u1]}
    message: {title: Third, body: Plain}
"""
BASE = {"pushctl.yaml": HEAD, "more/third.yaml": MORE}


def version(folder: Path, files: Mapping[str, str], env: str | None) -> Version:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    reading = read_manifest(folder, environment=env)
    assert not [item for item in reading.diagnostics if item.severity == "error"]
    return Version(reading, Files(folder), env)


def found(
    tmp_path: Path,
    *edits: tuple[str, str],
    base: Mapping[str, str] = BASE,
    head: Mapping[str, str] | None = None,
    env: str | None = None,
) -> dict[str, list[str]]:
    """Compare a manifest with one in which some texts are replaced; `~` marks only indentation."""
    files = dict(base if head is None else head)
    for before, after in edits:
        assert any(before in text for text in files.values())
        files = {name: text.replace(before, after, 1) for name, text in files.items()}
    diff = compare(version(tmp_path / "was", base, env), version(tmp_path / "now", files, env))
    return {
        id: [f"{line} {line.part}".rstrip() for line in entry.lines] + ["~"] * entry.indented
        for id, entry in sorted(diff.entries.items())
    }


@pytest.mark.parametrize(
    ("before", "after", "paths"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, [("a", "c")]),
        ({"a": {"b": 1}}, {"a": None}, [("a",)]),
        ({}, {"a": None}, [("a",)]),
        ({}, {"a": {"b": 1, "c": {}}}, [("a", "b"), ("a", "c")]),
        ({"a": [1, 2]}, {"a": [1]}, [("a",)]),
    ],
)
def test_maps_differ_in_single_values(before: Any, after: Any, paths: list[Any]) -> None:
    assert list(differing(before, after)) == paths


@pytest.mark.parametrize(
    ("name", "creates", "lines"),
    [
        ("policy.yaml", 5, []),
        ("policy.yaml", 6, ["policy.yaml:1 policy"]),
        (
            "new.yaml",
            5,
            ["new.yaml:1 policy", "policy.yaml:1, gone policy", "pushctl.yaml:1 extends"],
        ),
    ],
)
def test_a_shared_policy_is_one_of_the_settings(
    tmp_path: Path, name: str, creates: int, lines: list[str]
) -> None:
    was, now = (
        version(
            tmp_path / file.replace(".", f"{most}."),
            {
                "pushctl.yaml": f"extends: {file}\n{HEAD}",
                file: f"policy: {{max_creates: {most}}}\n",
            },
            None,
        )
        for file, most in (("policy.yaml", 5), (name, creates))
    )
    assert [f"{line} {line.part}" for line in compare(was, now).settings] == lines


def test_the_same_written_otherwise_is_no_difference(tmp_path: Path) -> None:
    edit = (
        "{title: Second, body: Plain}",
        "\n      # as before\n      body: Plain\n      title: Second",
    )
    assert found(tmp_path, edit, ("Hello from ${shop}", "Hello from Acme")) == {}


def test_the_value_of_an_entry_counts_before_what_it_covers(tmp_path: Path) -> None:
    edits = (("expires_after: 4h", "expires_after: 5h"), ("expires_after: 1h", "expires_after: 6h"))
    assert found(tmp_path, *edits) == {
        "first": ["pushctl.yaml:9 defaults"],
        "second": ["pushctl.yaml:23"],
        "third": ["pushctl.yaml:9 defaults"],
    }


def test_a_null_takes_a_default_away(tmp_path: Path) -> None:
    edit = ("body: Plain}\n    expires_after: 1h", "body: Plain}\n    expires_after:")
    assert found(tmp_path, edit) == {"second": ["pushctl.yaml:23"]}


def test_only_variables_that_are_mentioned_count(tmp_path: Path) -> None:
    edits = (("shop: Acme", "shop: Apex"), ("unrelated: x", "unrelated: y"))
    assert found(tmp_path, *edits) == {"first": ["pushctl.yaml:5 vars.shop"]}


def test_an_edit_beside_does_not_hide_a_variable(tmp_path: Path) -> None:
    edits = (("shop: Acme", "shop: Apex"), ("title: First", "title: One"))
    assert found(tmp_path, *edits) == {"first": ["pushctl.yaml:5 vars.shop", "pushctl.yaml:18"]}


def test_defaults_of_a_file_are_only_for_its_entries(tmp_path: Path) -> None:
    edit = ("source: a", "source: b")
    assert found(tmp_path, edit) == {"third": ["more/third.yaml:1 defaults"]}


@pytest.mark.parametrize(("env", "count"), [("pilot", 2), ("other", 0), (None, 0)])
def test_only_the_chosen_environment_counts(tmp_path: Path, env: str | None, count: int) -> None:
    edit = ("pilot: {defaults: {expires_after: 3h}", "pilot: {defaults: {expires_after: 7h}")
    lines = [["pushctl.yaml:12 environments.pilot.defaults"]] * count
    assert list(found(tmp_path, edit, env=env).values()) == lines


def test_an_environment_in_a_file_of_its_own(tmp_path: Path) -> None:
    base = {**BASE, "environments/pilot.yaml": "pushes: {first: {message: {title: A}}}\n"}
    edit = ("{title: A}", "{title: B}")
    assert found(tmp_path, edit, base=base, env="pilot") == {"first": ["environments/pilot.yaml:1"]}
    taken = ("{first: {message: {title: A}}}", "{first: null}")
    assert found(tmp_path, taken, base=base, env="pilot") == {
        "first": ["environments/pilot.yaml:1"]
    }


def test_an_entry_that_moves_and_changes_is_named_where_it_is(tmp_path: Path) -> None:
    head = {"pushctl.yaml": HEAD, "more/other.yaml": MORE.replace("Third", "Last")}
    assert found(tmp_path, head=head) == {"third": ["more/other.yaml:6", "more/third.yaml:6, gone"]}


def test_what_no_edit_accounts_for_has_no_lines(tmp_path: Path) -> None:
    base = version(tmp_path, BASE, None)
    first, *others = base.reading.pushes
    changed = replace(first, entry=first.entry.replace(expires_after=1))
    head = replace(base, reading=replace(base.reading, pushes=(changed, *others)))
    assert {id: item.lines for id, item in compare(base, head).entries.items()} == {"first": ()}


# --- only indentation -----------------------------------------------------------------------------

SECOND = HEAD[HEAD.index("  second:") :]
TEXT = HEAD.replace(
    '{title: First, body: "Hello from ${shop}"}',
    "\n      title: First\n      body: |\n        Hello",
)


def indented(text: str, by: int) -> str:
    return "".join(" " * by + line for line in text.splitlines(keepends=True))


def test_an_entry_that_slips_into_a_text_is_only_indented(tmp_path: Path) -> None:
    head = {**BASE, "pushctl.yaml": TEXT.replace(SECOND, indented(SECOND, 6))}
    base = {**BASE, "pushctl.yaml": TEXT}
    slipped = found(tmp_path, base=base, head=head)
    assert slipped["second"] == ["pushctl.yaml:22, gone", "~"]
    assert slipped["first"] == ["pushctl.yaml:20", "~"]


@pytest.mark.parametrize("slip", ["          - u2", "      - u1\n        - u2"])
def test_an_item_of_a_list_that_slips_is_only_indented(tmp_path: Path, slip: str) -> None:
    listed = HEAD.replace("to: {users: [u1]}", "to:\n      users:\n        - u1\n        - u2", 1)
    head = listed.replace("        - u1\n" * ("u1" in slip) + "        - u2", slip)
    files = [{**BASE, "pushctl.yaml": text} for text in (listed, head)]
    assert found(tmp_path, base=files[0], head=files[1]) == {"first": ["pushctl.yaml:18", "~"]}


def test_a_slip_is_found_beside_other_edits(tmp_path: Path) -> None:
    head = {**BASE, "pushctl.yaml": TEXT.replace(SECOND, indented(SECOND, 6))}
    edits = (("shop: Acme", "shop: Apex"), ("title: First", "title: One"))
    assert "~" in found(tmp_path, *edits, base={**BASE, "pushctl.yaml": TEXT}, head=head)["second"]


def test_a_field_that_moves_to_another_entry_is_not_only_indented(tmp_path: Path) -> None:
    edits = (
        ("    expires_after: 1h\n", ""),
        ('body: "Hello from ${shop}"}\n', 'body: "Hello from ${shop}"}\n    expires_after: 1h\n'),
    )
    assert found(tmp_path, *edits) == {
        "first": ["pushctl.yaml:19"],
        "second": ["pushctl.yaml:23, gone"],
    }


# --- entries that come and go ---------------------------------------------------------------------


def test_an_entry_that_is_still_written_was_deselected(tmp_path: Path) -> None:
    assert found(tmp_path, ("include: [more/*.yaml]\n", "")) == {
        "third": ["pushctl.yaml:10, gone include"]
    }
    edit = ("include: [more/*.yaml]", "include: []")
    other = ("title: Third", "title: Last")
    assert found(tmp_path, edit, other) == {"third": ["pushctl.yaml:10 include"]}


def test_a_file_that_is_left_out_still_names_its_entry(tmp_path: Path) -> None:
    head = {"pushctl.yaml": HEAD, "attic/third.yaml": MORE.replace("Plain", "Other")}
    assert found(tmp_path, head=head) == {"third": ["attic/third.yaml:3 not included"]}


def test_what_is_not_written_any_more_is_gone(tmp_path: Path) -> None:
    head = {"pushctl.yaml": HEAD, "attic/fourth.yaml": MORE.replace("third", "fourth")}
    assert found(tmp_path, head=head) == {"third": ["more/third.yaml:3, gone"]}
