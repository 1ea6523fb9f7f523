"""What is said about data that is not valid."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.manifest.project import HEAD, PUSH, project


@pytest.mark.parametrize(
    ("wrong", "meaning"),
    [
        (
            "policy: {quiet_hours: {from: '22:00'}}",
            "`until: ...`: when it ends; before `from` means on the next day",
        ),
        ("policy: {quiet_hours: {until: '08:00'}}", "`from: ...`: when it begins"),
        (
            "policy: {freezes: [{from: 2027-02-05, reason: x}]}",
            "`until: ...`: the last day, included",
        ),
        ("moved: [{from: a}]", "`to: ...`: the id it has now"),
        ("removed: [{}]", "`id: ...`: the id that is gone"),
    ],
)
def test_what_is_missing_is_said_in_words(wrong: str, meaning: str, tmp_path: Path) -> None:
    found = project(tmp_path, {"pushctl.yaml": f"{HEAD}{wrong}\n"}).diagnostics
    assert f"add {meaning}" in [item.fix for item in found]


@pytest.mark.parametrize(
    ("line", "code", "detail", "fix"),
    [
        ("vai: mps", "PSH104", 'There is no field "vai" in a push.', "did you mean `via`?"),
        (
            "colour: red",
            "PSH104",
            'no field "colour" in a push',
            "delete it; `pushctl help manifest`",
        ),
        ("via: mpss", "PSH112", "`via` must be default or mps", "write `mps`"),
        ("enabled: 'no'", "PSH110", "must be true or false, here it is the text", "write true or"),
        ("name: 5", "PSH110", "must be text, here it is the number 5", 'put it in quotes: "5"'),
        ("labels: [a]", "PSH110", "must be a map of `key: value` lines", "write `key: value`"),
        ("name: ''", "PSH113", "`name` is empty.", "write some text"),
        ("expires_after: 4 hours", "PSH113", "not written as it has to be", "write 4h"),
        (
            "offer_ends: 2026-12-24",
            "PSH114",
            "a time of day is needed",
            "write the time behind it, as in",
        ),
        ("offer_ends: '20:00'", "PSH114", "a date is needed", "write YYYY-MM-DDT20:00 with"),
        ("offer_ends: 3/4/2026 8pm", "PSH113", "not written", "did you mean 2026-04-03T20:00 or"),
        ("offer_ends: Dec 24 8pm", "PSH113", "not written", "write it with its year: YYYY-12-24T"),
        ("offer_ends: 2026-12-24 8pm", "PSH113", "not written", "write 2026-12-24T20:00"),
        ("offer_ends: 2026-12-24 8pm CST", "PSH113", "cannot be", "write date and time with a T"),
        ("expires_after: ' 4h '", "PSH113", "begins with a space and ends with a", "write 4h"),
        ("expires_after: '４h'", "PSH113", "has signs that are full-width", "write 4h"),
        ("expires_after: 0", "PSH113", "must be a number from 1 to", "write a number from 1 to"),
    ],
)
def test_what_is_wrong_and_what_to_type(
    line: str, code: str, detail: str, fix: str, tmp_path: Path
) -> None:
    text = f"{HEAD}pushes:\n  a:\n{PUSH}    {line}\n"
    (found,) = project(tmp_path, {"pushctl.yaml": text}).diagnostics
    assert found.code == code
    assert detail in found.detail
    assert found.fix is not None
    assert found.fix.startswith(fix)
    assert found.range is not None
    assert found.range.start.line == 9


@pytest.mark.parametrize(
    ("to", "fix"),
    [
        (
            "all",
            "did you mean everybody? Nothing stands for them: list their ids in a `users_from`",
        ),
        ("Everyone", "did you mean everybody?"),
        ("'*'", "did you mean everybody?"),
        ("所有人", "did you mean everybody?"),
        ("[all]", "did you mean everybody?"),
        ("{users: all}", "did you mean everybody?"),
        ("u1", "did you mean `to: {users: [u1]}`?"),
        ("[u1, u2]", "did you mean `to: {users: [u1, u2]}`?"),
        ("u1; u2", "did you mean `to: {users: [u1, u2]}`?"),
        ("{users: 'u1,u2'}", "did you mean `users: [u1, u2]`?"),
        ("{users: • u1 • u2}", "did you mean `users: [u1, u2]`?"),
        ("{users: u1，u2}", "did you mean `users: [u1, u2]`?"),
        ("{ios: t1 t2}", "did you mean `ios: [t1, t2]`?"),
        ("vip.csv", "did you mean `to: {users_from: vip.csv}`?"),
        ("{android: lists/VIP.CSV}", "did you mean `android_from: lists/VIP.CSV`?"),
        ("{users: u1}", "put it in brackets: [u1]"),
        ("{users: true}", "put it in brackets: [true]"),
        ("5", "write `key: value` lines below it, or {key: value}"),
    ],
)
def test_people_are_asked_about(to: str, fix: str, tmp_path: Path) -> None:
    text = f"{HEAD}pushes:\n  a:\n{PUSH.replace('{users: [user1024]}', to)}"
    (found,) = project(tmp_path, {"pushctl.yaml": text}).diagnostics
    assert found.code == "PSH110"
    assert (found.fix or "").startswith(fix)
    assert (found.edits != ()) == (to == "{users: u1}")


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ("{title: {zh: 你好, en: Hello}, body: B}", ["title"]),
        ("{title: {zh-CN: A, en_US: B}, body: {zh-CN: A, en_US: B}}", ["title", "body"]),
        ("{title: A, body: B, zh: {title: C}, en: {title: D}}", ["title", "title"]),
    ],
)
def test_languages_are_told_of_for_each(message: str, names: list[str], tmp_path: Path) -> None:
    text = f"{HEAD}pushes:\n  a:\n{PUSH.replace('{title: Hello, body: It works.}', message)}"
    found = project(tmp_path, {"pushctl.yaml": text}).diagnostics
    fix = "make a push for each language with `for_each`, and write ${each.value.%s} for its text"
    assert [item.fix for item in found] == [fix % name for name in names]


def test_a_map_of_something_else_is_no_languages(tmp_path: Path) -> None:
    text = f"{HEAD}pushes:\n  a:\n{PUSH.replace('Hello', '{text: Hello}')}"
    (found,) = project(tmp_path, {"pushctl.yaml": text}).diagnostics
    assert found.fix == "write plain text"


@pytest.mark.parametrize(
    ("schedule", "fix"),
    [
        ("{every: day}", "add `at: ...`: when"),
        ("{every: mon, from: 2026-12-07T20:00}", 'did you mean `at: "20:00"`?'),
        ("{every: mon at 8pm}", 'did you mean `at: "20:00"`?'),
        ("{rrule: 30 9 * * 1}", 'cron is not read here; write `every: mon` and `at: "09:30"`'),
        ("{every: mon 8:00 or 9:00}", "add `at: ...`: when"),
    ],
)
def test_a_time_that_another_field_says_is_not_replaced_by_an_example(
    schedule: str, fix: str, tmp_path: Path
) -> None:
    text = f"{HEAD}pushes:\n  a:\n{PUSH}".replace('{every: day, at: "09:45"}', schedule)
    assert schedule in text
    found = project(tmp_path, {"pushctl.yaml": text}).diagnostics
    assert any((item.fix or "").startswith(fix) for item in found if item.code == "PSH111")
