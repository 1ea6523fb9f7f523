"""Random manifests as people might write them: any style, comments everywhere."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

PLAIN = [
    "mon", "user1024", "Asia/Shanghai", "2026-12-24T20:00", "20:00", "yes", "0042", "1e3", "5",
    "true", "null", "今日特惠", "a b", "C# and more", "https://a.b/c?d=e#f", "it's", "\U0001f600",
    "say", "x-y", "1.10", "2 weeks",
]  # fmt: skip
QUOTED = ["a: b", "# no", "", " x ", "{a}", 'say "hi"', "it's", "${x}: 今日", "a, b", "- x", "\\"]
LINES = [
    "one",
    "two words",
    "# no comment",
    "- three",
    "  deeper",
    "",
    "今日: 特惠",
    "a: b",
    "x \\",
]
NAMES = [
    "version", "app", "vars", "pushes", "schedule", "message", "title", "body", "at", "every", "to",
    "users", "no", "x", "'y z'", '"q"', "名",
]  # fmt: skip


@dataclass
class Paper:
    """What is written so far, and how many comments there are."""

    draw: st.DrawFn
    newline: str
    comments: int = 0
    parts: list[str] = field(default_factory=list)

    def one(self, choices: list[Any]) -> Any:
        return self.draw(st.sampled_from(choices))

    def chance(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) < percent

    def write(self, text: str) -> None:
        self.parts.append(text)

    def remark(self) -> str:
        self.comments += 1
        return f"# c{self.comments} 'it \"is: [1"

    def rest_of_line(self) -> None:
        """End a line, sometimes with a comment."""
        if self.chance(15):
            self.write(self.one([" ", "   "]) + self.remark())
        elif self.chance(5):
            self.write("  ")
        self.write(self.newline)

    def between(self, indent: int) -> None:
        """Put blank lines and comments of any indentation between two lines."""
        while self.chance(15):
            if self.chance(60):
                self.write(" " * self.one([indent, 0, indent + 1, indent + 4]) + self.remark())
            self.write(self.newline)


def block_map(paper: Paper, indent: int, depth: int, *, first: bool = False) -> None:
    names = paper.draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    for number, name in enumerate(names):
        if number or not first:
            paper.between(indent)
            paper.write(" " * indent)
        paper.write(f"{name}{paper.one([':', ':', ' :'])}")
        value(paper, indent, depth)


def block_list(paper: Paper, indent: int, depth: int, *, first: bool = False) -> None:
    for number in range(paper.draw(st.integers(1, 3))):
        if number or not first:
            paper.between(indent)
            paper.write(" " * indent)
        paper.write("-")
        if depth < 3 and paper.chance(30):
            gap = paper.draw(st.integers(1, 3))
            paper.write(" " * gap)
            compact = block_map if paper.chance(60) else block_list
            compact(paper, indent + 1 + gap, depth + 1, first=True)
        else:
            value(paper, indent, depth)


def value(paper: Paper, indent: int, depth: int) -> None:
    """Write a value behind a colon or a dash, and the end of its line."""
    kind = paper.draw(st.integers(0, 11 if depth < 3 else 7))
    if kind >= 10:
        paper.rest_of_line()
        block_map(paper, indent + paper.draw(st.integers(1, 4)), depth + 1)
    elif kind >= 8:
        paper.rest_of_line()
        block_list(paper, indent + paper.draw(st.integers(1, 4)), depth + 1)
    elif kind == 7:
        paper.write(" ")
        brackets(paper, indent, 0)
        paper.rest_of_line()
    elif kind == 6:
        block_text(paper, indent)
    elif kind == 5:
        paper.rest_of_line()
    else:
        paper.write(" " * paper.draw(st.integers(1, 3)) + single(paper, indent))
        paper.rest_of_line()


def single(paper: Paper, indent: int, *, within: bool = False) -> str:
    pad = paper.newline + " " * (indent + paper.draw(st.integers(1, 3)))
    match paper.draw(st.integers(0, 5)):
        case 0 | 1:
            return str(paper.one([text for text in PLAIN if not within or "#" not in text]))
        case 2:
            return json.dumps(paper.one(QUOTED), ensure_ascii=False)
        case 3:
            return "'" + paper.one(QUOTED).replace("'", "''") + "'"
        case 4:
            return f'"two{pad}lines\\{pad}and {pad}{pad}more"'
        case _:
            return f"plain{pad}on lines{pad}{pad}and more"


def block_text(paper: Paper, indent: int) -> None:
    deep = paper.one([1, 2, 4])
    lines = paper.draw(st.lists(st.sampled_from(LINES), min_size=1, max_size=4))
    first = next((line for line in lines if line.strip()), "")
    explicit = str(deep) if first.startswith(" ") or not first else paper.one(["", "", str(deep)])
    chomp = paper.one(["", "-", "+"])
    signs = paper.one([explicit + chomp, chomp + explicit])
    paper.write(f" {paper.one(['|', '>'])}{signs}")
    paper.rest_of_line()
    for line in lines:
        paper.write((" " * (indent + deep) + line if line else "") + paper.newline)


def brackets(paper: Paper, indent: int, depth: int) -> None:
    """Write a map or a list in brackets, over one line or several."""
    if paper.chance(60):
        paper.write("{")
        names = paper.draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True))
        for number, name in enumerate(names):
            _comma(paper, indent, number)
            paper.write(name + paper.one([": ", " : ", ":  "]))
            _inner(paper, indent, depth)
        _space(paper, indent)
        paper.write("}")
        return
    paper.write("[")
    for number in range(paper.draw(st.integers(0, 3))):
        _comma(paper, indent, number)
        _inner(paper, indent, depth)
    _space(paper, indent)
    paper.write("]")


def _inner(paper: Paper, indent: int, depth: int) -> None:
    if depth < 2 and paper.chance(30):
        brackets(paper, indent, depth + 1)
    else:
        paper.write(single(paper, indent, within=True))


def _comma(paper: Paper, indent: int, number: int) -> None:
    if number:
        _space(paper, indent)
        paper.write(",")
    _space(paper, indent)


def _space(paper: Paper, indent: int) -> None:
    """Write white space between brackets, sometimes with a comment and a new line."""
    if paper.chance(12):
        paper.write(" " + paper.remark() if paper.chance(60) else "")
        paper.write(paper.newline + " " * (indent + paper.draw(st.integers(1, 3))))
    elif paper.chance(50):
        paper.write(" ")


@st.composite
def manifests(draw: st.DrawFn) -> tuple[str, int]:
    """Draw the text of a manifest, and how many comments it has."""
    paper = Paper(draw, draw(st.sampled_from(["\n", "\n", "\r\n"])))
    if paper.chance(10):
        paper.write("---")
        paper.rest_of_line()
    block_map(paper, 0, 0)
    paper.between(0)
    text = "".join(paper.parts)
    if paper.chance(20):
        text = text.rstrip("\r\n")
    if paper.chance(10):
        text = "\ufeff" + text
    return text, paper.comments
