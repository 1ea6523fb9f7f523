from __future__ import annotations

import time

import pytest

from pushctl.text import messages
from pushctl.text.messages import _, clauses, count, listed, local
from tests.languages import speaking


def test_english_reads_no_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_catalogue", None)
    messages.choose("en")
    assert _("in {span}", "2 h") == "in 2 h"
    assert local("targets changed") == "targets changed"


def test_words_in_chinese() -> None:
    with speaking("zh"):
        assert _("in {span}", "2 小时") == "2 小时后"
        assert (count(1, "user"), count(1200, "user")) == ("1 个用户", "1,200 个用户")
        assert listed(["甲", "乙", "丙"]) == "甲、乙和丙"
        assert clauses(["甲", "乙", "丙"]) == "甲，乙，丙"
    assert count(2, "user") == "2 users"


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("targets changed", "目标用户有变更"),
        ("message.title changed", "message.title 有变更"),
        ("not in the manifest, on Thu 24 Dec 2026", "not in the manifest, on 2026年12月24日 周四"),
        ("it is protected (targets changed)", "受保护（目标用户有变更）"),
        ("new changed", "new 有变更"),  # an id, and not the reason of that name
        ("did you mean users?", "是否想写 users？"),
        ("did you mean what nobody has said yet?", "did you mean what nobody has said yet?"),
        ("write `vendors: {vivo: {class: operational}}`",
         "请写 `vendors: {vivo: {class: operational}}`"),
        ("sale is kept for 5 min. Whoever is in a tunnel or has just switched the phone off never "
         "gets it.", "sale 只保留 5 分钟。暂时没有网络或刚关机的用户将收不到。"),
    ],
)  # fmt: skip
def test_a_sentence_is_translated_as_a_whole_or_not_at_all(english: str, chinese: str) -> None:
    assert local(english) == english
    with speaking("zh"):
        assert local(english) == chinese


@pytest.mark.parametrize(
    "text", ["write " * 30_000, "write " * 300, "a is on line " * 150, "x (" * 600]
)
def test_what_somebody_wrote_cannot_keep_it_busy(text: str) -> None:
    with speaking("zh"):
        assert local(text) == text


def test_a_sentence_that_nearly_fits_is_given_up_soon() -> None:
    """Whoever writes a title may repeat what stands between the values of a template."""
    nearly = "a and a come to a a, first on a. One of them is a. " * 22 + "x"
    with speaking("zh"):
        began = time.process_time()
        local(nearly)
        assert time.process_time() - began < 1
