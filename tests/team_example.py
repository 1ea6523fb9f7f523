"""`examples/team` as a pull request: what main said before, and what the branch says now.

The example itself is the branch. `before` takes it back to main by a few edits of its text, so that
a plan on top of it shows every kind of change beside many pushes that stay as they are.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.cli import EXAMPLES

FOLDER = EXAMPLES / "team"

THANKS = """  double-twelve-thanks:
    owner: growth@qinghe.example
    labels: {campaign: year-end-2026, class: marketing}
    schedule: {at: 2026-12-13T10:30}
    to: {users_from: "${members}"}
    message:
      title: 谢谢您的双十二
      body: 包裹今天开始发出，预计两天内送达。
      open: "${shop}/orders"

"""

BLACK_FRIDAY = """  black-friday-extended:
    owner: growth@qinghe.example
    labels: {campaign: year-end-2026, class: marketing}
    schedule: {every: day, at: "18:10", from: "2026-12-01", until: "2026-12-05"}
    to: {users_from: "${newcomers}"}
    message:
      title: 黑五返场最后几天
      body: 进口零食满 199 减 50，周六结束。
      open: "${shop}/black-friday"

"""


@dataclass(frozen=True)
class Edit:
    """One edit of a file: what it says now, and what it said before."""

    file: str
    now: str
    before: str


RETITLED = Edit("campaigns/year-end.yaml", "双十二开抢：全场六折起", "双十二开抢：全场七折起")
MOVED_TIME = Edit("ops/delivery.yaml", 'every: day, at: "16:40"', 'every: day, at: "16:30"')
CANCELLED = Edit("campaigns/year-end.yaml", "  winter-solstice:\n", THANKS + "  winter-solstice:\n")
LET_RUN_OUT = Edit(
    "campaigns/year-end.yaml", "  double-twelve-vip:\n", BLACK_FRIDAY + "  double-twelve-vip:\n"
)
RENAMED = Edit("campaigns/members.yaml", "  vip-preview:\n", "  vip-thursday:\n")
LISTS = Edit(
    "pushctl.yaml",
    """moved:
  - {from: vip-thursday, to: vip-preview}

removed:
  - {id: black-friday-extended, cancel: false}   # its last day is 5 December; it may run out
""",
    "",
)
GREW = Edit("audiences/newcomers.csv", "qh-876616,2026-11-01\nqh-922288,2026-11-24\n", "")
CREATED = Edit(
    "campaigns/members.yaml",
    """
  ios-widget:
    owner: loyalty@qinghe.example
    labels: {campaign: onboarding, class: marketing}
    schedule: {at: 2026-12-16T10:20}
    to: {ios_from: audiences/ios-beta.txt}
    message:
      title: 锁屏小组件来了
      body: 长按锁屏即可添加，配送进度一眼可见。
      open: {intent: "qinghe://widget"}
""",
    "",
)
NEW_LANGUAGE = Edit(
    "campaigns/year-end.yaml",
    """      ja-JP:
        zone: Asia/Tokyo
        people: audiences/abroad/tokyo.csv
        title: 今夜はケーキで乾杯
        body: 正午までのご注文で、本日18時までにお届けします。
""",
    "",
)

EDITS = (
    RETITLED,
    MOVED_TIME,
    CANCELLED,
    LET_RUN_OUT,
    RENAMED,
    LISTS,
    GREW,
    CREATED,
    NEW_LANGUAGE,
)
"""What the pull request consists of."""


def branch(folder: Path) -> None:
    """Write what the branch says into a folder, over whatever version is there."""
    left = shutil.ignore_patterns(".pushctl", "*.state.*")  # by somebody who tried the example out
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True, ignore=left)


def before(folder: Path, edits: Iterable[Edit] = EDITS) -> None:
    """Write what main said before the pull request, or before some of its edits."""
    branch(folder)
    for edit in edits:
        path = folder / edit.file
        text = path.read_text("utf-8")
        assert text.count(edit.now) == 1, f"{edit.file} does not say {edit.now!r} once"
        path.write_text(text.replace(edit.now, edit.before), "utf-8")
