"""Title and body: how long, how large, what characters, what was left over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pushctl.diagnostics import Severity
from tests.unit.lint.found import message, of_entry

ONLY = {
    "ios": {"to": {"ios": ["7" * 64]}},
    "harmony": {"to": {"harmony": ["harmony-1"]}},
    "users": {},
}
LENGTHS = {"PSH301", "PSH302", "PSH303", "PSH304", "PSH305", "PSH317", "PSH318"}


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        ("a" * 32, set()),
        ("a" * 33, {"PSH303"}),
        ("a" * 40, {"PSH303"}),
        ("a" * 41, {"PSH301", "PSH303", "PSH304", "PSH305"}),
        ("a" * 51, {"PSH301", "PSH302", "PSH303", "PSH304", "PSH305"}),
        ("a" * 61, LENGTHS),
        ("全" * 20, set()),
        ("全" * 21, {"PSH301", "PSH305"}),
        ("全" * 31, {"PSH301", "PSH305", "PSH317", "PSH318"}),
    ],
)
def test_titles(title: str, codes: set[str], tmp_path: Path) -> None:
    assert set(of_entry(tmp_path, message(title))) == codes


@pytest.mark.parametrize(
    ("body", "style", "codes"),
    [
        ("a" * 100, "default", set()),
        ("a" * 101, "default", {"PSH301"}),
        ("a" * 129, "default", {"PSH301", "PSH302"}),
        ("a" * 129, "big-text", {"PSH301", "PSH302", "PSH303"}),
        ("a" * 201, "default", {"PSH301", "PSH302", "PSH303"}),
        ("全" * 51, "default", {"PSH301"}),
    ],
)
def test_bodies(body: str, style: str, codes: set[str], tmp_path: Path) -> None:
    assert set(of_entry(tmp_path, message(body=body, style=style))) == codes


def test_only_the_phones_that_are_reached_count(tmp_path: Path) -> None:
    long = message("a" * 61)
    assert set(of_entry(tmp_path, {**long, **ONLY["ios"]})) == {"PSH305"}
    assert set(of_entry(tmp_path, {**long, **ONLY["harmony"]})) == {"PSH318"}
    # The service's own channel has no limits of its own, but iPhones stay iPhones.
    assert set(of_entry(tmp_path, {**long, "via": "mps"})) == {"PSH305", "PSH318"}
    assert set(of_entry(tmp_path, {**long, "via": "mps", "to": {"android": ["d1"]}})) == set()


def test_what_to_shorten_is_told_in_numbers(tmp_path: Path) -> None:
    found = of_entry(tmp_path, message("全" * 23))["PSH301"]
    assert found.detail == "The title is 46 of 40 units long; vivo will reject it."
    assert found.fix is not None
    assert found.fix.startswith("shorten it by 3 characters")
    assert found.severity is Severity.ERROR
    assert found.push == "flash-sale"


@pytest.mark.parametrize(
    ("body", "extras", "codes"),
    [
        ("全" * 679 + "a", {}, set()),  # with the title's 10 bytes exactly 2,048
        ("全" * 679 + "ab", {}, {"PSH306"}),
        ("x", {"payload": "y" * 1010}, set()),
        ("x", {"payload": "y" * 1011}, {"PSH316"}),
        ("x", {"payload": "y" * 2100}, {"PSH306"}),
    ],
)
def test_sizes(body: str, extras: dict[str, str], codes: set[str], tmp_path: Path) -> None:
    entry: dict[str, Any] = {**message(body=body, extras=extras), **ONLY["harmony"]}
    found = of_entry(tmp_path, entry)
    assert set(found) == codes


def test_a_link_counts_too(tmp_path: Path) -> None:
    link = "https://m.acme.example/" + "x" * 2100
    found = of_entry(tmp_path, message(open=link))
    assert "link 2,123" in found["PSH306"].detail
    assert (found["PSH306"].fix or "").startswith("shorten the link by 100 bytes")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Flash\u200b sale", "zero width space"),
        ("Fla\u00adsh", "soft hyphen"),
        ("\u202egpj.exe", "right-to-left override"),
        ("Sale \u2067now\u2069", "right-to-left isolate"),
        ("Sale \x1b[31m", "U+001B"),
        ("100\ufffd off", "replacement character"),
        ("\uf8ff Pay", "U+F8FF"),
        ("S\u0301\u0302\u0303ale", "combining acute"),
        ("a\u200db", "zero width joiner"),
    ],
)
def test_suspect_characters(text: str, word: str, tmp_path: Path) -> None:
    found = of_entry(tmp_path, message(body=text))
    assert set(found) == {"PSH311"}
    assert word in found["PSH311"].detail
    assert found["PSH311"].detail.isprintable()
    assert found["PSH311"].severity is Severity.WARNING


@pytest.mark.parametrize(
    "text",
    [
        "全场六折，会员优先！",
        "Déjà vu à Tiếng Việt",
        "می\u200cخواهم",  # Persian needs its joiner
        "क्\u200dष",
        "السلام \u200f!",
        "🎉 ☀️ 👍🏽 🇨🇳 1️⃣",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "two\nlines\tand a tab",
    ],
)
def test_what_people_write_is_no_suspect(text: str, tmp_path: Path) -> None:
    assert of_entry(tmp_path, message(body=text)) == {}


def test_emoji_put_together_are_for_information(tmp_path: Path) -> None:
    found = of_entry(tmp_path, message(body="For 👨‍👩‍👧 and 👩🏽‍🚀"))["PSH311"]
    assert found.severity is Severity.INFO
    assert "counts as 5 characters" in found.detail
    assert "1 more" in found.detail


def test_a_title_of_two_lines(tmp_path: Path) -> None:
    assert set(of_entry(tmp_path, message("Flash\nsale"))) == {"PSH311"}


TRIAL = {"app": {"id": "ONEX0000000000000", "workspace": "crm-test"}}

TEMPLATES = [
    "Dear {{name}}", "Dear {{ user.name }},", "Hi $${name}", "Hi %s", "Hi %1$s!", "[[city]]",
    "[object Object] waits", "Hi {% if x %}you{% endif %}",
]  # fmt: skip


@pytest.mark.parametrize("text", TEMPLATES)
def test_what_only_templates_have(text: str, tmp_path: Path) -> None:
    assert of_entry(tmp_path, message(body=text))["PSH312"].severity is Severity.ERROR
    assert of_entry(tmp_path, message(body=text), **TRIAL)["PSH312"].severity is Severity.WARNING


LEFT_OVER = [
    "Hi {name}", "Hi {0}", "Hi <first name>", "<b>Sale</b>", "Lorem ipsum dolor", "TODO",
    "TODO: price", "[TODO] Sale", "FIXME the price", "Hello undefined", "NaN points left",
    "尊敬的XXX：您好", "xxxx off", "xxx", "Hi [name],", "【姓名】您好", "您好，#name#",
    "Dear NAME,", "Hi FIRST NAME!", "标题", "推送标题", "Title", "(TBD)",
    "Hello [your name here]", "请输入内容",
]  # fmt: skip


@pytest.mark.parametrize("text", LEFT_OVER)
def test_what_was_left_over(text: str, tmp_path: Path) -> None:
    assert of_entry(tmp_path, message(body=text))["PSH312"].severity is Severity.WARNING


LINKS = [
    ("https://a.example/sale/{{id}}", Severity.ERROR),
    ("https://a.example/sale?id=$${id}", Severity.ERROR),
    ("https://a.example/sale/%s", Severity.ERROR),
    ("https://a.example/sale/%d/x", Severity.ERROR),
    ("https://a.example/sale/{id}", Severity.WARNING),
    ("https://a.example/TODO", Severity.WARNING),
    ("https://a.example/sale?id=undefined", Severity.WARNING),
    ("https://a.example/sale/:id", Severity.WARNING),
    ("https://a.example/xxx", Severity.WARNING),
    ("https://a.example:8443/todo/%d0%bf%20s?u=%2Fa", None),
    ("https://a.example/sale#top", None),
]


@pytest.mark.parametrize(("link", "severity"), LINKS)
def test_placeholders_in_addresses(link: str, severity: Severity | None, tmp_path: Path) -> None:
    picture = {"style": "image", "image": link}
    for fields in ({"open": link}, {"open": {"url": link}}, {"icon": link}, picture):
        found = of_entry(tmp_path, message(**fields)).get("PSH312")
        assert (found.severity if found else None) is severity
        intent = {"open": {"intent": link.replace("https", "acme")}}
    found = of_entry(tmp_path, message(**intent)).get("PSH312")
    assert (found.severity if found else None) is severity


TRIED = [
    "test", "Test 1", "This is a test", "test push", "[TEST] Flash sale", "Test: flash sale",
    "测试", "测试推送", "这是一条测试消息", "【测试】今日特惠", "asdf", "test test 123",
]  # fmt: skip


@pytest.mark.parametrize("text", TRIED)
def test_what_was_only_tried(text: str, tmp_path: Path) -> None:
    assert of_entry(tmp_path, message(text))["PSH312"].severity is Severity.WARNING
    for workspace in ("test", "staging-2", "crm_uat", "测试环境"):
        trial = {"app": {"id": "ONEX0000000000000", "workspace": workspace}}
        assert of_entry(tmp_path, message(text), **trial) == {}


MEANT = [
    "Our latest offers", "Test your knowledge", "Contest: win a trip", "Eye test tomorrow",
    "心理测试：你是哪种人", "Protest march: roads closed", "TODO al 50 %", "Size XXL is back",
    "Super Bowl XXX", "50%discount today", "3 < 5 and 7 > 6", "I <3 you", "Save 20% so far",
    "第XX届运动会", "Learn {JS}", "Learn <HTML> today", "#Nike# is back", "(time to go)",
    "【限时】全场六折", "Hello Customer", "My TODO list", "{ }", "100 % safe",
    "Nantes en fête", "You are in the greatest city", "公测开始了", "$5 off",
]  # fmt: skip


@pytest.mark.parametrize("text", MEANT)
def test_what_was_meant(text: str, tmp_path: Path) -> None:
    assert of_entry(tmp_path, message(text)) == {}


@pytest.mark.parametrize("text", ["test" + "1" * 4000 + "!x", "{{" * 2000, "<a" * 2000, " " * 4000])
def test_hostile_texts_take_no_time(text: str, tmp_path: Path) -> None:
    """A pattern that tries all ways would never end here."""
    of_entry(tmp_path, message(body=text + "."))
