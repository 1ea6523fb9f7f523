from __future__ import annotations

import pytest

from pushctl.manifest.resolve.audience_columns import (
    ColumnError,
    check_title,
    choose,
    is_column_name,
    is_other_kind,
    separator,
)


@pytest.mark.parametrize(
    ("names", "kind", "column"),
    [
        ("user_id,device_id", "users", "user_id"),
        ("user_id,device_id", "android", "device_id"),
        ("user,user_id", "users", "user_id"),
        ("openid,user_id", "users", "user_id"),
        ("name,openId", "users", "openId"),
        ("id,user", "users", "user"),
        ("name,id", "android", "id"),
        ("姓名,客户编号", "users", "客户编号"),
        ("姓名,用户 ID", "users", "用户 ID"),
        ("device_id,token", "android", "device_id"),
        ("device_id,token", "ios", "token"),
        ("设备号,用户ID", "harmony", "设备号"),
        ("user_id,activity_id", "activity_ids", "activity_id"),
        ("user_id,token", "activity_tokens", "token"),
    ],
)
def test_the_column_of_the_kind(names: str, kind: str, column: str) -> None:
    row = names.split(",")
    assert row[choose(row, kind, None, "a.csv")] == column


@pytest.mark.parametrize(
    ("names", "kind", "words"),
    [
        ("uid,openid", "users", '"uid", "openid"'),
        ("userId,user_id", "users", '"userId", "user_id"'),
        ("id,device_id", "users", '"id", "device_id"'),
        ("user_id,user_id", "users", '"user_id", "user_id"'),
        ("device_id,name", "users", "no column of users"),
        ("user_id", "ios", "no column of ios"),
        ("member,city", "users", '"member", "city"'),
    ],
)
def test_a_column_is_asked_for(names: str, kind: str, words: str) -> None:
    with pytest.raises(ColumnError) as told:
        choose(names.split(","), kind, None, "a.csv")
    assert words in told.value.args[0]
    assert "{file: a.csv, column: " in told.value.args[1]


def test_the_column_that_was_asked_for() -> None:
    assert choose(["user_id", "device_id"], "users", "device_id", "a.csv") == 1
    with pytest.raises(ColumnError, match="several columns"):
        choose(["x", "x"], "users", "x", "a.csv")


@pytest.mark.parametrize(
    ("line", "mark", "is_told"),
    [
        ("user_id", ",", False),
        ("user_id,name", ",", False),
        ("user_id;name", ";", False),
        ("user_id\tname", "\t", False),
        ("user_id|name", "|", False),
        ('"a;b",user_id', ",", False),  # in quotes it separates nothing
        ("first, last;user_id", ";", False),  # with a comma nothing would be a column of people
        ("sep=;", ";", True),
        ('"sep=\t"', "\t", True),
        ("SEP=|", "|", True),
    ],
)
def test_the_separator(line: str, mark: str, is_told: bool) -> None:
    assert separator(line, "users", None, "a.csv") == (mark, is_told)


@pytest.mark.parametrize("line", ["a,b;c", "uid,x;user_id", "u1;3,5"])
def test_a_separator_is_asked_for(line: str) -> None:
    with pytest.raises(ColumnError) as told:
        separator(line, "users", None, "a.csv")
    assert '"," or ";"' in told.value.args[0]
    assert told.value.args[1].startswith("write sep=, ")


def test_the_separator_that_shows_the_column_asked_for() -> None:
    assert separator("a,b;member", "users", "member", "a.csv") == (";", False)


def test_names_of_columns() -> None:
    assert all(
        map(is_column_name, ("userId", "USER ID", "user-id", "用户ID", '"user_id"', "Token"))
    )
    assert not any(map(is_column_name, ("u1", "name", "", "city", "member")))
    assert is_other_kind("device_id", "users")
    assert not any(is_other_kind(name, "users") for name in ("user_id", "id", "name"))


def test_a_title_above_the_names() -> None:
    with pytest.raises(ColumnError, match="on line 3"):
        check_title(1, ["VIPs of 2026", "", "name;user_id"], None, "a.csv")
    with pytest.raises(ColumnError, match="on line 2"):
        check_title(1, ["VIPs", '"member",x'], "member", "a.csv")
    check_title(1, ["u1", "u2", *["u"] * 10, "user_id"], None, "a.csv")
