"""The language server as an editor meets it: a process that speaks JSON-RPC over its pipes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.cli import Here
from tests.acceptance.lsp.client import Client

HEAD = """\
version: 1
app: {id: ONEX570DA89211721, workspace: prod, endpoint: sandbox}
timezone: Asia/Shanghai
defaults: {owner: me, expires_after: 4h}
"""
GOOD = f"""\
{HEAD}
pushes:
  hello:
    labels: {{class: service}}
    schedule: {{every: [mon, wed], at: "09:45", timezone: America/New_York}}
    to: {{users: [user1024]}}
    message: {{title: "\U0001f600\U0001f600", body: It works.}}
"""
BAD = GOOD.replace("It works.", "x, styel: big-text")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    client = Client(tmp_path)
    yield client
    client.close()


def applied(text: str, edits: list[Any]) -> str:
    """Make edits as an editor does, which counts in UTF-16."""
    lines = text.encode("utf-16-le").split("\n".encode("utf-16-le"))

    def offset(place: dict[str, int]) -> int:
        return sum(len(line) + 2 for line in lines[: place["line"]]) + 2 * place["character"]

    raw = text.encode("utf-16-le")
    ordered = sorted(edits, key=lambda item: offset(item["range"]["start"]), reverse=True)
    for edit in ordered:
        start, end = offset(edit["range"]["start"]), offset(edit["range"]["end"])
        raw = raw[:start] + edit["newText"].encode("utf-16-le") + raw[end:]
    return raw.decode("utf-16-le")


def test_findings_follow_the_unsaved_text(client: Client) -> None:
    (client.folder / "pushctl.yaml").write_text(GOOD)
    client.open(BAD)
    (found,) = client.diagnostics()
    assert found["code"] == "PSH104"
    assert found["severity"] == 1
    assert found["message"].endswith("fix: write `style`")
    line = BAD.split("\n")[found["range"]["start"]["line"]]
    units = line.encode("utf-16-le")
    start, end = (2 * found["range"][side]["character"] for side in ("start", "end"))
    assert units[start:end].decode("utf-16-le") == "styel"
    client.change(GOOD)
    assert client.diagnostics() == []
    client.change(GOOD.replace("mon, wed]", "mon, wed"), version=3)
    assert [item["code"] for item in client.diagnostics()] == ["PSH100"]
    client.change(GOOD, version=4)
    assert client.diagnostics() == []
    assert client.leave() == 0


def test_what_is_typed_quickly_is_looked_at_once(client: Client) -> None:
    client.open(GOOD)
    assert client.diagnostics() == []
    for version in range(2, 40):
        client.change(GOOD + "x" * version, version=version)
    client.change(BAD, version=40)
    assert [item["code"] for item in client.diagnostics()] == ["PSH104"]
    assert client.hover(0, 0) is not None
    assert client.waiting() == 0
    assert client.leave() == 0


def test_findings_of_other_files_are_shown_there_and_taken_back(client: Client) -> None:
    (client.folder / "more.yaml").write_text("pushes: {other: {onwer: x}}\n")
    client.open(f"include: [more.yaml]\n{GOOD}")
    assert "PSH104" in [item["code"] for item in client.diagnostics("more.yaml")]
    assert client.diagnostics() == []
    client.open("pushes: {}\n", "more.yaml")
    assert client.diagnostics("more.yaml") == []
    client.tell("textDocument/didClose", {"textDocument": {"uri": client.uri("more.yaml")}})
    assert "PSH104" in [item["code"] for item in client.diagnostics("more.yaml")]


def test_the_pointer_tells_when_it_is_delivered(client: Client) -> None:
    client.open(GOOD)
    client.diagnostics()
    for line, column in ((6, 4), (8, 6), (8, 40)):
        shown = client.hover(line, column)
        assert shown is not None
        assert "hello: every Monday and Wednesday at 09:45 America/New_York" in shown
        assert "Wed 2 Dec 2026 09:45   Wed 2 Dec 2026 14:45" in shown
        assert shown.count(" Dec 2026 09:45 ") == 5
    assert client.hover(9, 20) is None
    shown = client.hover(10, 6)
    assert shown is not None
    assert shown.startswith("What people see.")
    client.change(GOOD + "x", version=3)
    client.diagnostics()
    assert client.hover(6, 4) is None


def test_a_quick_fix_mends_what_it_says(client: Client) -> None:
    client.open(BAD)
    (found,) = client.diagnostics()
    start = found["range"]["start"]
    fix, everything = client.actions(start["line"], start["character"])
    assert fix["title"] == "PSH104: write `style`"
    assert fix["kind"] == "quickfix"
    assert [item["code"] for item in fix["diagnostics"]] == ["PSH104"]
    assert applied(BAD, fix["edit"]["changes"][client.uri()]) == BAD.replace("styel", "style")
    assert everything["kind"] == "source.fixAll"
    assert [item["kind"] for item in client.actions(0, 0)] == ["source.fixAll"]
    assert client.actions(start["line"], start["character"], only=["refactor"]) == []
    assert client.actions(start["line"], start["character"], only=["source"]) == [everything]


def test_a_quick_fix_is_for_the_text_as_it_is_now(client: Client) -> None:
    client.open(BAD)
    client.diagnostics()
    moved = BAD.replace("version: 1\n", "version: 1\n# one more line \U0001f600\n\n")
    client.change(moved)
    (fix,) = client.actions(0, 0)
    assert applied(moved, fix["edit"]["changes"][client.uri()]) == moved.replace("styel", "style")


@pytest.mark.parametrize("units", [["utf-8"], ["utf-32", "utf-16"], ["utf-16"]])
def test_columns_are_what_both_sides_agreed_on(tmp_path: Path, units: list[str]) -> None:
    client = Client(tmp_path, units=units)
    try:
        agreed = client.server["capabilities"].get("positionEncoding", "utf-16")
        assert agreed in units
        client.open(BAD)
        (found,) = client.diagnostics()
        line = BAD.split("\n")[found["range"]["start"]["line"]]
        size = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[agreed]
        code = agreed if size == 1 else f"{agreed}-le"
        start, end = (size * found["range"][side]["character"] for side in ("start", "end"))
        assert line.encode(code)[start:end].decode(code) == "styel"
    finally:
        client.close()


def test_formatting_is_fmt(client: Client) -> None:
    text = GOOD.replace("    labels", "    to: {users: [x]}\n    labels").replace(
        "    to: {users: [user1024]}\n", ""
    )
    client.open(text)
    client.diagnostics()
    params = {
        "textDocument": {"uri": client.uri()},
        "options": {"tabSize": 2, "insertSpaces": True},
    }
    made = applied(text, client.ask("textDocument/formatting", params))
    here = Here(client.folder)
    here.write(text)
    assert here.run("fmt").code == 0
    assert made == (client.folder / "pushctl.yaml").read_text("utf-8")
    client.change(made)
    client.diagnostics()
    assert client.ask("textDocument/formatting", params) == []


def test_ids_are_proposed_where_they_are_meant(client: Client) -> None:
    text = f"moved:\n  - {{from: old, to: \n{GOOD}"
    client.open(text)
    client.diagnostics()
    assert client.ask("textDocument/completion", client.at(1, 20)) == []
    client.change(GOOD, version=2)
    client.diagnostics()
    client.change(text, version=3)
    client.diagnostics()
    # The text is broken while it is typed; the pushes are those of the last one that was not.
    found = client.ask("textDocument/completion", client.at(1, 20))
    assert [item["label"] for item in found] == ["hello"]
    closed = text.replace("to: \n", "to: h}\n")
    client.change(closed, version=4)
    client.diagnostics()
    (item,) = client.ask("textDocument/completion", client.at(1, 21))
    assert item["label"] == "hello"
    assert applied(closed, [item["textEdit"]]).split("\n")[1] == "  - {from: old, to: hello}"


def test_files_of_no_manifest_are_left_alone(client: Client) -> None:
    other = "on: {push: [x]}\n"
    client.open(other, "workflow.yaml")
    params = {"textDocument": {"uri": client.uri("workflow.yaml")}, "options": {}}
    params["options"] = {"tabSize": 2, "insertSpaces": True}
    assert client.ask("textDocument/formatting", params) == []
    assert client.actions(0, 0, "workflow.yaml") == []
    client.open(GOOD)
    assert client.diagnostics() == []
    assert client.ask("textDocument/formatting", params) == []
    assert client.waiting("workflow.yaml") == 0 or client.diagnostics("workflow.yaml") == []


def test_leaving_without_a_word_is_an_error(client: Client) -> None:
    client.tell("exit", None)
    assert client.process.wait(60) == 1


def test_a_closed_pipe_ends_it(client: Client) -> None:
    assert client.process.stdin is not None
    client.process.stdin.close()
    assert client.process.wait(60) == 1


def test_without_its_library_it_says_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pygls", None)
    monkeypatch.delitem(sys.modules, "pushctl.lsp.server", raising=False)
    ran = Here(tmp_path).run("lsp")
    assert ran.code == 1
    assert "pip install '.[lsp]'" in ran.err
