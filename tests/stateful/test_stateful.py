"""Whatever people, machines and time do in whatever order: nobody gets a message twice."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.machine import Machine

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def tell(examples: int, steps: int, *, derandomize: bool) -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=derandomize,
            database=None,
            print_blob=False,
            suppress_health_check=QUIET,
        ),
    )


def test_no_story_breaks_a_promise() -> None:
    tell(15, 12, derandomize=True)


@pytest.mark.slow
def test_no_long_story_breaks_a_promise() -> None:
    tell(int(os.environ.get("PUSHCTL_EXAMPLES", "300")), 30, derandomize=False)
