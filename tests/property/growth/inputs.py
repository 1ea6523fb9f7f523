"""Manifests that grow: each kind is a function of a size, linear in it.

The kinds are the shapes on which a loop inside a loop shows: many of one thing on one line, in one
text, under one key, all of them right or all of them wrong in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Files = Mapping[str, bytes]

HEAD = "version: 1\napp: {id: ONEX570DA89211721, workspace: prod}\ntimezone: Asia/Shanghai\n"
WHEN = '    schedule: {every: day, at: "09:45", from: 2026-12-02}\n'
TO = "    to: {users: [user1024]}\n"
TEXT = "    message: {title: Hello, body: It works.}\n"
REST = WHEN + TO + TEXT
ENTRY = "  promo:\n" + REST
PUSHES = "pushes:\n"
NAME = "pushctl.yaml"


def manifest(text: str, **others: str) -> Files:
    return {NAME: text.encode(), **{name: made.encode() for name, made in others.items()}}


def alone(text: str) -> Files:
    return manifest(HEAD + PUSHES + ENTRY.replace("It works.", text))


def titled(text: str) -> Files:
    return manifest(HEAD + PUSHES + "  promo:\n" + WHEN + TO + f"    message:\n{text}")


def many(size: int, entry: Callable[[int], str], head: str = HEAD) -> Files:
    return manifest(head + PUSHES + "".join(entry(number) for number in range(size)))


def flow(size: int, item: Callable[[int], str]) -> str:
    return "[" + ", ".join(item(number) for number in range(size)) + "]"


def audience(name: str, text: str, head: str = HEAD) -> Files:
    return {
        **manifest(head + PUSHES + ENTRY.replace("users: [user1024]", f"users_from: {name}")),
        name: text.encode(),
    }


def calendar(name: str, text: str) -> Files:
    head = HEAD + f"calendars: {{holidays: {name}}}\n" + PUSHES
    when = '{every: day, at: "09:45", skip: [holidays]}'
    return {
        **manifest(head + f"  promo:\n    schedule: {when}\n" + TO + TEXT),
        name: text.encode(),
    }


def event(number: int) -> str:
    month, day = number // 28 % 12 + 1, number % 28 + 1
    return f"BEGIN:VEVENT\nUID:{number}\nDTSTART;VALUE=DATE:2027{month:02d}{day:02d}\nEND:VEVENT\n"


def ics(body: str) -> str:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{body}END:VCALENDAR\n"


def marketing(number: int) -> str:
    return f"  push-{number}:\n    labels: {{class: marketing}}\n    expires_after: 2h\n" + REST


KINDS: Mapping[str, tuple[int, Callable[[int], Files]]] = {
    # comments and white space
    "signs of a comment": (4_000, lambda n: manifest("#" * n + "\n" + HEAD + PUSHES + ENTRY)),
    "comments": (1_500, lambda n: manifest("# a\n" * n + HEAD + PUSHES + ENTRY)),
    "comments at the end": (1_500, lambda n: manifest(HEAD + PUSHES + ENTRY + "      # a\n" * n)),
    "comments, ever further out": (
        1_000,
        lambda n: manifest(
            HEAD + PUSHES + ENTRY + "".join(" " * (60 - at * 60 // n) + "#\n" for at in range(n))
        ),
    ),
    "comment signs in a text": (4_000, lambda n: alone('"' + " #a" * n + '"')),
    "comment behind a text": (4_000, lambda n: titled("      title: a\n      body: b" + " #a" * n)),
    "signs of a directive": (3_000, lambda n: manifest("%" * n + "\n---\n" + HEAD)),
    "directives": (1_000, lambda n: manifest("%a b\n" * n + "---\n" + HEAD + PUSHES + ENTRY)),
    "comments above ---": (1_000, lambda n: manifest("#\n" * n + "---\n" + HEAD + PUSHES + ENTRY)),
    "empty lines": (10_000, lambda n: manifest(HEAD + "\n" * n + PUSHES + ENTRY)),
    "lines of spaces": (4_000, lambda n: manifest(HEAD + "   \n" * n + PUSHES + ENTRY)),
    "empty lines and comments": (
        1_000,
        lambda n: manifest(HEAD + "\n#\n" * n + PUSHES + ENTRY),
    ),
    "spaces": (10_000, lambda n: manifest(HEAD + PUSHES + "  promo:" + " " * n + "\n" + REST)),
    "tabs": (10_000, lambda n: manifest(HEAD + "x:" + "\t" * n + "1\n")),
    "tabs at the beginning": (10_000, lambda n: manifest(HEAD + "\t" * n + "x: 1\n")),
    "ends of lines": (5_000, lambda n: manifest(HEAD + "\r" * n + PUSHES + ENTRY)),
    # one long text
    "a long text": (20_000, lambda n: alone("a" * n)),
    "a text of words": (4_000, lambda n: alone("word " * n)),
    "Chinese": (10_000, lambda n: alone("短" * n)),
    "pictures": (3_000, lambda n: alone("👩‍👩‍👧" * n)),
    "combining characters": (5_000, lambda n: alone("a" + "\u0301" * n)),
    "flags": (3_000, lambda n: alone("🏴" * n)),
    "tags": (5_000, lambda n: alone("\U0001f3f4" + "\U000e0067" * n)),
    "joiners": (5_000, lambda n: alone('"' + "\u200d" * n + '"')),
    "a text of digits": (20_000, lambda n: alone("1" * n)),
    "numbers": (4_000, lambda n: alone('"' + "1.1." * n + '"')),
    "underscores": (4_000, lambda n: alone("1_" * n)),
    "colons": (4_000, lambda n: alone('"' + ": " * n + '"')),
    "bare colons": (3_000, lambda n: alone(":" * n)),
    "full-width colons": (3_000, lambda n: alone("a：" * n)),
    "full-width brackets": (3_000, lambda n: titled("      ｛" * n + "\n")),
    "quotes": (3_000, lambda n: alone('"' + '\\"' * n + '"')),
    "open quotes": (3_000, lambda n: alone("'" * (2 * n + 1))),
    "lines of a text": (
        2_000,
        lambda n: titled("      title: a\n      body: |\n" + "       b\n" * n),
    ),
    "empty lines of a text": (
        3_000,
        lambda n: titled("      title: a\n      body: |+\n        b\n" + "\n" * n),
    ),
    "folded lines": (2_000, lambda n: titled("      title: a\n      body: >\n" + "       b\n" * n)),
    "lines of a plain text": (2_000, lambda n: titled("      body: b\n" + "       b\n" * n)),
    "a link": (
        5_000,
        lambda n: titled(f"      title: a\n      open: https://a.example/{'a/' * n}\n"),
    ),
    "a link with a query": (
        1_500,
        lambda n: titled(f"      title: a\n      open: https://a.example/?{'a=b&' * n}\n"),
    ),
    "a link of dots": (
        3_000,
        lambda n: titled(f"      title: a\n      open: https://{'a.' * n}example\n"),
    ),
    # placeholders
    "variables": (2_000, lambda n: alone('"' + "${a}" * n + '"')),
    "open variables": (2_000, lambda n: alone('"' + "${" * n + '"')),
    "open variables, closed late": (2_000, lambda n: alone('"' + "${a" * n + '}"')),
    "escaped variables": (2_000, lambda n: alone('"' + "$${" * n + '"')),
    "dollars": (5_000, lambda n: alone('"' + "$" * n + '"')),
    "known variables": (
        1_000,
        lambda n: manifest(
            HEAD + "vars: {a: b}\n" + PUSHES + ENTRY.replace("It works.", '"' + "${a}" * n + '"')
        ),
    ),
    "parts of a variable": (2_000, lambda n: alone('"${each' + ".a" * n + '}"')),
    "braces": (3_000, lambda n: alone('"' + "{" * n + '"')),
    "double braces": (3_000, lambda n: alone('"' + "{{a" * n + '"')),
    "brackets": (3_000, lambda n: alone('"' + "[a " * n + '"')),
    "angle brackets": (3_000, lambda n: alone('"' + "<a" * n + '"')),
    "per cents": (3_000, lambda n: alone('"' + "{%" * n + '"')),
    "numbered per cents": (3_000, lambda n: alone('"' + "%1" * n + '"')),
    "crosses": (5_000, lambda n: alone("x" * n)),
    "crosses in Chinese": (3_000, lambda n: alone("中" + "X" * n)),
    "tests": (2_000, lambda n: alone('"' + "test " * n + '!"')),
    "tests in Chinese": (2_000, lambda n: alone('"' + "测试" * n + '啊"')),
    "laughs": (2_000, lambda n: alone('"blah' + "a" * n + '?-"')),
    "signs of secrets": (2_000, lambda n: alone("AKIA" + "A1b2" * n)),
    "names of secrets": (2_000, lambda n: alone('"' + "password=" * n + '"')),
    "addresses": (2_000, lambda n: alone('"' + "://a" * n + '"')),
    "at signs": (3_000, lambda n: alone('"' + "@" * n + '"')),
    # many of one thing
    "pushes": (100, lambda n: many(n, lambda at: f"  push-{at}:\n" + REST)),
    "marketing pushes": (100, lambda n: many(n, marketing)),
    "pushes of one prefix": (
        100,
        lambda n: many(n, lambda at: f"  {'a' * 60}-{at}:\n" + REST),
    ),
    "pushes with mistakes": (
        100,
        lambda n: many(n, lambda at: f"  push-{at}:\n" + REST.replace("message", "mesage")),
    ),
    "pushes with wrong days": (
        60,
        lambda n: many(n, lambda at: f"  push-{at}:\n" + REST.replace("every: day", "every: dai")),
    ),
    "pushes with wrong zones": (
        100,
        lambda n: many(
            n,
            lambda at: (
                f"  push-{at}:\n"
                + REST.replace("from: 2026-12-02", f"timezone: Asia/Shanghia{at % 7}")
            ),
        ),
    ),
    "pushes on one line": (
        100,
        lambda n: manifest(
            HEAD
            + "pushes: {"
            + ", ".join(
                f'p{at}: {{schedule: {{every: day, at: "09:45"}}, to: {{users: [u]}}, '
                "message: {title: a, body: b}}"
                for at in range(n)
            )
            + "}\n"
        ),
    ),
    "mistakes on one line": (
        100,
        lambda n: manifest(
            HEAD + "pushes: {" + ", ".join(f"p{at}: {{mesage: a}}" for at in range(n)) + "}\n"
        ),
    ),
    "unknown fields": (300, lambda n: manifest(HEAD + "".join(f"x{at}: 1\n" for at in range(n)))),
    "unknown fields of a push": (
        300,
        lambda n: manifest(HEAD + PUSHES + ENTRY + "".join(f"    x{at}: 1\n" for at in range(n))),
    ),
    "labels": (
        500,
        lambda n: manifest(
            HEAD
            + PUSHES
            + ENTRY
            + "    labels:\n"
            + "".join(f"      x{at}: a\n" for at in range(n))
        ),
    ),
    "extras": (
        500,
        lambda n: titled(
            "      title: a\n      extras:\n" + "".join(f"        x{at}: a\n" for at in range(n))
        ),
    ),
    "payload": (
        500,
        lambda n: manifest(
            HEAD + PUSHES + ENTRY + f"    transparent_payload: {flow(n, lambda at: '{a: b}')}\n"
        ),
    ),
    "the same key": (300, lambda n: manifest(HEAD + "x: 1\n" * n)),
    "the same push": (200, lambda n: many(n, lambda at: ENTRY)),
    "ambiguous words": (
        300,
        lambda n: manifest(HEAD + "vars:\n" + "".join(f"  a{at}: yes\n" for at in range(n))),
    ),
    "ambiguous words on one line": (
        300,
        lambda n: manifest(HEAD + "vars: {a: " + flow(n, lambda at: "yes") + "}\n"),
    ),
    "unused variables": (
        300,
        lambda n: manifest(
            HEAD + "vars:\n" + "".join(f"  a{at}: b\n" for at in range(n)) + PUSHES + ENTRY
        ),
    ),
    "undefined variables": (
        60,
        lambda n: many(n, lambda at: f"  p{at}:\n" + REST.replace("It works.", f"${{name{at}}}")),
    ),
    "undefined among many": (
        60,
        lambda n: many(
            n,
            lambda at: f"  p{at}:\n" + REST.replace("It works.", f"${{nam{at}}}"),
            HEAD + "vars:\n" + "".join(f"  name{at}: b\n" for at in range(n)),
        ),
    ),
    "instances": (
        200,
        lambda n: manifest(
            HEAD + PUSHES + f"  p:\n    for_each: {flow(n, lambda at: f'k{at}')}\n" + REST
        ),
    ),
    "instances with mistakes": (
        100,
        lambda n: manifest(
            HEAD
            + PUSHES
            + f"  p:\n    for_each: {flow(n, lambda at: f'k{at}')}\n"
            + REST.replace("title", "titel")
        ),
    ),
    "instances of maps": (
        150,
        lambda n: manifest(
            HEAD
            + PUSHES
            + "  p:\n    for_each:\n"
            + "".join(f"      k{at}: {{word: w{at}, other: x}}\n" for at in range(n))
            + REST.replace("It works.", "${each.value.word}")
        ),
    ),
    "an environment": (
        100,
        lambda n: manifest(
            HEAD
            + "environments:\n  test:\n    pushes:\n"
            + "".join(f"      p{at}: {{owner: a}}\n" for at in range(n))
            + PUSHES
            + "".join(f"  p{at}:\n" + REST for at in range(n))
        ),
    ),
    "moves": (
        800,
        lambda n: manifest(
            HEAD
            + "moved:\n"
            + "".join(f"  - {{from: a{at}, to: a{at + 1}}}\n" for at in range(n))
            + PUSHES
            + f"  a{n}:\n"
            + REST
        ),
    ),
    "removals": (
        200,
        lambda n: manifest(
            HEAD + "removed:\n" + "".join(f"  - id: a{at}\n" for at in range(n)) + PUSHES + ENTRY
        ),
    ),
    "adoptions": (
        200,
        lambda n: manifest(
            HEAD
            + "adopt:\n"
            + "".join(f'  - {{id: pr{at}, task: "{at}"}}\n' for at in range(n))
            + PUSHES
            + ENTRY
        ),
    ),
    "accepted rules": (
        200,
        lambda n: manifest(
            HEAD
            + PUSHES
            + ENTRY
            + "    allow:\n"
            + "".join(
                f"      - {{rule: PSH{300 + at % 600}, reason: because}}\n" for at in range(n)
            )
        ),
    ),
    "rules": (
        200,
        lambda n: manifest(
            HEAD
            + "policy: {rules: {"
            + ", ".join(f"PSH{at}: warning" for at in range(n))
            + "}}\n"
            + PUSHES
            + ENTRY
        ),
    ),
    "freezes": (
        100,
        lambda n: manifest(
            HEAD
            + "policy:\n  freezes:\n"
            + "".join(
                f"  - {{from: {at % 60 + 2030}-01-01, until: {at % 60 + 2030}-01-02, reason: x}}\n"
                for at in range(n)
            )
            + PUSHES
            + ENTRY
        ),
    ),
    "includes": (
        200,
        lambda n: manifest(
            HEAD + "include:\n" + "".join(f"  - a{at}.yaml\n" for at in range(n)) + PUSHES + ENTRY
        ),
    ),
    "a pattern": (2_000, lambda n: manifest(HEAD + f"include: ['{'*a' * n}']\n" + PUSHES + ENTRY)),
    "folders of a pattern": (
        300,
        lambda n: manifest(HEAD + f"include: ['{'**/' * n}a']\n" + PUSHES + ENTRY),
    ),
    "anchors": (
        300,
        lambda n: manifest(
            HEAD + "vars:\n" + "".join(f"  a{at}: &a{at} [b]\n  b{at}: *a{at}\n" for at in range(n))
        ),
    ),
    "merges": (300, lambda n: many(n, lambda at: f"  p{at}:\n    <<: *x\n")),
    "unread tags": (300, lambda n: many(n, lambda at: f"  p{at}: !!str a\n")),
    "a long key": (5_000, lambda n: manifest(HEAD + "a" * n + ": 1\n")),
    "a long id": (
        5_000,
        lambda n: manifest(HEAD + PUSHES + f"  {'a' * min(n, 900)}{'b' * n}:\n" + REST),
    ),
    "open brackets": (60, lambda n: manifest(HEAD + "x: " + "[" * n)),
    "braces within braces": (60, lambda n: manifest(HEAD + "x: " + "{a: " * n)),
    "a bracket not closed": (1_000, lambda n: manifest(HEAD + "x: [" + "a, " * n + "\ny: 1\n")),
    "lines in a bracket": (1_000, lambda n: manifest(HEAD + "x: [\n" + "  a: b,\n" * n)),
    "lines without a colon": (2_000, lambda n: manifest(HEAD + "a\n" * n)),
    "full-width lines": (
        1_000,
        lambda n: manifest(HEAD + "".join(f"a{at}：b\n" for at in range(n))),
    ),
    "dashes": (2_000, lambda n: manifest(HEAD + "x:\n" + "- \n" * n)),
    "questions": (1_000, lambda n: manifest(HEAD + "x: [" + "a?, " * n + "]\n")),
    "hours in brackets": (1_000, lambda n: manifest(HEAD + "x: [" + "20:00, " * n + "]\n")),
    "documents": (1_000, lambda n: manifest(HEAD + "---\n" * n)),
    # schedules
    "times": (
        100,
        lambda n: manifest(
            HEAD
            + PUSHES
            + ENTRY.replace(
                '"09:45"', flow(n, lambda at: f'"{at // 60 % 24:02d}:{at % 60:02d}:{at % 50:02d}"')
            )
        ),
    ),
    "days": (
        200,
        lambda n: manifest(
            HEAD + PUSHES + ENTRY.replace("every: day", f"every: {flow(n, lambda at: str(at))}")
        ),
    ),
    "words of days": (
        200,
        lambda n: manifest(
            HEAD + PUSHES + ENTRY.replace("every: day", "every: " + "mon and " * n + "tue")
        ),
    ),
    "skipped days": (
        200,
        lambda n: manifest(
            HEAD
            + PUSHES
            + ENTRY.replace(
                "from: 2026-12-02",
                "skip: " + flow(n, lambda at: f"20{at % 60 + 27}-01-{at % 28 + 1:02d}"),
            )
        ),
    ),
    "parts of a rule": (
        500,
        lambda n: manifest(
            HEAD + PUSHES + ENTRY.replace("every: day", "rrule: FREQ=DAILY" + ";BYDAY=MO" * n)
        ),
    ),
    "days of a rule": (
        500,
        lambda n: manifest(
            HEAD
            + PUSHES
            + ENTRY.replace("every: day", 'rrule: "FREQ=MONTHLY;BYDAY=' + "1MO," * n + '2TU"')
        ),
    ),
    "days of a year": (
        300,
        lambda n: manifest(
            HEAD
            + PUSHES
            + ENTRY.replace("every: day", 'rrule: "FREQ=YEARLY;BYYEARDAY=' + "1," * n + '2"')
        ),
    ),
    "cron": (
        500,
        lambda n: manifest(
            HEAD + PUSHES + ENTRY.replace("every: day", "cron: 0 9 * * " + "1," * n + "2")
        ),
    ),
    # people
    "targets": (
        1_000,
        lambda n: manifest(
            HEAD + PUSHES + ENTRY.replace("[user1024]", flow(n, lambda at: f"user{at}"))
        ),
    ),
    "the same target": (
        500,
        lambda n: manifest(HEAD + PUSHES + ENTRY.replace("[user1024]", flow(n, lambda at: "u"))),
    ),
    "targets with spaces": (
        300,
        lambda n: manifest(
            HEAD + PUSHES + ENTRY.replace("[user1024]", flow(n, lambda at: f'" u{at} "'))
        ),
    ),
    "addresses as targets": (
        500,
        lambda n: manifest(
            HEAD + PUSHES + ENTRY.replace("[user1024]", flow(n, lambda at: f"a{at}@a.example"))
        ),
    ),
    "numbers as targets": (
        300,
        lambda n: manifest(HEAD + PUSHES + ENTRY.replace("[user1024]", flow(n, str))),
    ),
    "hidden targets": (
        300,
        lambda n: manifest(
            HEAD.replace("prod}", "prod, targets: hashed}")
            + PUSHES
            + ENTRY.replace("[user1024]", flow(n, lambda at: f'" u{at} "'))
        ),
    ),
    "hidden targets of one text": (
        300,
        lambda n: manifest(
            HEAD.replace("prod}", "prod, targets: hashed}")
            + PUSHES
            + ENTRY.replace("[user1024]", flow(n, lambda at: f"t{at}")).replace(
                "It works.", '"' + "${t1 t2}" * n + '"'
            )
        ),
    ),
    "one long target": (
        5_000,
        lambda n: manifest(HEAD + PUSHES + ENTRY.replace("user1024", "@." * n)),
    ),
    "a phone number": (
        5_000,
        lambda n: manifest(HEAD + PUSHES + ENTRY.replace("user1024", '"+1' + " 1" * n + '"')),
    ),
    "target format": (
        1_000,
        lambda n: manifest(
            HEAD
            + "policy: {targets: {users: '(a|aa)+b'}}\n"
            + PUSHES
            + ENTRY.replace("user1024", "a" * n)
        ),
    ),
    "txt": (2_000, lambda n: audience("a.txt", "".join(f"user{at}\n" for at in range(n)))),
    "txt on one line": (20_000, lambda n: audience("a.txt", "u " * n)),
    "txt with comments": (5_000, lambda n: audience("a.txt", "u\n" + "#a\n" * n)),
    "txt with control characters": (3_000, lambda n: audience("a.txt", "u\x07\n" * n)),
    "csv": (2_000, lambda n: audience("a.csv", "user\n" + "".join(f"u{at}\n" for at in range(n)))),
    "csv with columns": (
        2_000,
        lambda n: audience("a.csv", "name;user_id\n" + "".join(f"x;u-{at}\n" for at in range(n))),
    ),
    "csv of nobody": (1_000, lambda n: audience("a.csv", "user\n" + "NULL\nTotal 1,2\n" * n)),
    "separators": (5_000, lambda n: audience("a.csv", "user" + ",;" * n + "\n")),
    "a long total": (5_000, lambda n: audience("a.txt", "total" + " 1" * n + "x\n")),
    "lines like a merge conflict": (3_000, lambda n: audience("a.txt", "<<<<<<<x\n" * n)),
    "columns": (2_000, lambda n: audience("a.csv", ",".join(f"c{at}" for at in range(n)) + "\n")),
    "an open quote": (3_000, lambda n: audience("a.csv", 'user\n"a\n' + "b\n" * n)),
    "quotes in a csv": (2_000, lambda n: audience("a.csv", "user\n" + '"a""b"\n' * n)),
    "jsonl": (1_000, lambda n: audience("a.jsonl", "".join(f'"u{at}"\n' for at in range(n)))),
    "jsonl with mistakes": (2_000, lambda n: audience("a.jsonl", "[\n" * n)),
    "jsonl of brackets": (5_000, lambda n: audience("a.jsonl", "[" * n)),
    "suppressed": (
        1_000,
        lambda n: {
            **many(n // 20, marketing, HEAD + "policy: {suppressed: a.txt}\n"),
            "a.txt": "".join(f"user{at}\n" for at in range(n)).encode(),
        },
    ),
    # calendars
    "calendar": (
        1_000,
        lambda n: calendar("a.txt", "".join(f"2{at % 999:03d}-01-01 a\n" for at in range(n))),
    ),
    "calendar of words": (5_000, lambda n: calendar("a.txt", "2027-01-01 " + "2027-01 " * n)),
    "calendar of dots": (5_000, lambda n: calendar("a.txt", "2027-01-01" + " ." * n)),
    "calendar of spaces": (5_000, lambda n: calendar("a.txt", "2027-01-01" + " " * n + "x")),
    "calendar with mistakes": (1_000, lambda n: calendar("a.txt", "a\n" * n)),
    "events": (30, lambda n: calendar("a.ics", ics("".join(map(event, range(n)))))),
    "events with mistakes": (
        30,
        lambda n: calendar(
            "a.ics", ics("".join(event(at).replace("VALUE=DATE:", "") for at in range(n)))
        ),
    ),
    "other components": (30, lambda n: calendar("a.ics", ics("BEGIN:VTODO\nEND:VTODO\n" * n))),
    "events within events": (30, lambda n: calendar("a.ics", ics("BEGIN:VEVENT\n" * n))),
    "a long line of an event": (
        3_000,
        lambda n: calendar("a.ics", ics(event(1).replace("UID:", "SUMMARY:" + "a" * n + "\nUID:"))),
    ),
    "parameters of an event": (
        200,
        lambda n: calendar("a.ics", ics(event(1).replace("UID:", "X" + ";A=B" * n + ":"))),
    ),
    "folded lines of an event": (
        1_000,
        lambda n: calendar(
            "a.ics", ics(event(1).replace("UID:", "SUMMARY:a" + "\n b" * n + "\nUID:"))
        ),
    ),
    "lines of no event": (1_000, lambda n: calendar("a.ics", ics("X-A:b\n" * n))),
    "zones of a calendar": (
        20,
        lambda n: calendar(
            "a.ics",
            ics(
                "BEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
                "TZOFFSETFROM:+0800\nTZOFFSETTO:+0800\nEND:STANDARD\nEND:VTIMEZONE\n" * n
            ),
        ),
    ),
}
