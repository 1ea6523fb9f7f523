"""What a search of the inbox finds."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from pushctl.sandbox import Sandbox
from tests.unit.sandbox.client import NOW, Client


@pytest.fixture(scope="module")
def url() -> object:
    with Sandbox(now=NOW) as sandbox:
        client = Client(sandbox.url)
        client.push(TaskName="greeting", Title="Good morning", TargetMsgkey={"0042": "a"})
        client.advance(86_400)
        client.push(TaskName="bill", Title="100% off", TargetMsgkey={"0043": "b", "1[?]": "c"})
        client.push(TaskName="big bill", AppId="B", TargetMsgkey={"x_y": "d"})
        yield sandbox.url


@pytest.mark.parametrize(
    ("search", "keys"),
    [
        ("", "abcd"),
        ("user:0042", "a"),
        ("user:004*", "ab"),
        ("-user:004*", "cd"),
        ("user:1[?]", "c"),
        ("user:1[?*", "c"),
        ("user:004?", ""),
        ("vendor:vivo", ""),
        ("-vendor:vivo", "abcd"),
        ("is:shown", "abcd"),
        ("is:rejected", ""),
        ("app:B", "d"),
        ("app:A/w", "abc"),
        ("app:*/w user:x*", "d"),
        ("task:bill", "bc"),
        ('task:"big bill"', "d"),
        ('"good MORNING"', "a"),
        ("good morning", "a"),
        ("morning good", "a"),
        ("title:0%", "bc"),
        ("title:g_o", ""),
        ("x_y", "d"),
        ("x%y", ""),
        ("after:2026-12-02", "bcd"),
        ("before:2026-12-02", "a"),
        ("after:2026-12-02T10:00 before:2026-12-02T10:01", "bcd"),
        ("after:2026-12-02T02:00:01Z", ""),
        ("http://nowhere", ""),
        ('"titel:x"', ""),
        ("vendor:v*", ""),
        ("10:30 :x title: 中:x", ""),
        ("'; DROP TABLE deliveries; --", ""),
        ('"', "abcd"),
    ],
)
def test_a_search(url: str, search: str, keys: str) -> None:
    found = Client(url).control("GET", f"inbox?q={quote(search)}")

    assert sorted(message["message_key"] for message in found["messages"]) == list(keys)
    assert found["total"] == len(keys)


@pytest.mark.parametrize(
    ("search", "said"),
    [
        ("titel:x", "titel:x: there are user:, vendor:"),
        ("good -Title:x", "Title:x: there are"),
        ("vendor:nokia", "vendor: takes one of mps, xiaomi"),
        ("is:lost", "is: takes one of shown"),
    ],
)
def test_a_search_for_what_there_is_not(url: str, search: str, said: str) -> None:
    assert said in Client(url).control("GET", f"inbox?q={quote(search)}", status=400)["error"]
