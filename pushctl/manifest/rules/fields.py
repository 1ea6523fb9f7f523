"""Rules about fields and their values, variables, and ids that refer to each other."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.rule import Rule, entry

RULES = (
    Rule(
        code="PSH104",
        title="The field does not exist",
        severity=Severity.ERROR,
        why="""A field with a typing mistake would otherwise be ignored: `expire_after: 1h` would
        leave the offer on people's phones for a day. So every field must be one that exists.""",
        fix="Take the name that is proposed, or look it up in the list of fields.",
        bad=entry("expire_after: 1h"),
        good=entry("expires_after: 1h"),
    ),
    Rule(
        code="PSH105",
        title="A variable is not defined, or not used",
        severity=Severity.ERROR,
        why="""A `${name}` that stands for nothing would reach people as it is written. One that is
        defined and never used is only a warning; most often its name is spelled differently where
        it was meant.""",
        fix="Define it under `vars`, correct its name, or delete it.",
        bad=entry('message: {title: "${brnd}: flash sale", body: Until midnight.}'),
        good=entry(
            'message: {title: "${brand}: flash sale", body: Until midnight.}',
            head="vars: {brand: Acme}\n",
        ),
    ),
    Rule(
        code="PSH110",
        title="A value has the wrong type",
        severity=Severity.ERROR,
        why="""A list, a text, a number or a map stands where another kind of value belongs. The
        finding says which one, and shows how it is written.""",
        fix="Write the kind of value that is asked for: a list has brackets, even with one item.",
        bad=entry("to: {users: user1024}"),
        good=entry("to: {users: [user1024]}"),
    ),
    Rule(
        code="PSH111",
        title="A required field is missing",
        severity=Severity.ERROR,
        why="""A push needs to say when, to whom and what: `schedule`, `to` and `message` with a
        title and a body. What is missing cannot be made up.""",
        fix="Add the field, to the entry or to `defaults`.",
        bad=entry("message: {title: Flash sale}"),
        good=entry("message: {title: Flash sale, body: Until midnight.}"),
    ),
    Rule(
        code="PSH112",
        title="The value is not one of the allowed ones",
        severity=Severity.ERROR,
        why="""Some fields take one word out of a few. The finding names them, and the one that was
        most likely meant.""",
        fix="Write one of the words that the finding names.",
        bad=entry("message: {title: Flash sale, body: Until midnight., style: bigtext}"),
        good=entry("message: {title: Flash sale, body: Until midnight., style: big-text}"),
    ),
    Rule(
        code="PSH113",
        title="A value has the wrong format",
        severity=Severity.ERROR,
        why="""Days, times, durations, ids and addresses have one way of being written each, so that
        nobody has to guess: 2026-12-24, 20:00, 4h. 04/05 would be April here and May there.""",
        fix="Write it as the finding shows.",
        bad=entry("expires_after: 4 hours"),
        good=entry("expires_after: 4h"),
    ),
    Rule(
        code="PSH114",
        title="A date stands where a time is needed, or the reverse",
        severity=Severity.ERROR,
        why="""`at` of a push that is delivered once is a day with a time; `from` and `until` of one
        that repeats are days without. Midnight is not assumed: hardly anybody means it.""",
        fix="Write a day such as 2026-12-24, or a moment such as 2026-12-24T20:00.",
        bad=entry("schedule: {at: 2026-12-24}"),
        good=entry("schedule: {at: 2026-12-24T20:00}"),
    ),
    Rule(
        code="PSH115",
        title="These fields do not go together",
        severity=Severity.ERROR,
        why="""Each of the fields is right, and together they say two things, or one of them means
        nothing beside the other: `until` ends a push that repeats, and this one does not.""",
        fix="Keep the fields that say what you mean.",
        bad=entry("schedule: {at: 2026-12-24T20:00, until: 2026-12-31}"),
        good=entry('schedule: {every: day, at: "20:00", from: 2026-12-24, until: 2026-12-31}'),
    ),
    Rule(
        code="PSH117",
        title="An id does not fit the entries there are",
        severity=Severity.ERROR,
        why="""`moved`, `removed` and `adopt` speak of entries by their ids. One that leads nowhere,
        or to an entry that cannot be meant, would do nothing, and what it was to prevent would
        happen: a rename without it cancels one push and creates another.""",
        fix="Write the ids as they stand under `pushes`.",
        bad=entry(head="moved: [{from: xmas-sale, to: flash-sales}]\n"),
        good=entry(head="moved: [{from: xmas-sale, to: flash-sale}]\n"),
    ),
)
