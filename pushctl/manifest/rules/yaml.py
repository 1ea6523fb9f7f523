"""Rules about the text of a file: YAML, and the characters in it."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.rule import Example, Rule, entry

RULES = (
    Rule(
        code="PSH100",
        title="The file cannot be read as YAML",
        severity=Severity.ERROR,
        why="""Something in the text makes it unclear what belongs to what: a colon inside a text
        without quotes, a bracket or a quote that is never closed, a line that is indented
        differently from its neighbours. Nothing is guessed, because a wrong guess would reach
        people.""",
        fix="Look at the named line and the one above it; put texts with a colon in quotes.",
        bad=entry("message:", "  title: Sale: 8 hours only", "  body: Until midnight."),
        good=entry("message:", '  title: "Sale: 8 hours only"', "  body: Until midnight."),
        sources=("YAML 1.2.2",),
    ),
    Rule(
        code="PSH101",
        title="Other tools read this value differently",
        severity=Severity.WARNING,
        why="""YAML has two versions in use. What is plain text here is for other tools a truth
        value or a number: `yes` becomes true, 0042 becomes 34, and 13:45:11 becomes 49511. An
        editor or a script that writes the file back would change what you meant.""",
        fix="Put the value in quotes.",
        bad=entry("to: {users: [0042]}"),
        good=entry('to: {users: ["0042"]}'),
        sources=("YAML 1.1, types; YAML 1.2.2, core schema",),
        adjustable=True,
    ),
    Rule(
        code="PSH102",
        title="The same name is there twice",
        severity=Severity.ERROR,
        why="""Two entries or two fields have the same name, in one file or in two that belong
        together. Only one of them could count, and most programs silently take the last. The id of
        a push is its identity, so it exists once over all files.""",
        fix="Rename one of the two, or delete it.",
        bad=Example("""\
pushes:
  flash-sale:
    owner: crm@acme.example
    schedule: {at: 2026-12-24T20:00}
    to: {users: [user1024]}
    message: {title: Flash sale, body: Until midnight.}
  flash-sale:
    owner: crm@acme.example
    schedule: {at: 2026-12-25T20:00}
    to: {users: [user1024]}
    message: {title: Flash sale, body: Last day.}
"""),
        good=Example("""\
pushes:
  flash-sale:
    owner: crm@acme.example
    schedule: {at: 2026-12-24T20:00}
    to: {users: [user1024]}
    message: {title: Flash sale, body: Until midnight.}
  flash-sale-last-day:
    owner: crm@acme.example
    schedule: {at: 2026-12-25T20:00}
    to: {users: [user1024]}
    message: {title: Flash sale, body: Last day.}
"""),
    ),
    Rule(
        code="PSH103",
        title="This YAML feature is not allowed here",
        severity=Severity.ERROR,
        why="""Anchors, aliases, merge keys, tags and further documents make one place of a file
        change another one. Nobody who reviews a change of a line could say what it does, and a
        finding could not say where a value stands.""",
        fix="Move what pushes share to `defaults`, and what differs a little to `for_each`.",
        bad=entry("message: {title: &title Flash sale, body: *title}"),
        good=entry("message: {title: Flash sale, body: Flash sale until midnight}"),
    ),
    Rule(
        code="PSH109",
        title="The file is not clean UTF-8 text",
        severity=Severity.ERROR,
        why="""The file was saved in another encoding, or holds a character that no text needs and
        nobody sees. Here it is a mark that some programs put at the beginning of texts, in the
        middle of a title where it came in by pasting. People would get it as it is.""",
        fix="Save the file as UTF-8, and type the named character's surroundings anew.",
        bad=entry("message: {title: \ufeffFlash sale, body: Until midnight.}"),
        good=entry("message: {title: Flash sale, body: Until midnight.}"),
        sources=("Unicode 16, section 23.8; YAML 1.2.2, section 5.1",),
    ),
    Rule(
        code="PSH122",
        title="A part of the text is a comment",
        severity=Severity.WARNING,
        why="""For YAML, `#` behind a space begins a comment. `title: Sale #1 of the year` says only
        `Sale`, and nothing looks wrong. A comment that has a space behind its `#` is taken for one;
        a hashtag or a number, which has none, was meant to be read by people.""",
        fix="Put the text in quotes, or a space behind the `#` if it is a comment.",
        bad=entry("message:", "  title: Sale #1 of the year", "  body: Until midnight."),
        good=entry(
            "message:",
            '  title: "Sale #1 of the year"',
            "  body: Until midnight. # not longer, says the warehouse",
        ),
        sources=("YAML 1.2.2, section 6.6",),
        adjustable=True,
    ),
)
