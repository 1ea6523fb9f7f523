"""Terraform itself takes the document for an empty state, and what it writes over it is noticed.

It is no Debian package, so these tests also pass over machines of CI without it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pushctl.errors import StateFormatError
from tests.servers.terraform_http import LOGIN, StateServer
from tests.unit.state.http.test_log import ids, record

pytestmark = pytest.mark.skipif(
    shutil.which("terraform") is None, reason="terraform is not installed"
)

Terraform = Callable[..., str]

CONFIGURATION = """
terraform {
  backend "http" {}
}
output "greeting" {
  value = "hello"
}
"""


@pytest.fixture
def terraform(server: StateServer, tmp_path: Path) -> Terraform:
    """Run Terraform in a folder whose state is on the server."""
    (tmp_path / "main.tf").write_text(CONFIGURATION)
    (tmp_path / "home").mkdir()
    user, _, password = LOGIN.partition(":")
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path / "home"),
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "TF_HTTP_ADDRESS": server.url,
        "TF_HTTP_LOCK_ADDRESS": server.url + "/lock",
        "TF_HTTP_UNLOCK_ADDRESS": server.url + "/lock",
        "TF_HTTP_LOCK_METHOD": "POST",
        "TF_HTTP_UNLOCK_METHOD": "DELETE",
        "TF_HTTP_USERNAME": user,
        "TF_HTTP_PASSWORD": password,
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            ["terraform", *arguments], cwd=tmp_path, env=environ, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("init", "-input=false", "-no-color")
    return run


def test_terraform_takes_the_document_for_an_empty_state(
    server: StateServer, terraform: Terraform
) -> None:
    record(server, "a")
    document = server.document()
    assert f'"serial": {document["serial"]}' in terraform("state", "pull")
    assert terraform("state", "list") == ""
    assert "greeting" in terraform("plan", "-input=false", "-no-color")
    assert server.document() == document
    assert ids(server) == ["a"]


def test_what_terraform_writes_over_the_document_is_refused(
    server: StateServer, terraform: Terraform
) -> None:
    record(server, "a")
    serial = server.document()["serial"]
    terraform("apply", "-auto-approve", "-input=false", "-no-color")
    assert server.document()["serial"] == serial + 1
    with pytest.raises(StateFormatError, match="Terraform wrote it"):
        ids(server)
    with pytest.raises(StateFormatError, match="Terraform wrote it"):
        record(server, "b")
    del server.versions["shop"][serial + 1]
    assert ids(server) == ["a"]
