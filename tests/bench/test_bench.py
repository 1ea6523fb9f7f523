"""What was measured once stays so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.schedules import measure


@pytest.mark.slow
def test_compiling_schedules_takes_no_longer_than_parsing_them(tmp_path: Path) -> None:
    assert measure(tmp_path, entries=2_000, rounds=5).ratio <= 1


@pytest.mark.slow
def test_all_checks_take_no_longer_than_parsing(tmp_path: Path) -> None:
    assert measure(tmp_path, entries=2_000, rounds=12).lint_ratio <= 1


def test_every_schedule_of_the_measurement_is_one(tmp_path: Path) -> None:
    assert measure(tmp_path, entries=100, rounds=1).tasks > 150
