"""The contract of state engines, on a chain in memory."""

from __future__ import annotations

import json

import pytest

from pushctl.state.chain.store import ChainStateStore
from tests.unit.state.chain.memory_log import MemoryLog
from tests.unit.state.store_suite import *
from tests.unit.state.store_suite import Case


@pytest.fixture
def case() -> Case:
    log = MemoryLog()
    return chain_case(lambda: log)


def chain_case(log) -> Case:
    def again() -> ChainStateStore:
        return ChainStateStore(log(), app="app", workspace="workspace")

    def stored() -> list[object]:
        entries = [json.loads(item.body) for item in log().read(0)]
        told = [record for entry in entries for record in entry["records"]]
        kept = [item for item in told if not item.keys() & {"claim", "release", "take_over"}]
        return [item for item in kept if item.get("snapshot", {}).get("state", {}).get("serial")]

    return Case(again(), again, stored)
