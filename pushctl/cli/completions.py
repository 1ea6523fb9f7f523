"""What a shell completes: commands and options from a file, values from the manifest's folder.

No command is imported and no manifest is read as a plan reads it: an answer has to come while
somebody types. What is not laid out as `fmt` does it may be left out.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import click
from click import shell_completion as shells
from click.shell_completion import CompletionItem

PACKAGE = Path(__file__).parents[1]
COMMANDS = Path(__file__).with_name("completions.json")
"""Every command with its options; `make golden` makes it from the commands themselves."""


class Place(NamedTuple):
    """Where a manifest is: its folder, its root file and its environment, empty if none."""

    folder: Path
    file: str
    env: str


def answer(instruction: str) -> int:
    """Write what a shell asks for, such as `bash_complete`; returns the exit code."""
    for kind in (shells.BashComplete, shells.FishComplete, shells.ZshComplete):
        shells.add_completion_class(type(kind.__name__, (_WithValues, kind), {}))
    return shells.shell_complete(commands(), {}, "pushctl", "_PUSHCTL_COMPLETE", instruction)


def commands() -> click.Command:
    """Return all commands, which can be completed and do nothing."""
    return _built("pushctl", json.loads(COMMANDS.read_text("utf-8")), [])


class _WithValues(shells.ShellComplete):
    """Completes `--target=sa` and `team=gro`, which bash takes apart at the sign and others not."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Return what the word may become, or the part of it that the shell replaces."""
        *args, word = re.sub("\0?=\0?", "=", "\0".join([*args, incomplete])).split("\0")
        before = word[: word.find("=") + 1] if word.startswith("-") else ""
        kept = 0 if word == incomplete else word.rfind("=") + 1
        found = super().get_completions(args, word)
        for item in found:
            if item.type == "plain" and not item.value.startswith("-"):
                item.value = (before + item.value)[kept:]
        return found


def _built(name: str, data: Mapping[str, Any], above: Sequence[click.Parameter]) -> click.Command:
    """Make a command of its description; it takes options from above, but for names of its own."""
    own = list(map(_parameter, data["params"]))
    taken = {name for item in own for name in (item.name, *item.opts)}
    params = [*own, *(item for item in above if taken.isdisjoint([item.name, *item.opts]))]
    about: Any = {"params": params, "short_help": data["help"], "hidden": "hidden" in data}
    if "commands" not in data:
        return click.Command(name, **about)
    inner = {word: _built(word, item, above or own) for word, item in data["commands"].items()}
    return click.Group(name, inner, **about)


def _parameter(data: dict[str, Any]) -> click.Parameter:
    """Make an option or an argument of its description; its names come first."""
    names, values, choices = data.pop("names"), data.pop("values", ""), data.pop("choices", None)
    found = _completer(SOURCES[values]) if values in SOURCES else None
    kinds = {"file": click.Path(), "dir": click.Path(file_okay=False)}
    kind = click.Choice(choices) if choices else kinds.get(values)
    make: Any = click.Option if names[-1].startswith("-") else click.Argument
    return cast(click.Parameter, make(names, type=kind, shell_complete=found, **data))


Source = Callable[[Place], Iterable[tuple[str, str]]]


def _completer(source: Source) -> Callable[..., list[CompletionItem]]:
    def complete(context: click.Context, _: object, incomplete: str) -> list[CompletionItem]:
        try:
            found = dict(source(place_of(context))).items()
        except Exception:  # whatever a file holds; the command itself says what is wrong with it
            return []
        return [CompletionItem(x, help=y or None) for x, y in found if x.startswith(incomplete)]

    return complete


def place_of(context: click.Context | None) -> Place:
    """Return where the manifest is, by what was typed so far and the environment."""
    typed: dict[str, Any] = {}
    while context is not None:
        typed = {**{key: text for key, text in context.params.items() if text}, **typed}
        context = context.parent
    usual = {"chdir": ".", "file": "pushctl.yaml", "env": ""}
    folder, file, env = (
        typed.get(name) or os.environ.get(f"PUSHCTL_{name.upper()}") or text
        for name, text in usual.items()
    )
    return Place(Path(folder), file, env)


def _pushes(place: Place) -> Iterator[tuple[str, str]]:
    """Yield the ids of the manifest, then those of the state in files."""
    for text in _texts(place):
        yield from ((id, "") for id in keys(text, "pushes"))
    state = place.folder / f"pushctl{place.env and '.'}{place.env}.state.json"
    yield from ((id, "") for id in json.loads(_read(state) or "{}").get("pushes", ()))


def _environments(place: Place) -> Iterator[tuple[str, str]]:
    root = place.folder / place.file
    files = (path.stem for path in sorted(root.parent.glob("environments/*.y*ml")))
    return ((name, "") for name in (*keys(_read(root), "environments"), *files))


def _labels(place: Place) -> Iterator[tuple[str, str]]:
    for text in _texts(place):
        for indent, flow, block in _LABELS.findall(text):
            inner = re.findall(rf"^{indent} +(\S.*)$", block, re.MULTILINE) or flow.split(",")
            pairs = (item.split("#")[0].partition(":") for item in inner)
            yield from ((f"{key.strip()}={value.strip(QUOTES)}", "") for key, _, value in pairs)


def _knobs(_: Place) -> Iterator[tuple[str, str]]:
    from pushctl.sandbox.knobs import KNOBS  # noqa: PLC0415  (few ask for it)

    return ((f"{knob.name}={text}", "") for knob in KNOBS for text in knob.choices or ("",))


def _tables(pattern: str, *files: str) -> Source:
    """Return what finds the names of tables in data files of ours, and a text of each."""
    found = re.compile(pattern, re.MULTILINE)
    return lambda _: (item for name in files for item in found.findall(_read(PACKAGE / name)))


SOURCES: dict[str, Source] = {
    "pushes": _pushes,
    "environments": _environments,
    "labels": _labels,
    "codes": _tables(
        r'^\[(PSH\d+)\]\ntitle = "(.*)"$',
        *("manifest/rules.toml", "plan/guards/rules.toml", "lint/rules.toml"),
    ),
    "faults": _tables(r'^\[([\w-]+)\]\n(?:.+\n)*?meaning = "(.*)"$', "sandbox/faults.toml"),
    "operations": _tables(r"^\[(\w+)\]()$", "sandbox/service/operations.toml"),
    "knobs": _knobs,
    "snapshots": lambda place: (
        (path.stem, "") for path in place.folder.glob(".pushctl/sandbox.db.snapshots/*.db")
    ),
}

QUOTES = " \t\r\"'"
_LABELS = re.compile(
    r"^( *)(?:- )?labels:[ \t]*(?:\{([^}\n]*)\}.*|((?:#.*)?(?:\r?\n\1 +\S.*)+))", re.MULTILINE
)


def keys(text: str, name: str) -> list[str]:
    """Return the keys of a mapping that stands at the top of a YAML text."""
    inner = _block(text, name)
    if inner.lstrip().startswith("{"):
        while (shorter := re.sub(r"(?<=[^\s{]) *\{[^{}]*\}", "", inner)) != inner:
            inner = shorter
        return re.findall(r"[{,]\s*[\"']?([\w.-]+)[\"']?:", inner)
    first = re.search(r"^ +(?=[^\s#])", inner, re.MULTILINE)
    return re.findall(rf"^{first[0]}[\"']?([\w.-]+)[\"']?:", inner, re.MULTILINE) if first else []


def _block(text: str, name: str) -> str:
    """Return what stands below a key at the top of a YAML text."""
    found = re.search(rf"^{name}:((?:.*)(?:\n(?:[ \t#-].*|\r?(?=\n|\Z)))*)", text, re.MULTILINE)
    return found[1] if found else ""


def _texts(place: Place) -> list[str]:
    """Return the texts of the root file and of those that it includes itself."""
    root = place.folder / place.file
    words = re.split(r"[\s,\[\]\"']+", _block(_read(root), "include"))
    names = (word for word in words if word.endswith((".yaml", ".yml")) and ".." not in word)
    included = (path for name in names for path in sorted(root.parent.glob(name.lstrip("/#"))))
    return [_read(path) for path in (root, *included)]


def _read(path: Path) -> str:
    return path.read_text("utf-8", "replace") if path.is_file() else ""
