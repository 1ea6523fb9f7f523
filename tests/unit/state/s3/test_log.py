"""The contract of state engines on S3: on SeaweedFS, and on moto as a second judge."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import pytest

from pushctl.state.s3.log import open_log as open_s3
from tests.servers.seaweedfs import BUCKET, SETTINGS, moto, seaweedfs
from tests.unit.state.chain.log_suite import *  # noqa: F403
from tests.unit.state.chain.log_suite import OpenLog

__all__ = ["moto", "seaweedfs"]


@pytest.fixture(params=["seaweedfs", "moto"])
def open_log(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> OpenLog:
    server = request.getfixturevalue(request.param)
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    address = f"s3://{BUCKET}/{uuid.uuid4().hex}?endpoint={server.url}"
    return lambda: open_s3(address, suffix="", folder=Path(), environ=os.environ)
