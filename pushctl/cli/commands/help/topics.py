"""The pages of the documentation, by the names under which `pushctl help` shows them."""

from __future__ import annotations

import re

from pushctl import bundled

_CHAPTER = re.compile(r"^## (?P<chapter>.+)", re.MULTILINE)
_TOPIC = re.compile(r"^ *- \[.+\]\((?P<topic>[a-z0-9/-]+)\.md\): (?P<line>.+)", re.MULTILINE)
_LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^][]*)\]\((?P<target>[^()]*)\)")
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)

_FOR_BROWSERS = {"example-plan", "zh/example-plan"}


def chapters() -> dict[str, dict[str, str]]:
    """Return what each chapter has: topics, and a line about each."""
    _, *parts = _CHAPTER.split(bundled.read("docs/index.md"))
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {name: _topics(text) for name, text in pairs}


def _topics(text: str) -> dict[str, str]:
    listed = _TOPIC.findall(text)
    return {name: line.rstrip(".") for name, line in listed if name not in _FOR_BROWSERS}


def names() -> list[str]:
    """Return the name of every topic, in the order in which they are read."""
    return [topic for topics in chapters().values() for topic in topics]


def page(topic: str) -> str:
    """Return the Markdown of a topic, with other topics in the place of links to files."""
    text, known = bundled.read(f"docs/{topic}.md"), names()
    folder = topic.rpartition("/")[0]
    kept = _FENCE.findall(text)
    parts = [
        _LINK.sub(lambda link: _named(link, folder, known), part) for part in _FENCE.split(text)
    ]
    return "".join(part + block for part, block in zip(parts, [*kept, ""], strict=True))


def _named(link: re.Match[str], folder: str, known: list[str]) -> str:
    """Return a link as it is read in a terminal: its words, and how to get there."""
    image, words, target = link.groups()
    if image:
        return ""
    if target.startswith("https:"):
        return words if words in target else f"{words} ({target})"
    path = target.partition("#")[0].removesuffix(".md")
    near = path[3:] if path.startswith("../") else f"{folder}/{path}".lstrip("/")
    return f"{words} (`pushctl help {near}`)" if near in known else words
