"""A file of another repository is the one of its commit, wherever the copy came from."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pushctl.manifest.files import git_file
from pushctl.manifest.files.git_file import GitFile, content, parse
from pushctl.manifest.files.reader import FileProblem
from tests.acceptance.repository import git

COMMIT = "0123456789abcdef0123456789abcdef01234567"
URLS = (
    *("https://git.acme.example/team/policies.git", "https://git.acme.example:8443/policies"),
    *("ssh://git@git.acme.example/policies.git", "ssh://git.acme.example:22/policies.git"),
    "file:///srv/policies.git",
)


@pytest.mark.parametrize("url", URLS)
def test_an_address_has_a_repository_a_file_and_a_commit(url: str) -> None:
    found = GitFile(f"git+{url}//teams/push.yaml", url, "teams/push.yaml", COMMIT)
    assert parse(f"git+{url}//teams/push.yaml?ref={COMMIT}") == found


@pytest.mark.parametrize("path", ["../policy.yaml", "policy.yaml", "-u.yaml", "a:b.yaml", "git"])
def test_a_path_is_no_address(path: str) -> None:
    assert parse(path) is None


HTTPS = "git+https://git.acme.example/policies.git//push.yaml"


@pytest.mark.parametrize(
    "address",
    [
        *(HTTPS, f"{HTTPS}?ref=main", f"{HTTPS}?ref=v1.0", f"{HTTPS}?ref={COMMIT[:12]}"),
        *(f"{HTTPS}?ref={COMMIT}0", f"{HTTPS}?ref={COMMIT.upper()}", f"{HTTPS}#{COMMIT}"),
        *(f"{HTTPS}?ref=main&ref={COMMIT}", f"{HTTPS}\x1b[2J?ref={COMMIT}"),
        *(f"{HTTPS}\n?ref={COMMIT}", f"{HTTPS}\u202e?ref={COMMIT}"),
        f"git+https://git.acme.example/policies.git?ref={COMMIT}",
        f"https://git.acme.example/policies.git//push.yaml?ref={COMMIT}",
        f"git+http://git.acme.example/policies.git//push.yaml?ref={COMMIT}",
        f"git+-uhttps://git.acme.example/policies.git//push.yaml?ref={COMMIT}",
        f"git+--upload-pack=x//push.yaml?ref={COMMIT}",
        *(f"ext::sh -c x//push.yaml?ref={COMMIT}", f"git+ext::sh//push.yaml?ref={COMMIT}"),
        f"git+ssh://-F/policies.git//push.yaml?ref={COMMIT}",
        f"git+ssh://-oProxyCommand=x@host/policies.git//push.yaml?ref={COMMIT}",
        f"git+https://git.acme.example/{'x' * 1000}//push.yaml?ref={COMMIT}",
        f"git+file://etc/policies.git//push.yaml?ref={COMMIT}",
    ],
)
def test_what_is_no_file_at_a_commit_is_refused(address: str) -> None:
    with pytest.raises(FileProblem, match="is no file at a commit") as error:
        parse(address)
    assert git_file.FORM in (error.value.words[-1] or "")


@pytest.mark.parametrize(
    "login", ["https://lin:hunter2@", "https://hunter2@", "ssh://git:hunter2@"]
)
def test_a_password_in_an_address_is_refused_and_not_repeated(login: str) -> None:
    with pytest.raises(FileProblem, match="password") as error:
        parse(f"git+{login}git.acme.example/policies.git//push.yaml?ref={COMMIT}")
    assert "hunter2" not in str(error.value.words)


# --- fetching and reading -------------------------------------------------------------------------


@pytest.fixture
def origin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a repository with two versions of a file, and an empty cache."""
    monkeypatch.setenv("PUSHCTL_CACHE", str(tmp_path / "cache"))
    origin = tmp_path / "origin"
    (origin / "teams").mkdir(parents=True)
    git(origin, "init", "-q", "-b", "main")
    (origin / "link.yaml").symlink_to("teams/push.yaml")
    for text in ("first\n", "second\n"):
        (origin / "teams" / "push.yaml").write_text(text)
        git(origin, "add", "-A")
        git(origin, "commit", "-q", "-m", text)
    return origin


def at(origin: Path, path: str = "teams/push.yaml", ref: str = "HEAD") -> GitFile:
    url = f"file://{origin}"
    return GitFile(f"git+{url}//{path}", url, path, git(origin, "rev-parse", ref))


def got(file: GitFile, *, fetch: bool = True, limit: int = 1000) -> bytes:
    return content(file, fetch=fetch, limit=limit)


def test_it_is_fetched_once_and_is_the_one_of_its_commit(origin: Path) -> None:
    first, second = at(origin, ref="HEAD~1"), at(origin)
    with pytest.raises(FileProblem, match="was not fetched yet"):
        got(first, fetch=False)
    assert (got(first), got(second)) == (b"first\n", b"second\n")
    shutil.rmtree(origin)
    assert (got(first, fetch=False), got(second, fetch=False)) == (b"first\n", b"second\n")


@pytest.mark.parametrize("path", ["none.yaml", "teams", "teams/", "link.yaml", "../push.yaml"])
def test_what_is_no_file_of_the_commit_is_said(origin: Path, path: str) -> None:
    with pytest.raises(FileProblem, match="There is no file"):
        got(at(origin, path))


def test_a_file_that_is_too_large_is_not_read(origin: Path) -> None:
    with pytest.raises(FileProblem, match="larger than 1 bytes"):
        got(at(origin), limit=1)


def test_what_git_says_is_told_as_one_line(origin: Path) -> None:
    unknown = at(origin)
    unknown = GitFile(unknown.name, unknown.url, unknown.path, COMMIT)
    with pytest.raises(FileProblem, match=r"cannot be fetched: .*not our ref") as error:
        got(unknown)
    assert "\n" not in str(error.value)
    assert list((origin.parent / "cache").iterdir()) == []


@pytest.mark.parametrize("kind", ["commit", "teams", "teams/push.yaml"])
def test_a_copy_that_somebody_changed_is_refused(origin: Path, kind: str) -> None:
    """An object under the id of another: git itself would show it."""
    file = at(origin)
    got(file)
    (kept,) = (origin.parent / "cache").iterdir()
    name = file.commit if kind == "commit" else git(origin, "rev-parse", f"HEAD:{kind}")
    other = git(kept, "hash-object", "-w", __file__)
    target = kept / "objects" / name[:2] / name[2:]
    target.chmod(0o644)
    shutil.copy(kept / "objects" / other[:2] / other[2:], target)
    with pytest.raises(FileProblem, match="damaged"):
        got(file, limit=100_000)


def test_a_copy_cannot_make_git_fetch_or_run_anything(origin: Path, tmp_path: Path) -> None:
    file = at(origin)
    got(file)
    (kept,) = (origin.parent / "cache").iterdir()
    shutil.rmtree(kept / "objects")
    (kept / "objects").mkdir()
    for key, value in {
        "core.repositoryformatversion": "1",
        "extensions.partialClone": "x",
        "remote.x.promisor": "true",
        "remote.x.url": f"ext::touch {tmp_path}/ran",
        "protocol.ext.allow": "always",
    }.items():
        git(kept, "config", key, value)
    with pytest.raises(FileProblem, match="damaged"):
        got(file)
    assert not (tmp_path / "ran").exists()


def test_a_cache_that_cannot_be_written_is_said(
    origin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUSHCTL_CACHE", str(origin / "teams" / "push.yaml"))
    with pytest.raises(FileProblem, match="cannot be kept") as error:
        got(at(origin))
    assert "PUSHCTL_CACHE" in (error.value.words[-1] or "")


def test_the_cache_is_where_caches_are(
    origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PUSHCTL_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    got(at(origin))
    assert len(list((tmp_path / "xdg" / "pushctl").iterdir())) == 1


def test_git_that_does_not_answer_or_is_not_there_is_said(
    origin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = at(origin)
    monkeypatch.setattr(git_file, "TIMEOUT", 0.0001)
    with pytest.raises(FileProblem, match="no answer"):
        got(file)
    monkeypatch.setenv("PATH", str(origin))
    with pytest.raises(FileProblem, match="not installed"):
        got(file)


def test_another_process_may_be_faster(origin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch = git_file._fetch

    def twice(file: GitFile, kept: Path) -> None:
        fetch(file, kept)
        fetch(file, kept)

    monkeypatch.setattr(git_file, "_fetch", twice)
    assert got(at(origin)) == b"second\n"
    assert len(list((origin.parent / "cache").iterdir())) == 1
