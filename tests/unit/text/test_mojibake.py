"""Text that was read in another encoding, and text that only looks unusual."""

from __future__ import annotations

import pytest

from pushctl.text.mojibake import mended

TEXTS = [
    "Café – 8€", "今日精选", "Привет, мир", "🎉 Sale", "It’s here", "Über uns", "schön", "Straße",
    "20 °C, £5", "été à la plage", "안녕하세요", "Ελλάδα", "“50%”",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_utf8_that_was_read_as_latin_1(text: str) -> None:
    assert mended(text.encode().decode("latin-1")) == text


@pytest.mark.parametrize("text", ["Café – 8€", "今日精选", "🎉 Sale", "Über uns", "Straße", "£5"])
def test_utf8_that_was_read_as_windows_1252(text: str) -> None:
    assert mended(text.encode().decode("cp1252")) == text


@pytest.mark.parametrize("text", ["今日特惠", "你好世界", "新品上市"])
def test_utf8_that_was_read_as_gbk(text: str) -> None:
    assert mended(text.encode().decode("gbk")) == text


def test_a_lost_end_and_a_euro_sign_of_windows() -> None:
    assert mended("今日特惠：全".encode().decode("gbk", "replace")) == "今日特惠：全"
    assert mended("浣犲ソ銆€") == "你好\u3000"


def test_only_the_broken_part_is_mended() -> None:
    assert mended("新品 CafÃ©，今晚") == "新品 Café，今晚"
    assert mended("CafÃ© – 8€") == "Café – 8€"


def test_what_was_read_wrongly_twice() -> None:
    assert mended("CafÃƒÂ©") == "Café"
    assert mended("锟斤拷锟斤拷") == "\ufffd" * 4


FINE = [
    "CAFÉ…", "Spaß…", "„So ein Spaß“", "“Meet me at the café…”", "«AMANH\xc3\xbb", 
    "SÓ AMANH\xc3\u2014até já",
    "NESCAFÉ®", "50€ – 20£", "ÄÖÜ", "今日特惠", "联通联通联通", "烫烫烫烫", "Tiếng Việt: GIẢM GIÁ…",
    "« Voilà… »", "Łódź", "İNDİRİM", "全场六折，会员优先抢购今晚到手价，先到先得",
    "“今晚”——名额有限……", "こんにちは", "안녕", "Ünlü…", "déjà vu", "🎉🎉🎉", "￥99", "",
]  # fmt: skip


@pytest.mark.parametrize("text", FINE)
def test_what_people_write_is_left_alone(text: str) -> None:
    assert mended(text) is None


@pytest.mark.parametrize("text", ["Ã" * 9_000, "â€" * 9_000, "é…" * 9_000, "浠" * 9_000])
def test_hostile_texts_take_no_time(text: str) -> None:
    mended(text)
