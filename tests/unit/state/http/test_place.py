"""Addresses to URLs and logins."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pushctl.errors import ConfigError
from pushctl.state.http.place import place_of

JOB = {
    "CI_API_V4_URL": "https://gitlab.example.com/api/v4",
    "CI_PROJECT_ID": "42",
    "CI_JOB_TOKEN": "job-secret",
}
LAPTOP = {"PUSHCTL_GITLAB_TOKEN": "own-secret"}
SHOP = "https://gitlab.example.com/api/v4/projects/42/terraform/state/shop"


def place(address: str, suffix: str = "", **environ: str) -> tuple[str, str]:
    return place_of(address, suffix, Path("/"), environ)


def test_a_url_is_used_as_it_is() -> None:
    assert place(SHOP) == (SHOP, "")
    assert place(SHOP, ".prod") == (SHOP + ".prod", "")


def test_the_login_of_a_url_is_that_of_terraform() -> None:
    assert place(SHOP, TF_HTTP_USERNAME="ann", TF_HTTP_PASSWORD="x")[1] == "ann:x"
    assert place(SHOP, TF_HTTP_USERNAME="ann")[1] == "ann:"
    assert place(SHOP, **JOB, **LAPTOP)[1] == ""


def test_the_token_of_a_job_opens_a_state_of_its_project() -> None:
    login = "gitlab-ci-token:job-secret"
    assert place("gitlab:shop", **JOB) == (SHOP, login)
    assert place("gitlab:shop", ".prod", **JOB, **LAPTOP) == (SHOP + ".prod", login)
    assert place("gitlab:a/b c", **JOB)[0].endswith("/state/a%2Fb%20c")


@pytest.mark.parametrize(
    "remote",
    [
        "git@gitlab.example.com:team/shop.git",
        "gitlab.example.com:team/shop",
        "ssh://git@gitlab.example.com:2222/team/shop.git",
        "https://gitlab.example.com/team/shop.git",
        "https://oauth2:t0ken@gitlab.example.com/team/shop/",
    ],
)
def test_outside_of_a_job_origin_names_the_project(tmp_path: Path, remote: str) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    subprocess.run(["git", "-C", tmp_path, "remote", "add", "origin", remote], check=True)
    url, login = place_of("gitlab:shop", "", tmp_path, LAPTOP)
    assert url == SHOP.replace("42", "team%2Fshop")
    assert login == "pushctl:own-secret"


def test_outside_of_a_job_variables_come_before_origin(tmp_path: Path) -> None:
    environ = {**JOB, **LAPTOP, "CI_JOB_TOKEN": ""}
    assert place_of("gitlab:shop", "", tmp_path, environ) == (SHOP, "pushctl:own-secret")


@pytest.mark.parametrize("remote", ["", "/srv/git/shop.git", "../shop.git", "file:///srv/shop"])
def test_without_a_host_the_project_is_not_known(tmp_path: Path, remote: str) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    if remote:
        subprocess.run(["git", "-C", tmp_path, "remote", "add", "origin", remote], check=True)
    with pytest.raises(ConfigError, match="project in GitLab is not known"):
        place_of("gitlab:shop", "", tmp_path, LAPTOP)


def test_without_git_the_project_is_not_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="project in GitLab is not known"):
        place_of("gitlab:shop", "", tmp_path, LAPTOP)


def test_gitlab_needs_a_token() -> None:
    with pytest.raises(ConfigError, match="no token for GitLab"):
        place("gitlab:shop", CI_API_V4_URL=JOB["CI_API_V4_URL"], CI_PROJECT_ID="42")


@pytest.mark.parametrize(
    "address",
    [
        "gitlab:",
        "https:",
        "https://",
        "https://example.com",
        "https://example.com/",
        "https://example.com/shop/",
        "https://example.com/shop?token=secret",
        "https://example.com/shop#secret",
        "https://ann:secret@example.com/shop",
        "https://example.com\\@evil.example/secret",
        "https://example.com/sh op",
        "https://example.com:99999999/shop",
        "http://example.com/shop",
        "HTTP://example.com/shop",
        "http://127.0.0.1.example.com/shop",
    ],
)
def test_an_address_that_is_not_plainly_one_is_refused(address: str) -> None:
    with pytest.raises(ConfigError, match="not valid") as caught:
        place(address, **JOB)
    assert "secret" not in f"{caught.value} {caught.value.fix}"


@pytest.mark.parametrize("host", ["127.0.0.1:80", "localhost", "[::1]:8080"])
def test_plain_http_is_for_this_machine(host: str) -> None:
    assert place(f"http://{host}/shop")[0] == f"http://{host}/shop"


def test_plain_http_can_be_allowed() -> None:
    assert place("http://git.lan/shop", PUSHCTL_PLAIN_HTTP="1")[0] == "http://git.lan/shop"
    api = {**JOB, "CI_API_V4_URL": "http://git.lan/api/v4"}
    with pytest.raises(ConfigError, match="not valid"):
        place("gitlab:shop", **api)
    assert place("gitlab:shop", **api, PUSHCTL_PLAIN_HTTP="1")[0].startswith("http://git.lan/")
