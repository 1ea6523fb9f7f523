"""The pages of the documentation as topics."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pushctl.cli.commands.help import topics
from pushctl.cli.registry import COMMANDS

ROOT = Path(__file__).parents[5]


def test_topics_are_the_pages_of_the_first_page_in_its_order() -> None:
    names = topics.names()
    assert names[:2] == ["start", "install"]
    files = {*ROOT.glob("docs/*.md"), *ROOT.glob("docs/state/*.md"), *ROOT.glob("docs/zh/*.md")}
    pages = {path.relative_to(ROOT / "docs").as_posix()[:-3] for path in files}
    assert sorted(names) == sorted(pages - {"index", "example-plan", "zh/example-plan"})


@pytest.mark.parametrize("name", topics.names())
def test_no_page_sends_a_terminal_to_a_file(name: str) -> None:
    assert not re.search(r"\]\(|\.md\)", topics.page(name))


def test_links_name_a_topic_from_wherever_they_stand() -> None:
    assert "CI (`pushctl help ci`)" in topics.page("recovery")
    assert "(`pushctl help state/http`)" in topics.page("state")
    assert "JSON (`pushctl help json`)" in topics.page("state/moving")


def said_to_users(docstring: re.Match[str]) -> str:
    """Leave out docstrings, but for what `pushctl help` is named in: those of commands are read."""
    return docstring.group() if "pushctl help" in docstring.group() else ""


def test_whatever_names_a_topic_or_a_command_names_one_that_exists() -> None:
    known = {*topics.names(), *COMMANDS, "TOPIC", "COMMAND"}
    named = {}
    folders = (ROOT / "pushctl", ROOT / "schemas", ROOT / ".github" / "actions")
    for path in (path for folder in folders for path in folder.rglob("*")):
        if "earlier" in path.parts:  # as it was written then
            continue
        if path.suffix in {".py", ".toml", ".yml", ".yaml", ".json"} and path.parent.name != "help":
            text = re.sub(r'""".*?"""', said_to_users, path.read_text("utf-8"), flags=re.S)
            named.update(dict.fromkeys(re.findall(r"pushctl help ([\w/-]+)", text), path.name))
            assert not re.search(r"docs/[a-z/-]+\.md", text), path
    assert {"ci", "state", "editors"} <= set(named)
    assert {topic: place for topic, place in named.items() if topic not in known} == {}
