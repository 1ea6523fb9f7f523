"""Whether a state, or a saved plan, is about the service that a command is for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from shlex import quote

from pushctl.cli.endpoint import EMBEDDED
from pushctl.errors import StateConflictError
from pushctl.mpaas.endpoint import is_local, normalized
from pushctl.state.state import ServiceSettings, State


@dataclass(frozen=True, slots=True)
class Service:
    """An app's workspace, and where it is; `typed` is how a command for it begins."""

    app: str
    workspace: str
    settings: ServiceSettings
    typed: str = "pushctl"

    @property
    def parts(self) -> dict[str, str]:
        """All that makes it this service, by name."""
        return _parts(self.app, self.workspace, self.settings)

    def check(self, state: State) -> None:
        """Raise `StateConflictError` if a state is about another service.

        Its tasks would count as made, and a cancel would not reach them. While it has no tasks, its
        tenant, region and endpoint may change.
        """
        if not state.lineage:
            return
        recorded = state.settings
        other = differences(_parts(state.app, state.workspace, service_of_tasks(state)), self.parts)
        if not other:
            return
        lines = [*other.values()]
        if recorded is not None and _is_sandbox(recorded):
            lines.append("This is the state of a sandbox: nothing in it ever reached a phone.")
        fix = _way_out(recorded, other, self.typed)
        raise StateConflictError("The state is about another service", "\n".join(lines), fix=fix)


def service_of_tasks(state: State) -> ServiceSettings | None:
    """Return where the tasks of a state are; None if it has none, or if that was not recorded."""
    return state.settings if any(record.tasks for record in state.pushes.values()) else None


def differences(recorded: Mapping[str, str], meant: Mapping[str, str]) -> dict[str, str]:
    """Say of each part that is recorded and meant otherwise what it is and what it should be."""
    return {
        part: f"{part}: recorded is {text}, meant is {meant[part]}"
        for part, text in recorded.items()
        if _spelling(part, text) != _spelling(part, meant[part])
    }


def _parts(app: str, workspace: str, settings: ServiceSettings | None) -> dict[str, str]:
    if settings is None:
        return {"app": app, "workspace": workspace}
    return {
        "app": app,
        "workspace": workspace,
        "tenant": settings.tenant or "(none)",
        "region": settings.region,
        "endpoint": settings.endpoint,
    }


def _spelling(part: str, text: str) -> str:
    return normalized(text) if part == "endpoint" and text != EMBEDDED else text


def _way_out(recorded: ServiceSettings | None, other: Collection[str], typed: str) -> str:
    ways = ["keep a state for each service: --env NAME, or a folder of its own"]
    if recorded is not None and "endpoint" in other:
        ways.append(f"for the recorded one, set PUSHCTL_ENDPOINT={quote(recorded.endpoint)}")
    if "app" not in other and "workspace" not in other:
        ways.append(f"if only its address is new: {typed} state replace-service")
    return "; ".join(ways)


def _is_sandbox(settings: ServiceSettings) -> bool:
    return settings.endpoint == EMBEDDED or is_local(settings.endpoint)
