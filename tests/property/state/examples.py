"""How many values a property is tried with: some in `make test`, many in `make prove`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

T = TypeVar("T")

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
SOME_OR_MANY = pytest.mark.parametrize("examples", [50, pytest.param(300, marks=pytest.mark.slow)])


def hold(check: Callable[[T], object], values: st.SearchStrategy[T], examples: int) -> None:
    """Check so many values."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=SLOW)
    @given(values)
    def look(value: T) -> None:
        check(value)

    look()
