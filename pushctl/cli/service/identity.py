"""Whether a state, or a saved plan, is about the service that a command is for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from shlex import quote
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.project.manifest_identity import check_manifest
from pushctl.cli.service import endpoint as endpoints
from pushctl.cli.service import settings as service_settings
from pushctl.cli.service.endpoint import EMBEDDED
from pushctl.errors import StateConflictError
from pushctl.mpaas.endpoint import is_local, normalized
from pushctl.state.state import ServiceSettings, State
from pushctl.text.escape import terminal

if TYPE_CHECKING:
    from pushctl.manifest.schema.models import Manifest

NOTHING = State("", "", "")


class Service(Struct, frozen=True):
    """An app's workspace, and where it is."""

    app: str
    workspace: str
    settings: ServiceSettings

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
        if recorded and (recorded.endpoint == EMBEDDED or is_local(recorded.endpoint)):
            lines.append("This is the state of a sandbox: nothing in it ever reached a phone.")
        fix = _way_out(recorded, other)
        raise StateConflictError("The state is about another service", "\n".join(lines), fix=fix)


def service_of(
    manifest: Manifest | None, environ: Mapping[str, str], recorded: State = NOTHING
) -> Service:
    """Return the service that a manifest asks for; if none can be read, the recorded one.

    Wherever `PUSHCTL_ENDPOINT` says, if it does.
    """
    if manifest is not None:
        settings = service_settings.of_manifest(manifest, environ)
        return Service(manifest.app.id, manifest.app.workspace, settings)
    settings = recorded.settings or service_settings.defaults(environ)
    endpoint = endpoints.chosen(settings.endpoint, environ)
    return Service(recorded.app, recorded.workspace, replace(settings, endpoint=endpoint))


def whose(
    service: Service, options: GlobalOptions, files: Sequence[str], *, only_shows: bool
) -> Callable[[State], None]:
    """Return the check of a state; where it is only shown, that says whose it is."""
    told: set[str | None] = {None}

    def check(state: State) -> None:
        try:
            service.check(state)
            note = check_manifest(state, options, files)
        except StateConflictError as error:
            if not only_shows:
                raise
            note = str(error).replace("\n", "; ")
        if note not in told:
            options.output.talk(terminal(f"Note: {note}"))
        told.add(note)

    return check


def service_of_tasks(state: State) -> ServiceSettings | None:
    """Return where the tasks of a state are; None if it has none, or if that was not recorded."""
    return state.settings if any(record.tasks for record in state.pushes.values()) else None


def differences(recorded: Mapping[str, str], meant: Mapping[str, str]) -> dict[str, str]:
    """Say of each part that is recorded and meant otherwise what it is and what it should be."""
    return {
        part: f"{part}: recorded is {text}, meant is {meant.get(part, '(none)')}"
        for part, text in recorded.items()
        if text != meant.get(part)
    }


def _parts(app: str, workspace: str, settings: ServiceSettings | None) -> dict[str, str]:
    named = {"app": app, "workspace": workspace}
    if settings is not None:
        endpoint = settings.endpoint
        if endpoint != EMBEDDED:  # and what cannot be read may hold a password
            endpoint = normalized(endpoint) or "(not valid)"
        tenant = settings.tenant or "(none)"
        named |= {"tenant": tenant, "region": settings.region, "endpoint": endpoint}
    return named


def _way_out(recorded: ServiceSettings | None, other: Collection[str]) -> str:
    ways = ["keep a state for each service: --env NAME, or a folder of its own"]
    if recorded is not None and "endpoint" in other:
        ways.append(f"for the recorded one, set PUSHCTL_ENDPOINT={quote(recorded.endpoint)}")
    if "app" not in other and "workspace" not in other:
        ways.append("if only its address is new: pushctl state replace-service")
    return "; ".join(ways)
