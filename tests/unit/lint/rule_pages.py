"""The pages of `docs/rules/`: one for each rule, and the list of them."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.lint.docs import parts, standing
from pushctl.lint.registry import rules
from pushctl.rule import Example, Rule

CHAPTERS = {
    "1": "Reading the manifest",
    "2": "When it is delivered",
    "3": "What people see",
    "4": "At what hours, and for how long",
    "5": "Who gets it",
    "6": "What a plan would do",
    "7": "Text messages",
    "8": "Working together",
}
"""What the rules are about, by the first digit of their codes."""


def chapter(digit: str) -> tuple[Rule, ...]:
    """Return the rules whose codes begin with a digit, rising."""
    return tuple(item for code, item in rules().items() if code.startswith(f"PSH{digit}"))


def markdown(rule: Rule) -> str:
    """Render one rule as a page of the documentation."""
    page = [f"# {rule.code}: {rule.title}", standing(rule), rule.why, "## What to do", rule.fix]
    page += ["## Like this it is found", *_fences(rule.bad), "## Better", *_fences(rule.good)]
    if rule.sources:
        page += ["## Who says so", "\n".join(f"- {source}" for source in rule.sources)]
    return "\n\n".join(page) + "\n"


def _fences(example: Example) -> Iterator[str]:
    for heading, content in parts(example):
        if heading:
            yield heading
        if content:
            language = "" if heading.startswith("with ") else "yaml"
            yield f"```{language}\n{content.rstrip()}\n```"


def index() -> str:
    """Render the list of all rules: chapters with their headings, and the rules in them."""
    lines = [
        "# Findings",
        "",
        "Every finding has a code; `pushctl explain CODE` shows its page. `policy.rules` changes",
        "what a rule counts, and one push can accept a finding with `allow`, a reason and the last",
        "day. Rules without a mark in the last column cannot be turned off: what they find keeps",
        "an entry from being understood or done.",
    ]
    for digit, heading in CHAPTERS.items():
        lines += ["", f"## {heading}", "", "| code | finding | counts as | can be changed |"]
        lines.append("| --- | --- | --- | --- |")
        lines += [
            f"| [{rule.code}]({rule.code}.md) | {rule.title} | {rule.severity} | "
            f"{'yes' if rule.adjustable else ''} |"
            for rule in chapter(digit)
        ]
    return "\n".join(lines) + "\n"
