"""What the documents say is what the program does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from pushctl.cli.global_options import OptionBehind
from pushctl.cli.main import cli
from pushctl.cli.registry import COMMANDS
from pushctl.errors import ExitCode
from tests.acceptance.cli import Here

ROOT = Path(__file__).parents[2]


def context() -> click.Context:
    return click.Context(cli)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_list_of_commands_says_what_the_commands_say(name: str) -> None:
    command = cli.get_command(context(), name)
    assert command is not None
    assert command.name == name
    assert command.get_short_help_str(limit=100) == COMMANDS[name][1]
    assert command.help


def test_every_promised_command_is_there() -> None:
    promised = {
        "init",
        "validate",
        "plan",
        "apply",
        "drift",
        "status",
        "when",
        "calendar",
        "adopt",
        "state",
        "schema",
        "sandbox",
        "completion",
        "stop",
        "resume",
        "doctor",
    }
    assert promised <= set(COMMANDS)
    state = cli.get_command(context(), "state")
    assert isinstance(state, click.Group)
    surgery = {"list", "show", "mv", "rm", "resolve", "unlock", "restore", "rebuild", "history"}
    assert surgery <= set(state.commands)


def commands() -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name in COMMANDS:
        command = cli.get_command(context(), name)
        assert command is not None
        found.append((name, command))
    for name, command in found:  # which grows meanwhile
        if isinstance(command, click.Group):
            found += [(f"{name} {sub}", item) for sub, item in command.commands.items()]
    return found


@pytest.mark.parametrize(("name", "command"), commands())
def test_every_option_has_help_and_an_environment_variable(
    name: str, command: click.Command
) -> None:
    for parameter in (*command.params, *cli.params):
        if isinstance(parameter, OptionBehind):
            continue
        if isinstance(parameter, click.Option) and "--version" not in parameter.opts:
            assert parameter.help, f"{name} {parameter.opts}"
            if parameter.opts != ["--json"] or name != "version":
                assert str(parameter.envvar).startswith("PUSHCTL_"), f"{name} {parameter.opts}"


def typed() -> list[tuple[str, str]]:
    """Everything that a page tells people to type, with the name of the page."""
    found = []
    for page in (*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md")):
        text = page.read_text("utf-8")
        found += [(page.name, words) for words in re.findall(r"`(pushctl [^`\n]+)`", text)]
        for block in re.findall(r"^```\n(.*?)^```", text, re.M | re.S):
            commands = re.findall(r"^(?:\$ )?(pushctl (?!plan ·|计划 ·)[^#\n]+)", block, re.M)
            found += [(page.name, words) for words in commands]
    return found


@pytest.mark.parametrize(("page", "words"), typed())
def test_what_people_are_told_to_type_exists(page: str, words: str) -> None:
    named = {"--help"}
    names = words.split()[1:]
    command: click.Command = cli
    while (
        names
        and isinstance(command, click.Group)
        and not names[0].startswith(("-", "COMMAND", "["))
    ):
        found = command.get_command(click.Context(command), names.pop(0))
        assert found is not None, f"{page}: {words}"
        command = found
    for item in (*cli.params, *command.params):
        named.update(item.opts)
    options = re.findall(r"(?<=[ (`])--?[a-z][a-z-]*", words)
    assert set(options) <= named, f"{page}: {words}"


@pytest.mark.parametrize("page_name", ["exit-codes.md", "zh/operate.md"])
def test_every_exit_code_has_its_row(page_name: str) -> None:
    page = (ROOT / "docs" / page_name).read_text("utf-8")
    listed = {int(row) for row in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)}
    assert listed == {int(code) for code in ExitCode}


def test_links_between_documents_lead_somewhere_and_none_leaves_the_site() -> None:
    for page in (*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md")):
        top = ROOT if page.parent == ROOT else ROOT / "docs"
        for target in re.findall(r"\]\((?!https?:)([^)#]+)[)#]", page.read_text("utf-8")):
            found = (page.parent / target).resolve()
            assert found.exists(), f"{page.name}: {target}"
            assert found.is_relative_to(top), f"{page.name}: {target}"


@pytest.mark.parametrize("name", ["start", "write"])
def test_manifests_of_the_first_pages_are_valid_without_a_finding(
    name: str, tmp_path: Path
) -> None:
    block = re.findall(r"```yaml\n(.*?)```", (ROOT / f"docs/{name}.md").read_text("utf-8"), re.S)[0]
    (tmp_path / "pushctl.yaml").write_text(block, "utf-8")
    ran = Here(tmp_path).run("validate")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("no findings.\n")


def test_the_first_five_minutes_are_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUSHCTL_YES", "1")
    page = (ROOT / "docs" / "start.md").read_text("utf-8")
    commands = re.findall(r"^pushctl (.*)$", page, re.M)
    ran = [Here(tmp_path).run(*command.split()) for command in commands]
    assert [done.code for done in ran] == [0] * 5
    assert re.search(r"^  \+ daily-hello .*\n      “Good morning” .*", page, re.M)[0] in ran[1].out
    assert "1 message arrived" in ran[3].out
    assert "Good morning" in ran[4].out


def test_schemas_are_json_and_describe_themselves() -> None:
    for path in (ROOT / "schemas").glob("*.json"):
        schema = json.loads(path.read_text("utf-8"))
        assert schema["$schema"].endswith("2020-12/schema")
        assert schema["$id"].startswith("https://pushctl.dev/schemas/")
        assert schema["description"]
