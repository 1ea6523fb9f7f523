"""A phone shows what arrives, and says what does not."""

from __future__ import annotations

import re

from pushctl.push.message import AudienceKind
from pushctl.render.html import phones
from tests.acceptance.pages.structure import read
from tests.builders import changed, desired
from tests.unit.render.html.sections import listed, plan, text


def test_a_text_stands_once_in_a_phone_whatever_is_shown_of_it() -> None:
    push = desired(content="word " * 30)
    push = changed(push, kind=AudienceKind.HARMONY)
    made = plan(push)
    section = phones.section(listed(made))
    assert section.count("word word word word word word word word word") >= 1
    card = read(section).text
    assert card.count("word") < 30 + 2 * 20
    assert "body cut about here" in card


def test_a_vendor_that_refuses_is_named_before_anything_is_opened() -> None:
    made = plan(desired(title="限时特惠全场六折会员优先抢购今晚到手价再送好礼"))
    section = phones.section(listed(made))
    assert "refused by vivo" in text(section)
    assert "vivo refuses it: the title is 46 of 40 long" in text(section)


def test_a_picture_is_named_where_it_is_shown_and_only_there() -> None:
    push = desired()
    made = plan(changed(push, style="image", image={"default": "https://cdn.example/x.png"}))
    section = phones.section(listed(made))
    pictured = re.findall(r'class="phone (\w+)">(?:(?!<figure).)*class="picture"', section, re.S)
    assert pictured == ["iphone", "huawei", "oppo"]
    assert "https://cdn.example" not in section
