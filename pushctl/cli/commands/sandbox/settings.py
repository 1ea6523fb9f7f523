"""`pushctl sandbox knob | reset`: assume something else about the service, and begin anew."""

from __future__ import annotations

import click

from pushctl.cli.commands.sandbox.connection import Connection, common, pairs
from pushctl.cli.service.endpoint import EMBEDDED
from pushctl.errors import PushctlError


@click.command("knob", short_help="Show and set what is not known of the service.")
@click.argument("settings", nargs=-1, metavar="[NAME=VALUE...]")
@common
def knob(sandbox: Connection, settings: tuple[str, ...]) -> int:
    """Show what the sandbox assumes about the service, or assume something else.

    `GET /_sandbox/assumptions` says what each knob decides, and how to find out what is true.
    """
    body = pairs(settings)
    knobs = (sandbox.ask("POST", "knobs", body) if body else sandbox.ask("GET", "knobs"))["knobs"]
    width = max(map(len, knobs))
    return sandbox.tell(knobs, "".join(f"{key:{width}}  {value}\n" for key, value in knobs.items()))


@click.command("reset", short_help="Begin anew.")
@common
def reset(sandbox: Connection) -> int:
    """Forget everything: tasks, deliveries, faults, knobs, and where the clock was."""
    options, remembered = sandbox.options, _state_has_tasks(sandbox)
    code = sandbox.tell(sandbox.ask("POST", "reset", {"all": True}), "The sandbox is as new.\n")
    if remembered:
        options.output.talk(
            "The state of this folder still has the tasks that are gone, so that apply does not"
            " create them again.\n"
            f"To create them again: {options.typed} apply --force\n"
            f"To begin from nothing: move {options.state_name}.state.* away"
        )
    return code


def _state_has_tasks(sandbox: Connection) -> bool:
    """Tell whether the folder's state has tasks of this sandbox; false if it cannot be read."""
    from pushctl.cli.project.project import open_store  # noqa: PLC0415  (others read no state)
    from pushctl.cli.service.identity import service_of_tasks  # noqa: PLC0415  (see above)

    try:
        state = open_store(sandbox.options).read()
    except PushctlError:
        return False
    settings = None if state is None else service_of_tasks(state)
    return settings is not None and settings.endpoint == (sandbox.url or EMBEDDED)
