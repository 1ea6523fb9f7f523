"""Placeholders that nobody filled in, and texts that somebody only tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.diagnostics import Severity
from tests.unit.lint.found import message, of_entry

TRIAL = {"app": {"id": "ONEX0000000000000", "workspace": "crm-test"}}


TEMPLATES = [
    "Dear {{name}}", "Dear {{ user.name }},", "Hi $${name}", "Hi %s", "Hi %1$s!", "[[city]]",
    "[object Object] waits", "Hi {% if x %}you{% endif %}", "Hi #{name}", "*|FNAME|*",
    "%(name)s", "%.2f off",
    # escaped once too often
    "First line\\nSecond", "\\u4eca\\u65e5", "\\\\n", "a\\tb", "\\x41", "\\ud83c\\udf89",
    "Tom &amp; Co", "It&#39;s", "a&nbsp;b", "caf&eacute;", "100&euro;", "&#x4eca;",
    "%E4%BB%8A%E6%97%A5",
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
    "Hello [your name here]", "请输入内容", "Hi $name", "Hi $first_name!", "Hi $firstName",
    "%recipient.name%", "%first_name%", "{:name}", "{$name}", "＜姓名＞", "@name@", "[COUPON]",
    'He said \\"hi\\"', "It\\'s", "Flash%20sale", "<br>Sale",
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
    ("https://a.example/?a=1&amp;b=2", Severity.ERROR),
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


def test_what_was_escaped_is_shown_as_it_stands(tmp_path: Path) -> None:
    found = of_entry(tmp_path, message(body="First line\\nSecond"))["PSH312"]
    assert found.detail.startswith('The body says "\\n", ')
    assert "double quotes" in str(found.fix)


@pytest.mark.parametrize("text", ["test" + "1" * 4000 + "!x", "{{" * 2000, "<a" * 2000, " " * 4000])
def test_hostile_texts_take_no_time(text: str, tmp_path: Path) -> None:
    """A pattern that tries all ways would never end here."""
    of_entry(tmp_path, message(body=text + "."))
