"""Every exception that can end a command, each with the exit code it ends with."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pushctl.diagnostics import Diagnostic

FILES = "files"
"""What stands for the address of a state in files beside the manifest."""


class ExitCode(IntEnum):
    """What a script can rely on; documented in `docs/exit-codes.md`."""

    DONE = 0
    ERROR = 1
    CHANGES = 2
    REFUSED = 3
    PARTIAL = 4
    CONFLICT = 5
    IN_DOUBT = 6
    USAGE = 64
    INTERRUPTED = 130


class PushctlError(Exception):
    """Something that cannot go on.

    `summary` is constant per kind of failure, `detail` says what happened to which thing, `fix`
    says what to do. None of them may hold a secret.
    """

    exit_code = ExitCode.ERROR

    def __init__(self, summary: str, detail: str = "", *, fix: str | None = None) -> None:
        super().__init__(summary if not detail else f"{summary}: {detail}")
        self.summary = summary
        self.detail = detail
        self.fix = fix


class ManifestError(PushctlError):
    """The manifest has findings of severity error; all of them are attached.

    `folder` is where their file names start.
    """

    def __init__(self, diagnostics: Sequence[Diagnostic], folder: Path | None = None) -> None:
        super().__init__("The manifest has errors")
        self.diagnostics = tuple(diagnostics)
        self.folder = folder


class ConfigError(PushctlError):
    """Credentials, endpoint or another setting is missing or contradicts itself."""


class PlanRefusedError(PushctlError):
    """A guard or a blocked change forbids the plan; says the number, the limit and the way out."""

    exit_code = ExitCode.REFUSED


class StalePlanError(PushctlError):
    """A saved plan no longer fits the manifest, the state, the service or the clock."""

    exit_code = ExitCode.CONFLICT


class StateError(PushctlError):
    """The state cannot be read or written."""


class StateFormatError(StateError):
    """The state file is damaged, or was written by a newer pushctl."""


class IncompleteStateError(StateFormatError):
    """The state file lacks what others know: it is an older copy, or two applies followed one."""

    exit_code = ExitCode.CONFLICT


class StateLockedError(StateError):
    """Somebody else holds the lock; the detail names the holder."""

    exit_code = ExitCode.CONFLICT


class StateConflictError(StateError):
    """The state changed, or the lock was taken away, while this command was running."""

    exit_code = ExitCode.CONFLICT


class StateMovedError(StateConflictError):
    """The state is kept at another address now: `to`."""

    to = ""

    @classmethod
    def between(cls, address: str, to: str) -> StateMovedError:
        """Say where it was, where it is, and what to write."""
        fix = f"write it into the manifest (state: {to}), or set PUSHCTL_STATE"
        if to == FILES:
            fix = "take `state:` out of the manifest, and unset PUSHCTL_STATE"
        error = cls("The state has moved", f"from {address} to {to}", fix=fix)
        error.to = to
        return error


class ServiceError(PushctlError):
    """The push service could not be read, or an answer made no sense. Nothing was created."""


class AuthError(ServiceError):
    """The service does not accept these credentials, or they lack a permission."""


class CodeHostError(PushctlError):
    """A code host could not be asked, or refused."""


class CodeHostDeniedError(CodeHostError):
    """The code host does not allow this to whoever has our token."""
