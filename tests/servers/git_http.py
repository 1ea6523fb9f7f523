"""Git repositories over smart HTTP: lighttpd with `git http-backend`, on a port of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

BACKEND = Path("/usr/lib/git-core/git-http-backend")
USER, TOKEN = "x-access-token", "secret-of-the-job"

CONFIGURATION = """
server.document-root = "{folder}"
server.bind = "127.0.0.1"
server.port = {port}
server.errorlog = "{folder}/errors"
server.modules = ("mod_auth", "mod_authn_file", "mod_alias", "mod_setenv", "mod_cgi")
alias.url = ("/private" => "{backend}", "/git" => "{backend}")
setenv.add-environment = ("GIT_PROJECT_ROOT" => "{folder}", "GIT_HTTP_EXPORT_ALL" => "1")
cgi.assign = ("" => "")
auth.backend = "plain"
auth.backend.plain.userfile = "{folder}/users"
auth.require = ("/private" => ("method" => "basic", "realm" => "git", "require" => "valid-user"))
"""


@dataclass(frozen=True)
class GitServer:
    """Serves the repositories in a folder; those below `/private` to the token only."""

    folder: Path
    port: int

    def url(self, name: str, *, private: bool = False) -> str:
        return f"http://127.0.0.1:{self.port}/{'private' if private else 'git'}/{name}"


@pytest.fixture(scope="session")
def git_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitServer]:
    if (
        not (shutil.which("lighttpd") or Path("/usr/sbin/lighttpd").exists())
        or not BACKEND.exists()
    ):
        missing = "git over HTTP is not tested: install the packages lighttpd and git"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    folder = tmp_path_factory.mktemp("git-server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "users").write_text(f"{USER}:{TOKEN}\n")
    text = CONFIGURATION.format(folder=folder, port=port, backend=BACKEND)
    (folder / "lighttpd.conf").write_text(text)
    program = shutil.which("lighttpd") or "/usr/sbin/lighttpd"
    server = subprocess.Popen([program, "-D", "-f", str(folder / "lighttpd.conf")])
    try:
        _wait(server, port)
        yield GitServer(folder, port)
    finally:
        server.terminate()
        server.wait()


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 20
    while server.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail("lighttpd does not start")
