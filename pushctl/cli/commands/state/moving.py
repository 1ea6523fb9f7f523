"""`pushctl state pull`, `push` and `migrate`: the recorded state as a document, and elsewhere."""

from __future__ import annotations

import json
import os
from typing import IO

import click

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import lock_timeout, option
from pushctl.cli.project.project import open_store, read
from pushctl.cli.project.state_engine import SEALING, address_of, open_engine
from pushctl.errors import FILES, ConfigError, StateConflictError, StateFormatError, StateMovedError
from pushctl.masking import mask
from pushctl.render import json_output
from pushctl.state.codec import decode_state, encode_state
from pushctl.state.decoding import FormatError
from pushctl.state.history import HistoryEntry
from pushctl.state.interface import RECEIVING, StateStore
from pushctl.state.state import State
from pushctl.text.escape import terminal

MIGRATE = "state migrate"


@click.command("pull")
@click.pass_obj
def pull(options: GlobalOptions) -> None:
    """Write the newest state to stdout, as the JSON of schemas/state.schema.json."""
    store = open_store(options)
    options.output.result(json_output.text(encode_state(store.read() or store.new_state())))


@click.command("push")
@click.argument("file", type=click.File(encoding="utf-8"))
@option(
    "--force",
    is_flag=True,
    # Not PUSHCTL_FORCE: who overrides thresholds in CI must not replace states by that.
    envvar="PUSHCTL_STATE_PUSH_FORCE",
    help="Store it even if it is older, or of another lineage.",
)
@lock_timeout
@click.pass_obj
def push(options: GlobalOptions, file: IO[str], force: bool, lock_timeout: float) -> None:
    """Store a state that `state pull` wrote in the place of what is recorded; `-` is stdin.

    Refuses one of another lineage, and one that lacks what was recorded since. Calls nothing.
    """
    pushed = _document(file)
    address = address_of(read(options).manifest, os.environ)
    store = open_engine(address, options, os.environ, app=pushed.app, workspace=pushed.workspace)

    def checked() -> State:
        if not force:
            _check(pushed, store.read() or pushed)
        return pushed

    checked()
    state = store.overwrite("state push", checked, timeout=lock_timeout)
    store.append_history(HistoryEntry(what="state push --force" if force else "state push"))
    options.output.result(f"Recorded as snapshot {state.serial}.\n")


def _document(file: IO[str]) -> State:
    try:
        return decode_state(json.loads(file.read()))
    except (FormatError, ValueError, RecursionError) as error:
        fix = "take what `pushctl state pull` wrote, unchanged"
        raise StateFormatError("This is not a state", str(error)[:200], fix=fix) from error


def _check(pushed: State, known: State) -> None:
    """Refuse a state that does not follow the known one."""
    if pushed.lineage != known.lineage:
        detail = f"it is of lineage {pushed.lineage}, recorded is {known.lineage}"
    elif pushed.serial < known.serial or (pushed.serial == known.serial and pushed != known):
        detail = f"it is snapshot {pushed.serial}, recorded is {known.serial}"
    else:
        return
    fix = "pull it, and look what differs; --force if you know better"
    raise StateConflictError("This state does not follow what is recorded", detail, fix=fix)


@click.command("migrate")
@click.argument("to")
@lock_timeout
@click.pass_obj
def migrate(options: GlobalOptions, to: str, lock_timeout: float) -> None:
    """Move the state to another address, or to `files` beside the manifest, with its history.

    What was there before says from then on where the state is, and takes nothing more. Safe to run
    again after it was cut short: at no time two places can be written.
    """
    shown, address = mask(to), address_of(read(options).manifest, os.environ)
    source = _opened(options, address)
    target = _opened(options, "" if to == FILES else to)
    if source.address == target.address:
        raise ConfigError("The state is there already", source.address)
    try:
        with (
            source.lock(MIGRATE, timeout=lock_timeout) as lease,
            target.receive(lease.state, source.history()),
        ):
            lease.move_to(shown)
    except StateMovedError as error:
        holder = target.lock_info()
        if error.to != shown or holder is None or holder.operation != RECEIVING:
            raise
        target.unlock()  # it was cut short after the last step but this
    former = mask(address) or source.address  # as it was written: others add the environment
    target.append_history(HistoryEntry(what=f"{MIGRATE} {shown} (from {former})"))
    told = StateMovedError.between(former, shown)
    options.output.show(f"{terminal(f'{told}. Now {told.fix}')}.\n")


def _opened(options: GlobalOptions, address: str) -> StateStore:
    """Open a place; one in files is never sealed, whatever the other one is."""
    kept = {name: text for name, text in os.environ.items() if address or name not in SEALING}
    return open_engine(address, options, kept)
