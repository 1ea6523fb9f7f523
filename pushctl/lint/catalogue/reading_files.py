"""Files and their text: YAML, paths, sizes, names that stand for files."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.lint.catalogue.rule import Example, Rule
from pushctl.lint.catalogue.shown import entry, written

VIP = "to: {users_from: audiences/vip.txt}"
HOLIDAYS = "calendars: {holidays: holidays.txt}\n"
SKIPPING = 'schedule: {every: day, at: "09:00", skip: [holidays]}'

RULES: tuple[Rule, ...] = (
    Rule(
        code="PSH100",
        title="The file cannot be read as YAML",
        severity=Severity.ERROR,
        why=(
            "Something in the text makes it unclear what belongs to what: a colon inside a text "
            "without quotes, a bracket or a quote that is never closed, a line that is indented "
            "differently from its neighbours. Nothing is guessed, because a wrong guess would "
            "reach people."
        ),
        fix="Look at the named line and the one above it; put texts with a colon in quotes.",
        bad=entry("message:", "  title: Sale: 8 hours only", "  body: Until midnight."),
        good=entry("message:", '  title: "Sale: 8 hours only"', "  body: Until midnight."),
        sources=("YAML 1.2.2",),
    ),
    Rule(
        code="PSH101",
        title="Other tools read this value differently",
        severity=Severity.WARNING,
        why=(
            "YAML has two versions in use. What is plain text here is for other tools a truth "
            "value or a number: `yes` becomes true, 0042 becomes 34, and 13:45:11 becomes 49511. "
            "An editor or a script that writes the file back would change what you meant."
        ),
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
        why=(
            "Two entries or two fields have the same name, in one file or in two that belong "
            "together. Only one of them could count, and most programs silently take the last. "
            "The id of a push is its identity, so it exists once over all files."
        ),
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
        why=(
            "Anchors, aliases, merge keys, tags and further documents make one place of a file "
            "change another one. Nobody who reviews a change of a line could say what it does, and "
            "a finding could not say where a value stands."
        ),
        fix="Move what pushes share to `defaults`, and what differs a little to `for_each`.",
        bad=entry(
            "message: {title: &title Flash sale, body: *title}",
        ),
        good=entry("message: {title: Flash sale, body: Flash sale until midnight}"),
    ),
    Rule(
        code="PSH106",
        title="The path leaves the manifest's folder",
        severity=Severity.ERROR,
        why=(
            "Only files inside the folder of the manifest are read, whatever a path or a link "
            "says. A change that somebody proposes from outside could otherwise make your CI read "
            "any file of its machine and show it."
        ),
        fix="Copy the file into the folder.",
        bad=entry("to: {users_from: ../crm/vip.txt}"),
        good=entry(VIP, files={"audiences/vip.txt": "user1024\n"}),
    ),
    Rule(
        code="PSH107",
        title="A file is missing, or cannot be read",
        severity=Severity.ERROR,
        why=(
            "A file that the manifest names is not there, or may not be read. Without it nobody "
            "knows who gets a push, or which pushes there are; going on with what is left would "
            "cancel the others."
        ),
        fix="Correct the path, or commit the file.",
        bad=entry(VIP, files={"audiences/vips.txt": "user1024\n"}),
        good=entry(VIP, files={"audiences/vip.txt": "user1024\n"}),
    ),
    Rule(
        code="PSH108",
        title="The manifest is too large",
        severity=Severity.ERROR,
        why=(
            "There are limits of size, depth and number, far above what people write: 64 levels, "
            "100,000 pushes, a million targets. Beyond them it is most likely an accident, or "
            "somebody who wants to stop your CI."
        ),
        fix="Split the manifest into several projects.",
        bad=entry(f"raw: {{Nested: {'[' * 65}{']' * 65}}}"),
        good=entry(),
    ),
    Rule(
        code="PSH109",
        title="The file is not clean UTF-8 text",
        severity=Severity.ERROR,
        why=(
            "The file was saved in another encoding, or holds a character that no text needs and "
            "nobody sees. Here it is a mark that some programs put at the beginning of texts, in "
            "the middle of a title where it came in by pasting. People would get it as it is."
        ),
        fix="Save the file as UTF-8, and type the named character's surroundings anew.",
        bad=entry("message: {title: \ufeffFlash sale, body: Until midnight.}"),
        good=entry("message: {title: Flash sale, body: Until midnight.}"),
        sources=("Unicode 16, section 23.8; YAML 1.2.2, section 5.1",),
    ),
    Rule(
        code="PSH116",
        title="The environment does not exist",
        severity=Severity.ERROR,
        why=(
            "`--env` names an environment that the manifest does not have. Without its values the "
            "pushes would go to the app and the people of the manifest itself, which is the one "
            "mistake that environments are there to prevent."
        ),
        fix="Correct the name after `--env`, or add it under `environments`.",
        bad=Example(
            written(head="environments: {staging: {app: {workspace: test}}}\n"),
            environment="stagging",
        ),
        good=Example(
            written(head="environments: {staging: {app: {workspace: test}}}\n"),
            environment="staging",
        ),
    ),
    Rule(
        code="PSH119",
        title="A line of a calendar cannot be used",
        severity=Severity.ERROR,
        why=(
            "A calendar holds days that pushes skip. A line that is no day would silently skip "
            "nothing, and people would be woken on the holiday that it was meant for."
        ),
        fix="Write a day, 2027-02-05, or a stretch, 2027-02-05..2027-02-11, on each line.",
        bad=entry(SKIPPING, head=HOLIDAYS, files={"holidays.txt": "5 February 2027\n"}),
        good=entry(SKIPPING, head=HOLIDAYS, files={"holidays.txt": "2027-02-05\n"}),
    ),
    Rule(
        code="PSH120",
        title="The calendar does not exist",
        severity=Severity.ERROR,
        why=(
            "`skip` names a calendar that is not under `calendars`. Its days would not be skipped, "
            "and nobody would notice before the first of them."
        ),
        fix="Add the calendar under `calendars`, or correct its name.",
        bad=entry(SKIPPING),
        good=entry(SKIPPING, head=HOLIDAYS, files={"holidays.txt": "2027-02-05\n"}),
    ),
    Rule(
        code="PSH121",
        title="The calendar is empty",
        severity=Severity.WARNING,
        why=(
            "The file of a calendar has no day in it. That may be right at the end of a year, and "
            "is more often a file that somebody forgot to fill: nothing is skipped."
        ),
        fix="Write the days into the file, one on each line.",
        bad=entry(SKIPPING, head=HOLIDAYS, files={"holidays.txt": "# to be filled in\n"}),
        good=entry(SKIPPING, head=HOLIDAYS, files={"holidays.txt": "2027-02-05\n"}),
        adjustable=True,
    ),
    Rule(
        code="PSH122",
        title="A part of the text is a comment",
        severity=Severity.WARNING,
        why=(
            "For YAML, `#` behind a space begins a comment. `title: Sale #1 of the year` says only "
            "`Sale`, and nothing looks wrong. A comment that has a space behind its `#` is taken "
            "for one; a hashtag or a number, which has none, was meant to be read by people."
        ),
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
