"""The numbers that docs/safety.md promises are those that are used."""

from __future__ import annotations

import inspect
import re

from pushctl.cli.service.settings import LIST_LAG, timeouts
from pushctl.http.client import LONGEST_ANSWER
from pushctl.mpaas.client import CloudPushService
from pushctl.plan.reconcile.in_doubt import LONGEST_CALL, Timeouts
from pushctl.plan.reconcile.listing import AGREEING_CLOCKS, CLOCK_SKEW
from tests.project.test_tree import ROOT
from tests.unit.cli.service.test_settings import EMBEDDED

PAGE = (ROOT / "docs/safety.md").read_text("utf-8")
TABLE = PAGE.partition("<!-- constants:begin -->")[2].partition("<!-- constants:end -->")[0]


def test_the_table_of_constants_is_true() -> None:
    parameters = inspect.signature(CloudPushService.__init__).parameters
    connect = parameters["connect_timeout"].default
    promised = [float(number) for number in re.findall(r"(\d+) s\b", TABLE)]
    used = [LONGEST_CALL, LIST_LAG, CLOCK_SKEW, AGREEING_CLOCKS, connect, LONGEST_ANSWER]
    assert promised == used


def test_an_answer_is_over_before_an_absence_is_believed() -> None:
    parameters = inspect.signature(CloudPushService.__init__).parameters
    assert parameters["connect_timeout"].default + LONGEST_ANSWER < LONGEST_CALL


def test_the_longest_wait_is_the_one_that_is_named() -> None:
    assert f"waits {Timeouts(LIST_LAG).certain_at(0):.0f} s at most" in PAGE
    assert timeouts(EMBEDDED, {}).certain_at(0) == 0
