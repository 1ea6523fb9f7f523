from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from pushctl.text import local_times, timestamps
from tests.languages import speaking

ZONE = ZoneInfo("Asia/Shanghai")
AT = int(dt.datetime(2026, 12, 1, 9, 45, tzinfo=ZONE).timestamp())


def test_english_is_as_elsewhere() -> None:
    assert local_times.moment(AT, ZONE) == timestamps.moment(AT, ZONE)
    assert local_times.ahead(AT, AT - 26000) == timestamps.ahead(AT, AT - 26000)
    assert local_times.ahead(AT, AT + 60) == "1 min ago"


def test_chinese_begins_with_the_year() -> None:
    with speaking("zh"):
        assert local_times.moment(AT, ZONE) == "2026年12月1日 周二 09:45 Asia/Shanghai"
        assert local_times.moment(AT, ZONE, with_zone=False) == "2026年12月1日 周二 09:45"
        assert local_times.ahead(AT, AT - 26000) == "7 小时 13 分钟后"
        assert local_times.ahead(AT, AT + 60) == "1 分钟前"
