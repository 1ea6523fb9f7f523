"""What servers go through: killed while writing, versions, many objects, few permissions; and one
that ignores conditions."""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from pushctl.errors import ConfigError, StateError
from pushctl.state.chain.log import Done, Stored, Taken
from pushctl.state.chain.store import ChainStateStore
from pushctl.state.s3.log import S3Log, open_log
from tests.servers import seaweedfs as servers
from tests.servers.process import Server
from tests.servers.seaweedfs import BUCKET, SETTINGS, moto, seaweedfs
from tests.unit.state.chain.log_suite import entry

__all__ = ["moto", "seaweedfs"]

ROOT = Path(__file__).parents[4]


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)


def opened(server: Server, prefix: str = "", bucket: str = BUCKET) -> S3Log:
    address = f"s3://{bucket}/{prefix or uuid.uuid4().hex}?endpoint={server.url}"
    return open_log(address, suffix="", folder=Path(), environ=os.environ)


def client(service: str, server: Server, access: str = "", secret: str = "") -> Any:
    import boto3

    return boto3.session.Session().client(
        service,
        endpoint_url=server.url,
        region_name=SETTINGS["AWS_REGION"],
        aws_access_key_id=access or SETTINGS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=secret or SETTINGS["AWS_SECRET_ACCESS_KEY"],
    )


def _read_once_it_is_up(log: S3Log) -> Sequence[Stored]:
    """Read; a server that has just been started answers 500 until it has found its volumes."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return log.read(0)
        except StateError as error:
            if "500" not in error.detail or time.monotonic() > deadline:
                raise


@pytest.mark.slow
def test_what_was_acknowledged_survives_the_death_of_the_server(tmp_path: Path) -> None:
    ports = servers.seaweedfs_ports()
    server = servers.start_seaweedfs(tmp_path, ports)
    names = [f"writer-{number}" for number in range(8)]
    enough = threading.Semaphore(0)

    def write(name: str) -> tuple[int, object]:
        """Append until it fails; return how many were acknowledged, and the failure."""
        log = opened(server, name)
        for slot in range(1, 100_000):
            outcome = log.put(slot, entry(slot, name))
            if outcome != Done():
                return slot - 1, outcome
            enough.release()
        raise AssertionError("nobody killed the server")

    with ThreadPoolExecutor(len(names)) as pool:
        writing = [pool.submit(write, name) for name in names]
        for _ in range(200):
            assert enough.acquire(timeout=30)
        server.kill()
        ends = [future.result() for future in writing]
    again = servers.start_seaweedfs(tmp_path, ports)
    try:
        assert sum(acknowledged for acknowledged, _ in ends) >= 200
        for name, (acknowledged, outcome) in zip(names, ends, strict=True):
            assert outcome != Taken()
            log = opened(again, name)
            kept = _read_once_it_is_up(log)
            assert len(kept) - acknowledged in (0, 1), outcome
            assert list(kept) == [Stored(n + 1, entry(n + 1, name)) for n in range(len(kept))]
            assert log.put(len(kept) + 1, entry(1)) == Done()
    finally:
        again.kill()


@pytest.mark.parametrize("name", ["seaweedfs", "moto"])
def test_a_bucket_may_keep_versions(name: str, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(name)
    bucket, s3 = f"versions-{uuid.uuid4().hex}", client("s3", server)
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    log = opened(server, "team", bucket)
    assert [log.put(1, b"1"), log.put(1, b"1"), log.put(2, b"2")] == [Done(), Taken(), Done()]
    for _ in range(2):
        log.trim(2)
    assert log.read(None) == [Stored(2, b"2")]
    assert log.read(0) == [Stored(1, b"1"), Stored(2, b"2")]
    kept = s3.list_object_versions(Bucket=bucket)["Versions"]
    assert sorted(version["Key"] for version in kept) == [
        "team/pushctl/log/000000000001",
        "team/pushctl/log/000000000002",
        "team/pushctl/snapshots/000000000002",
    ]


@pytest.mark.slow
def test_more_entries_than_a_listing_has_rows(seaweedfs: Server) -> None:
    log, slots = opened(seaweedfs), range(1, 1_102)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda slot: log.put(slot, entry(slot)), slots)) == {Done()}
    assert [item.slot for item in log.read(0)] == [*slots]
    log.trim(1_050)
    assert [item.slot for item in log.read(None)] == [*range(1_050, 1_102)]


def documented_policy() -> str:
    """Return the policy that the page about S3 recommends, for the bucket and prefix of tests."""
    page = (ROOT / "docs/state/s3.md").read_text("utf-8")
    policy = page.split("```json\n")[1].split("```")[0]
    return policy.replace("BUCKET", BUCKET).replace("PREFIX", "team")


def test_the_documented_permissions_are_enough_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server knows actions and resources, not conditions."""
    server = servers.start_moto(tmp_path)
    try:
        iam = client("iam", server)
        iam.create_user(UserName="ci")
        iam.put_user_policy(UserName="ci", PolicyName="state", PolicyDocument=documented_policy())
        key = iam.create_access_key(UserName="ci")["AccessKey"]
        enforce = Request(f"{server.url}/moto-api/reset-auth", data=b"0", method="POST")
        enforce.add_header("Content-Type", "text/plain")
        build_opener(ProxyHandler({})).open(enforce).close()
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
        store = ChainStateStore(opened(server, "team"), app="app", workspace="workspace")
        with store.lock("apply"):
            assert store.lock_info() is not None
        log = opened(server, "team")
        log.trim(2)
        assert [item.slot for item in log.read(None)] == [2]
        with pytest.raises(StateError, match="403"):
            opened(server, "other").put(1, entry(1))
        s3 = client("s3", server, key["AccessKeyId"], key["SecretAccessKey"])
        with pytest.raises(s3.exceptions.ClientError, match="DeleteObject"):
            s3.delete_object(Bucket=BUCKET, Key="team/pushctl/log/000000000001")
    finally:
        server.kill()


@pytest.mark.parametrize("claimers", [1, 2])
def test_a_server_that_ignores_conditions_is_refused(tmp_path: Path, claimers: int) -> None:
    with servers.rclone(tmp_path) as server, ThreadPoolExecutor(claimers) as pool:
        for _ in range(20):
            prefix, together = uuid.uuid4().hex, threading.Barrier(claimers)

            def claim(_: int, prefix: str = prefix, wait: Callable[[], int] = together.wait) -> Any:
                store = ChainStateStore(opened(server, prefix), app="app", workspace="workspace")
                wait()
                try:
                    with store.lock("apply"):
                        return "has the lock"
                except (ConfigError, StateError) as error:
                    return error

            ends = list(pool.map(claim, range(claimers)))
            assert all(isinstance(end, ConfigError | StateError) for end in ends), ends
            assert any("gives the same number to two writers" in str(end) for end in ends), ends
