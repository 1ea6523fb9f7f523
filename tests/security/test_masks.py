"""No credential in force comes out anywhere, whoever quotes it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pushctl.cli import main, output
from pushctl.cli.commands import comment
from pushctl.cli.debug_log import Debug
from pushctl.cli.write_file import write_file
from pushctl.codehosts.client import _refusal
from pushctl.errors import PushctlError
from pushctl.http.client import Answer
from pushctl.mpaas import failures, responses
from pushctl.state.history import HistoryEntry
from pushctl.state.whoami import lock_info, signed

CREDENTIALS = {
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "S3cretOfNobodyAtAll0",
    "ALIBABA_CLOUD_SECURITY_TOKEN": "T0kenOfNobodyAtAll000",
    "MPAAS_SK_ENV": "S3cretOfTheProduct0",
    "GITHUB_TOKEN": "t0ken-of-github",
    "PUSHCTL_GITLAB_TOKEN": "t0ken-of-gitlab",
    "CI_JOB_TOKEN": "t0ken-of-a-job",
    "PUSHCTL_STATE_TOKEN": "t0ken-of-the-branch",
    "": "ghs_" + "a1B2" * 9,
    "HTTPS_PROXY": "http://lin:passw0rd@proxy.example",
}


def streamed(write: Callable[[], object]) -> str:
    """Return what arrives in both streams of a process."""
    both = io.StringIO()
    before = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = both
    try:
        output.make_streams_safe()
        write()
    finally:
        sys.stdout, sys.stderr = before
    return both.getvalue()


def crash(text: str) -> str:
    def fail() -> None:
        try:
            raise RuntimeError(text)
        except RuntimeError:
            sys.excepthook(*sys.exc_info())

    return streamed(fail)


def debugged(text: str) -> str:
    debug = Debug()
    debug.switch_on()
    return streamed(lambda: debug.error(RuntimeError(text)))


def written(text: str, folder: Path) -> str:
    write_file(folder / "plan.html", text)
    return (folder / "plan.html").read_text()


def commented(text: str, folder: Path) -> str:
    (folder / "page.md").write_text(text)
    return comment._read(folder / "page.md")


def answer(status: int, **fields: str) -> str:
    body = json.dumps(fields)
    read = failures.text_or_failure(status, {}, body.encode())
    outcome = responses.created(body, scheduled=True) if isinstance(read, str) else read
    return repr((outcome, responses.codes_of(body)))


def environment(text: str) -> str:
    environ = {"PUSHCTL_RUN_URL": f"https://ci.example/{text}", "PUSHCTL_REQUEST_URL": text}
    return repr((lock_info("apply", environ), signed(HistoryEntry(what="apply"), environ)))


SINKS: dict[str, Callable[[str, Path], str]] = {
    "result": lambda text, _: streamed(lambda: output.Output().result(text)),
    "alarm": lambda text, _: streamed(lambda: output.Output().alarm(text)),
    "error": lambda text, _: streamed(
        lambda: main._say(main._explained(PushctlError("no", text, fix=text)), 1)
    ),
    "traceback": lambda text, _: crash(text),
    "debug": lambda text, _: debugged(text),
    "file": written,
    "comment": commented,
    "refusal": lambda text, _: answer(200, ResultCode="3012", ResultMessage=text, RequestId=text),
    "doubt": lambda text, _: answer(200, ResultCode="9000", ResultMessage=text),
    "gateway": lambda text, _: answer(400, Code="Wrong", Message=text, RequestId=text),
    "code of a gateway": lambda text, _: answer(400, Code=text, Message="no"),
    "code of an answer": lambda text, _: answer(200, ResultCode=text),
    "code host": lambda text, _: str(
        _refusal("GET /x", Answer(422, {}, json.dumps({"message": text}).encode()))
    ),
    "history and lock": lambda text, _: environment(text),
}


@pytest.mark.parametrize("sink", SINKS)
@pytest.mark.parametrize("variable", CREDENTIALS)
def test_no_credential_comes_out(
    variable: str, sink: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = CREDENTIALS[variable]
    if variable:
        monkeypatch.setenv(variable, value)
    for quoted in (value, f"you sent {value}.", json.dumps({"a": value})):
        shown = SINKS[sink](quoted, tmp_path)
        assert value not in shown
        assert "passw0rd" not in shown
    text = f"you sent {value}."
    assert "(hidden)" in SINKS[sink](text if "code of" not in sink else value, tmp_path) or (
        "code of" in sink and variable == "HTTPS_PROXY"  # which is no code at all
    )
