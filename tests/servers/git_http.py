"""Git repositories over smart HTTP: lighttpd with `git http-backend`, on a port of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.process import free_ports, missing, start

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


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[GitServer]:
    """Serve what is in a folder while the block runs."""
    program = shutil.which("lighttpd", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program or not BACKEND.exists():
        missing("lighttpd or git")
    [port] = free_ports(1)
    (folder / "users").write_text(f"{USER}:{TOKEN}\n")
    text = CONFIGURATION.format(folder=folder, port=port, backend=BACKEND)
    (folder / "lighttpd.conf").write_text(text)
    server = start([str(program), "-D", "-f", folder / "lighttpd.conf"], port, folder)
    try:
        yield GitServer(folder, port)
    finally:
        server.kill(signal.SIGTERM)


@pytest.fixture(scope="session")
def git_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitServer]:
    with serving(tmp_path_factory.mktemp("git-server")) as server:
        yield server
