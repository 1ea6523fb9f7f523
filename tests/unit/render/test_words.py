"""Each member of an enumeration has its words, and nothing else has."""

from __future__ import annotations

from enum import StrEnum

import pytest

from pushctl.diagnostics import Severity
from pushctl.plan.change import Action
from pushctl.plan.doctor import CheckResult
from pushctl.plan.origin import Cause
from pushctl.plan.reconcile.manual_resolution import Resolution
from pushctl.plan.reconcile.rebuild_state import Certainty
from pushctl.plan.status import AttentionReason, Status
from pushctl.plan.stop import Revocation
from pushctl.push.message import AudienceKind
from pushctl.render.html.calendar import Mark
from pushctl.render.view.side_lists import Topic
from pushctl.render.words import WORDS
from pushctl.schedule.zone_offsets import Fold, Gap
from pushctl.text.style import CODES

TOPICS: dict[str, type[StrEnum]] = {
    "symbols": Action,
    "colors": Action,
    "origins": Cause,
    "topics": Topic,
    "topics_counted": Topic,
    "deliveries": Mark,
    "severities": Severity,
    "checks": CheckResult,
    "checks_closing": CheckResult,
    "attention": AttentionReason,
    "resolutions": Resolution,
    "withdrawals": Revocation,
    "claims": Certainty,
    "gaps": Gap,
    "folds": Fold,
}


@pytest.mark.parametrize(("topic", "kind"), TOPICS.items(), ids=TOPICS)
def test_every_member_has_its_words(topic: str, kind: type[StrEnum]) -> None:
    assert set(WORDS[topic]) == set(kind)


def test_every_topic_is_that_of_an_enumeration() -> None:
    assert set(WORDS) == {*TOPICS, "audiences", "done", "done_besides", "standings"}
    assert set(WORDS["standings"]) < set(Status)
    assert set(WORDS["audiences"]) == {kind.key for kind in AudienceKind}
    assert list(WORDS["done"]) == [x for x in Action if x not in (Action.BLOCKED, Action.NOOP)]


def test_what_comes_from_lines_names_them() -> None:
    naming = {cause for cause, said in WORDS["origins"].items() if "{places}" in said}
    assert naming == {Cause.EDITED, Cause.FILE, Cause.INDIRECT, Cause.INDENTED}


def test_every_colour_is_one() -> None:
    signs = [*WORDS["topics"].values(), *WORDS["severities"].values(), *WORDS["checks"].values()]
    signs += [item["sign"] for item in WORDS["attention"].values()]
    assert {color for _, color in signs} | {
        *WORDS["colors"].values(),
        *WORDS["standings"].values(),
    } <= set(CODES)
