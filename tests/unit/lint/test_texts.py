"""Which texts and addresses are looked at, and that ordinary ones have no finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.lint.texts import addresses, shown, written
from pushctl.manifest.schema.fields import decode
from pushctl.manifest.schema.models import PushEntry
from tests.unit.lint.found import ENTRY, message, of_entry

ORDINARY = [
    "全场五折，限时24小时", "满200减50，叠加9折券", "¥99起，满¥199包邮", "￥99 起",
    "低至3.8折！今晚8点开抢", "早8:00—晚10:00，不打烊", "【会员日】积分双倍", "#双十一# 来了",
    "“双12”返场，手慢无", "优惠码:SAVE20", "新品上市 & 买一送一", "A & B 联名款",
    "《哈利波特》 今晚上映", "満額100%返金", "（限时）", "①②③ 三步下单", "Q&A;周三见",
    "AT&T customers: 20% off", "R&D day: doors open at 8", "Tom & Jerry; co & co;",
    "Rock & Roll night, $25", "Was $49.99, now $19.99", "Save US$5", "Win $$$", "$ave big",
    "Ca$h", "$TSLA up 5%", "20% off, 30% with code", "50%OFF today only", "10%20%30% steps",
    "5%off%", "100%d'accord", "100% cotton", "I <3 you", "3 < 5 > 2", "C++ course, 2 for 1",
    "C#/F# week", "Learn <HTML>", "Hello World! 🎉🎉", "¯\\_(ツ)_/¯ sold out", "\\o/ we are live",
    "C:\\new", "(╯°□°)╯︵ ┻━┻", "@home: free delivery", "Follow @acme & win", "[Ad] New arrivals",
    "[New] Looks", "50€ – 30€ = 20€", "£5 off, “today” only", "It’s here…",
    "Café Zürich: déjà vu", "NESCAFÉ®", "“So ein Spaß…”", "AMANHÃ… até já!", "«AMANH\xc3\xbb",
    "Привет! Скидка 50%", "Ελλάδα −20%", "Meet at 20:00 / 8 p.m.", "24/7 open", "3:00:00 left",
    "5*stars* hotel", "~20% off~", "pa$$word_hints", "the __real__ deal", "Menu|Price|Date",
    "1\u00a0000 €", "'Til midnight", "24h | 7d | 365", 'Sale: "50%" off', "T-shirts @ $5",
    "#1 choice", "Nike & adidas & co;", "two  blanks",
]  # fmt: skip


def test_ordinary_texts_have_no_finding(tmp_path: Path) -> None:
    found = {text: list(of_entry(tmp_path, message(body=text))) for text in ORDINARY}
    assert {text: codes for text, codes in found.items() if codes} == {}


def test_where_texts_and_addresses_stand() -> None:
    web = "https://a.example/"
    entry = decode(
        PushEntry,
        {
            **ENTRY,
            "description": web,
            "sms": {
                "mode": "fallback",
                "sign": "A",
                "template": "S",
                "params": {"code": 1, "a": "x"},
            },
            "live_activity": {"event": "end", "state": {"steps": [{"text": "y"}, web]}},
            "message": {
                "title": "t",
                "body": "b",
                "open": {"intent": "acme://x"},
                "icon": {"oppo": web},
                "image": web,
                "extras": {"link": web, "campaign": "xmas", "n": 1},
            },
        },
    )
    state = ("live_activity", "state", "steps")
    assert dict(shown(written(entry))) == {
        ("message", "title"): "t",
        ("message", "body"): "b",
        ("sms", "params", "a"): "x",
        (*state, 0, "text"): "y",
        (*state, 1): web,
    }
    assert {path for path, _ in addresses(written(entry))} == {
        ("message", "open", "intent"),
        ("message", "image"),
        ("message", "icon", "oppo"),
        (*state, 1),
        ("message", "extras", "link"),
    }


@pytest.mark.parametrize(("value", "code"), [("Tom &amp; Co", "PSH312"), ("CafÃ©", "PSH311")])
def test_what_text_messages_say_is_read_too(value: str, code: str, tmp_path: Path) -> None:
    sms = {"mode": "fallback", "sign": "A", "template": "S", "params": {"shop": value}}
    found = of_entry(tmp_path, {"sms": sms})
    assert found[code].severity == "error"
