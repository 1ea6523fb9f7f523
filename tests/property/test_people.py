"""Whatever a list of people holds: exactly those whom a person reads in it get it, or nobody does.

A list is made of ids and of what programs put around them; what a person reads in it is known
before it is written down.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushctl.diagnostics import Position, Range
from pushctl.lint.severity import adjustable
from pushctl.manifest.resolve.audience_files import Audience, Request, parse
from tests.examples import share

USED = Range("pushctl.yaml", Position(7, 22), Position(7, 30))
QUICK = settings(max_examples=share(150), deadline=None)

IDS: tuple[Callable[[int], str], ...] = (
    "u{}".format,
    "qh-{:06d}".format,
    "{:010d}".format,
    "用户-{}".format,
    "shop.{}@cn".format,
    lambda n: hashlib.md5(str(n).encode(), usedforsecurity=False).hexdigest(),
)
HEADERS = {
    "users": "user_id userId USER-ID uid openid open_id account_id 用户ID 客户编号 会员号 id",
    "android": "device_id deviceId DEVICE device token 设备ID 设备号 id",
    "ios": "device_token deviceToken token 设备ID id",
    "harmony": "device_id device 设备号 target",
}
OTHER_NAMES = ("name", "city", "注册日期", "tier", "e-mail")
OTHER_VALUES = ("Ann", "Lee, Ann", "a;b", "x|y", 'the "one"', "two\nlines", "NULL", "", "王", "3,5")

WORDS = (
    "NULL null None nan NaN \\N undefined N/A n/a #N/A #REF! #NAME? #VALUE! #DIV/0! - -- ??? "
    "(null) (empty) 1.38E+10 1.38012E10 1,38E+10 2e+15 1001.0 all ALL * 全部 Total TOTAL: 合计 "
    "总计：12 '0042 =A1 “u7” user_id deviceId"
)
NOBODY = WORDS.split()
HIDDEN = ["u7\ufeff", "u\u200b7", "u7\u200e", "\u202eu7", "u\u00ad7", "u7\u2060", "u7\ufe0f"]
SEVERAL = ["u7,u8", "u7;u8", "u7，u8", "u7、u8", "u7|u8", "u7\tu8", "u7 u8", "u7, u8"]


@dataclass(frozen=True)
class Written:
    """A list, its kind, whom a person reads in it, and the line on which it cannot be read."""

    name: str
    kind: str
    content: bytes
    ids: tuple[str, ...]
    line: int | None = None

    def read(self) -> Audience:
        return parse(Request(self.name, None, USED, self.kind), self.content)


@st.composite
def ids(draw: st.DrawFn) -> list[str]:
    make = draw(st.sampled_from(IDS))
    numbers = draw(st.lists(st.integers(1, 900), min_size=1, max_size=6, unique=True))
    return [make(number) for number in numbers]


@st.composite
def csv_lists(draw: st.DrawFn, *, spoilt: bool) -> Written:
    people = draw(ids())
    kind = draw(st.sampled_from(sorted(HEADERS)))
    others = draw(st.lists(st.sampled_from(OTHER_NAMES), max_size=3, unique=True))
    at = draw(st.integers(0, len(others)))
    values: list[str | None] = [*people]
    mark = draw(st.sampled_from([",", ";", "\t", "|"])) if others else ","
    several = [x for x in SEVERAL if not others or not {mark, "|", " "} & {*x}]
    wrong = draw(st.sampled_from(NOBODY + HIDDEN + several)) if spoilt else None
    spoilt_at = draw(st.integers(0, len(values)))
    if wrong is not None:
        values.insert(spoilt_at, wrong)
    for place in draw(st.lists(st.integers(0, len(values)), max_size=2)):
        values.insert(place, None)  # a line with nothing on it
    end = draw(st.sampled_from(["\n", "\r\n"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=mark, lineterminator=end, quoting=quoting)
    if draw(st.booleans()) and others:
        out.write(f"sep={mark}{end}")
    if others or draw(st.booleans()) or wrong in ("user_id", "deviceId"):
        header = draw(st.sampled_from(HEADERS[kind].split()))
        writer.writerow([*others[:at], header, *others[at:]])
    line = None
    for value in values:
        if value is wrong and wrong is not None:
            line = out.getvalue().count("\n") + 1
        if value is None:
            out.write(draw(st.sampled_from(["", mark * len(others), "  "])) + end)
            continue
        rest = [draw(st.sampled_from(OTHER_VALUES)) for _ in others]
        writer.writerow([*rest[:at], value, *rest[at:]])
    text = out.getvalue()
    encoded = text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig"])))
    return Written("a.csv", kind, encoded, tuple(people), line)


@st.composite
def txt_lists(draw: st.DrawFn, *, spoilt: bool) -> Written:
    people = draw(ids())
    kind = draw(st.sampled_from(sorted(HEADERS)))
    quote = draw(st.sampled_from(["{}", '"{}"', "'{}'", "  {}\t"]))
    lines = [quote.format(person) for person in people]
    wrong = draw(st.sampled_from(NOBODY + HIDDEN + SEVERAL)) if spoilt else None
    if wrong is not None:
        lines.insert(draw(st.integers(1, len(lines))), wrong)
    for place in draw(st.lists(st.integers(0, len(lines)), max_size=2)):
        lines.insert(place, draw(st.sampled_from(["", "# VIPs, of 2026", "   "])))
    if draw(st.booleans()) or wrong in ("user_id", "deviceId"):
        lines.insert(0, draw(st.sampled_from(HEADERS[kind].split())))
    line = lines.index(wrong, 1) + 1 if wrong is not None else None
    text = draw(st.sampled_from(["\n", "\r\n"])).join(lines)
    encoded = text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig"])))
    return Written("a.txt", kind, encoded, tuple(people), line)


@st.composite
def jsonl_lists(draw: st.DrawFn, *, spoilt: bool) -> Written:
    people = draw(ids())
    kind = draw(st.sampled_from(sorted(HEADERS)))
    key = draw(st.sampled_from(HEADERS[kind].split()))

    def row(value: object) -> str:
        made = draw(st.sampled_from([value, {key: value, "name": "x"}, {"city": "y", key: value}]))
        return json.dumps(made, ensure_ascii=draw(st.booleans()))

    lines = [row(person) for person in people]
    line = None
    if spoilt:
        wrong = [None, 7, 1.38e10, True, ["u7"], "", *NOBODY[:-2], *HIDDEN]
        raw = ["u7", '{"name": "x"}', '{"error": {"code": "NoSuchKey"}}', '{"user_id": "u7"', "{}"]
        bad = draw(st.sampled_from([*map(row, wrong), *raw]))
        at = draw(st.integers(0, len(lines)))
        lines.insert(at, bad)
        line = at + 1
    return Written("a.jsonl", kind, "\n".join(lines).encode(), tuple(people), line)


@QUICK
@given(st.one_of(*(make(spoilt=False) for make in (csv_lists, txt_lists, jsonl_lists))))
def test_who_is_on_a_list_is_read(written: Written) -> None:
    assert written.read() == Audience(written.ids, ()), written


@QUICK
@given(st.one_of(*(make(spoilt=True) for make in (csv_lists, txt_lists, jsonl_lists))))
def test_what_cannot_be_read_stops_everything_at_its_line(written: Written) -> None:
    errors = [item for item in written.read().findings if item.severity == "error"]
    assert [item.range.start.line for item in errors if item.range] == [written.line], written
    assert not any(adjustable(item) for item in errors)


INSTEAD = [
    b"version https://git-lfs.github.com/spec/v1\noid sha256:0a\nsize 9\n",
    b"<!DOCTYPE html>\n<html><body>Log in</body></html>\n",
    b"\n<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>",
    b'{"code": "NoSuchKey", "message": "gone", "id": 7}',
    b'[{"user_id": "u1"}]',
    b"Access Denied\n",
    b"curl: (6) Could not resolve host\n",
    b"PK\x03\x04\x14\x00\x06\x00xl/workbook.xml",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x1f\x8b\x08\x00",
    "user_id,name\nu1,王\n".encode("gbk"),
    "user_id,name\nu1,x\n".encode("utf-16"),
    "user_id\tname\nu1\tx\n".encode("utf-16-le"),
    "user_id\nu1\n".encode("utf-16-be"),
]


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.jsonl"])
@pytest.mark.parametrize("content", INSTEAD, ids=range(len(INSTEAD)))
def test_what_stands_in_place_of_a_list_stops_everything(name: str, content: bytes) -> None:
    errors = [x for x in Written(name, "users", content, ()).read().findings if x.code != "PSH506"]
    assert errors
    assert errors[0].range is not None
    assert errors[0].range.filename == name
    assert all(item.severity == "error" and not adjustable(item) for item in errors)


@QUICK
@given(
    st.one_of(*(make(spoilt=False) for make in (csv_lists, txt_lists, jsonl_lists))),
    st.integers(0, 99),
)
def test_a_merge_conflict_stops_everything_at_its_line(written: Written, place: int) -> None:
    lines = written.content.replace(b"two\nlines", b"two lines").split(b"\n")
    at = 1 + place % len(lines)
    marks = [b"<<<<<<< HEAD", *lines[at:], b"=======", *lines[at:], b">>>>>>> other"]
    spoilt = Written(written.name, written.kind, b"\n".join([*lines[:at], *marks]), ())
    (found,) = spoilt.read().findings
    assert "merge conflict" in found.detail
    assert found.range is not None
    assert found.range.start.line == at + 1
