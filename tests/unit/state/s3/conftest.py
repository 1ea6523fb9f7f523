"""SeaweedFS makes those who ask for one key at the same time wait for seconds."""

from __future__ import annotations

import pytest

SLOW = "test_of_many_writers_one_gets_a_number[seaweedfs]"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.name == SLOW and item.path.parent.name == "s3":
            item.add_marker(pytest.mark.slow)
