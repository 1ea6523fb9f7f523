from __future__ import annotations

import pytest

from pushctl.diagnostics import Position, Range
from pushctl.manifest.resolve import audience_files
from pushctl.manifest.resolve.audience_files import Audience, Request, parse

USED = Range("pushctl.yaml", Position(7, 22), Position(7, 30))


def take(
    name: str,
    content: str | bytes,
    column: str | None = None,
    kind: str = "users",
    *,
    suppressed: bool = False,
) -> Audience:
    data = content.encode() if isinstance(content, str) else content
    return parse(Request(name, column, USED, kind, suppressed), data)


@pytest.mark.parametrize(
    ("name", "content", "column", "targets"),
    [
        ("a.csv", "user_id\nu1\nu2\n", None, ("u1", "u2")),
        ("a.csv", "u1\nu2", None, ("u1", "u2")),
        ("a.csv", "id\n0042\n", None, ("0042",)),
        ("a.CSV", "Name,User\r\nAda, u1 \r\n", None, ("u1",)),
        ("a.csv", "name,uid\nAda,u1\n", "uid", ("u1",)),
        ("a.csv", 'id,note\n"u,1","two\nlines"\nu2,x\n', None, ("u,1", "u2")),
        ("a.csv", "id\n\nu1\n\n", None, ("u1",)),
        ("a.csv", b"\xef\xbb\xbfid\nu1\n", None, ("u1",)),
        ("a.txt", "# people\nu1\n\n  u2  \r\n中文\n", None, ("u1", "u2", "中文")),
        (
            "a.jsonl",
            '"u1"\n\n{"userId": "u2"}\n{"user": "u3", "id": "x"}\n',
            None,
            ("u1", "u2", "u3"),
        ),
        ("a.jsonl", '{"uid": "u1"}\n', "uid", ("u1",)),
        ("a.csv", "user_id;name\nu1;Ann\nu2;Lee, Bob\n", None, ("u1", "u2")),
        ("a.csv", "sep=;\r\nname;user_id\r\n3,5;u1\r\n", None, ("u1",)),
        ("a.csv", "user_id\tname\nu1\tAnn\n\t\n", None, ("u1",)),
        ("a.csv", "name,user_id,\nAnn,u1\nBob,u2,,\n,,\n", None, ("u1", "u2")),
        ("a.csv", "userId\nu1\nu2\n", None, ("u1", "u2")),
        ("a.csv", "user_id,x\nauth0|5f7c,y\nAnn Lee,z\n", None, ("auth0|5f7c", "Ann Lee")),
        ("a.csv", "会员号\n'u1'\n", None, ("u1",)),
        ("a.txt", "# all\n用户ID\n\"u1\"\n'u2'\n", None, ("u1", "u2")),
        ("a.txt", "token\nu1\n", "token", ("u1",)),
        ("a.jsonl", '"u,1"\n"user"\n"u 2"\n', None, ("u,1", "user", "u 2")),
    ],
)
def test_people_are_read_in_order(
    name: str, content: str | bytes, column: str | None, targets: tuple[str, ...]
) -> None:
    assert take(name, content, column) == Audience(targets, ())


@pytest.mark.parametrize(
    ("name", "content", "column", "code", "line"),
    [
        ("a.csv", "name,age\nAda,3\n", None, "PSH515", 1),
        ("a.csv", "name,age\nAda,3\n", "nam", "PSH515", 1),
        ("a.csv", "name,id\nAda\n", None, "PSH514", 2),
        ("a.csv", "id,x\n\nu1,y\n ,z\n", None, "PSH514", 4),
        ("a.csv", 'id\n"u1\n', None, "PSH514", 2),
        ("a.csv", "id\n", None, "PSH512", 1),
        ("a.csv", "", None, "PSH512", 1),
        ("a.txt", "u1\nu\t2\n", None, "PSH514", 2),
        ("a.txt", "u1\nu\u20282\n", None, "PSH514", 2),
        ("a.jsonl", '"u1"\n{"x": 1}\n', None, "PSH514", 2),
        ("a.jsonl", '"u1"\n{"x": "1"}\n', "y", "PSH515", 2),
        ("a.jsonl", '"u1"\n' + "[" * 100_000 + "\n", None, "PSH514", 2),
        ("a.jsonl", '"u1"\ntrue\n', None, "PSH514", 2),
        ("a.jsonl", '"u1"\n" "\n', None, "PSH514", 2),
        ("a.txt", f"u1\nh:{'0a' * 16}\n", None, "PSH514", 2),
        ("a.xlsx", "u1\n", None, "PSH107", 1),
        ("people", "u1\n", None, "PSH107", 1),
        ("a.txt", b"u1\n\xff\n", None, "PSH109", 2),
        ("a.txt", b"\xff\xfeu\x001\x00", None, "PSH109", 1),
        ("a.csv", "user_id\n1.38E+10\n", None, "PSH514", 2),
        ("a.csv", "user_id\nu1\nuser_id\nu2\n", None, "PSH514", 3),
        ("a.csv", "user_id\nu1\n\nu2,u3\n", None, "PSH514", 4),
        ("a.csv", "name,user_id\nAnn,u1\nLee, Bob,u2\n", None, "PSH514", 3),
        ("a.csv", 'name,user_id\n"two\nlines",u1\nx,NULL\n', None, "PSH514", 4),
        ("a.csv", "sep=;\n\nuser_id;x\nall;y\n", None, "PSH514", 4),
        ("a.csv", '""\n', None, "PSH514", 1),
        ("a.csv", "user_id,x\nu1;u2,y\n", None, "PSH514", 2),
        ("a.csv", "user_id;x\nu1,u2;y\n", None, "PSH514", 2),
        ("a.csv", "user_id,x;y\nu1\n", None, "PSH514", 2),
        ("a.csv", "a;b,c\nu1\n", None, "PSH515", 1),
        ("a.csv", "uid,openid\nu1,o1\n", None, "PSH515", 1),
        ("a.csv", "VIPs,\nuser_id,name\nu1,Ann\n", None, "PSH515", 1),
        ("a.csv", "u1,Ann\nu2,Bob\n", None, "PSH515", 1),
        ("a.csv", "device_id\nd1\n", None, "PSH515", 1),
        ("a.csv", "user_id\nu1\n<<<<<<< HEAD\nu2\n", None, "PSH107", 3),
        ("a.txt", "VIPs\nuser_id\nu1\n", None, "PSH515", 1),
        ("a.txt", "device_id\nd1\n", None, "PSH515", 1),
        ("a.txt", "#REF!\n# fine\nu1\n", None, "PSH514", 1),
        ("a.txt", "u1\n#N/A\n", None, "PSH514", 2),
        ("a.jsonl", '"u1"\n"nan"\n', None, "PSH514", 2),
        ("a.jsonl", '"u1"\n{"uid": "u2", "openid": "o2"}\n', None, "PSH515", 2),
        ("a.jsonl", '{"device_id": "d1"}\n', None, "PSH515", 1),
    ],
)
def test_people_that_cannot_be_used_are_found_at_their_line(
    name: str, content: str | bytes, column: str | None, code: str, line: int
) -> None:
    (found,) = take(name, content, column).findings
    assert found.range is not None
    assert (found.code, found.range.filename, found.range.start.line) == (code, name, line)
    assert "pushctl.yaml, line 7" in found.detail
    assert found.fix


def test_repeated_people_get_it_once_and_are_mentioned_once() -> None:
    read = take("a.txt", "u1\nu2\nu1\nu1\nu2\n")
    assert read.targets == ("u1", "u2")
    (found,) = read.findings
    assert (found.code, found.severity) == ("PSH503", "warning")
    assert "line 1 and again on line 3" in found.detail
    assert "2 more" in found.detail


def test_people_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audience_files, "MAX_TARGETS", 3)
    (found,) = take("a.txt", "a\nb\nc\nd\n").findings
    assert found.code == "PSH108"


def test_people_of_a_large_file_are_read_in_order() -> None:
    lines = [f"user{at}" for at in range(100_000)]
    assert take("a.txt", "\n".join(lines)).targets == tuple(lines)


def test_findings_about_one_file_are_limited() -> None:
    assert len(take("a.txt", "\x01\n" * 1000).findings) == audience_files.MAX_FINDINGS


@pytest.mark.parametrize(
    ("kind", "targets"), [("users", ("u1", "u2")), ("android", ("d1", "d2")), ("ios", ("d1", "d2"))]
)
def test_the_column_is_that_of_the_kind(kind: str, targets: tuple[str, ...]) -> None:
    assert take("a.csv", "user_id,device_id\nu1,d1\nu2,d2\n", kind=kind) == Audience(targets, ())
    lines = '{"user_id": "u1", "device_id": "d1"}\n{"device_id": "d2", "user_id": "u2"}\n'
    assert take("a.jsonl", lines, kind=kind) == Audience(targets, ())


def test_one_that_looks_unlike_all_others_is_mentioned_at_its_line() -> None:
    read = take("a.csv", "Kundennummer\n1001\n1002\n1003\n")
    (found,) = read.findings
    assert (found.code, found.severity) == ("PSH506", "warning")
    assert found.range == Range.at("a.csv", 1)
    assert read.targets[0] == "Kundennummer"


def test_only_a_comment_says_that_nobody_is_suppressed() -> None:
    assert take("a.txt", "# nobody\n", suppressed=True) == Audience((), ())
    for name, content in (("a.txt", ""), ("a.csv", "user_id\n"), ("a.jsonl", "\n")):
        (found,) = take(name, content, suppressed=True).findings
        assert found.code == "PSH512"
        assert "# nobody" in str(found.fix)
