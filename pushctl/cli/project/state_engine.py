"""Which engine keeps the state, by its address: the only module that knows the engines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pushctl.cli.global_options import GlobalOptions
from pushctl.errors import FILES, ConfigError
from pushctl.state.interface import StateStore
from pushctl.state.state import State

if TYPE_CHECKING:
    from pushctl.manifest.schema.models import Manifest
    from pushctl.state.chain.log import SlotLog

ENGINES = {
    **dict.fromkeys(("git+file", "git+http", "git+https", "git+origin", "git+ssh"), "git_branch"),
    **dict.fromkeys(("gitlab", "http", "https"), "http"),
    **dict.fromkeys(("postgres", "postgresql"), "postgresql"),
    "oss": "oss",
    "s3": "s3",
}
"""The sub-package of `pushctl.state` for each scheme; its module `log` has `open_log`."""

SHORTEST, LONGEST = 3, 900
"""Seconds of a lease that make sense."""

SEALING = ("PUSHCTL_AGE_RECIPIENTS", "PUSHCTL_AGE_KEY")
"""What is set where entries are sealed; `pushctl.state.chain.age` reads it."""


def address_of(manifest: Manifest | None, environ: Mapping[str, str]) -> str:
    """Return where the state is: `PUSHCTL_STATE`, else what the manifest says; empty for files."""
    address = environ.get("PUSHCTL_STATE") or (manifest.state if manifest else None) or ""
    return "" if address == FILES else address


def open_engine(
    address: str,
    options: GlobalOptions,
    environ: Mapping[str, str],
    *,
    check: Callable[[State], object] = lambda state: None,
    app: str | None = None,
    workspace: str | None = None,
    zone: dt.tzinfo | None = None,
) -> StateStore:
    """Return the state at an address; in files beside the manifest if the address is empty.

    Errors about its lock are in times of `zone`. Raises `ConfigError` if the address, or a setting
    that its engine needs, is not right.
    """
    folder, name = options.existing_folder, options.state_name
    if not address:
        if seals(environ):
            fix = "keep the state on an engine, which can be sealed, or unset PUSHCTL_AGE_*"
            raise ConfigError("A state in files is not sealed", str(folder), fix=fix)
        from pushctl.state.file.store import FileStateStore  # noqa: PLC0415  (one engine at a time)

        return FileStateStore(
            folder, app=app, workspace=workspace, name=name, check=check, zone=zone
        )
    from pushctl.state.chain.store import ChainStateStore  # noqa: PLC0415  (not for files)

    return ChainStateStore(
        open_log(address, options, environ),
        app=app,
        workspace=workspace,
        seal=_imported("chain.age", "age").open_seal(environ) if seals(environ) else None,
        check=check,
        seconds=_lease(environ),
        zone=zone,
    )


def _lease(environ: Mapping[str, str]) -> float:
    from pushctl.cli.service.settings import duration  # noqa: PLC0415  (not for files)
    from pushctl.state.chain.store import LEASE  # noqa: PLC0415  (see above)

    seconds = duration("PUSHCTL_STATE_LEASE", environ, LEASE)
    if not SHORTEST <= seconds <= LONGEST:
        detail = f"{seconds:.0f} s is not between {SHORTEST} s and {LONGEST} s"
        raise ConfigError("PUSHCTL_STATE_LEASE cannot be used", detail)
    return seconds


def seals(environ: Mapping[str, str]) -> bool:
    """Tell whether entries are to be sealed."""
    return any(environ.get(name) for name in SEALING)


def open_log(address: str, options: GlobalOptions, environ: Mapping[str, str]) -> SlotLog:
    """Return the chain at an address that is not empty; raises `ConfigError`."""
    scheme = urlsplit(address).scheme
    if scheme not in ENGINES:
        known = ", ".join(sorted(ENGINES))
        detail = f"{scheme or address!r} is none of {known}"
        raise ConfigError("The address of the state cannot be understood", detail)
    engine = ENGINES[scheme]
    module = _imported(f"{engine}.log", "postgres" if engine == "postgresql" else engine)
    log: SlotLog = module.open_log(
        address,
        suffix=f".{options.env}" if options.env else "",
        folder=options.existing_folder,
        environ=environ,
    )
    return log


def _imported(module: str, extra: str) -> Any:
    """Return a module of `pushctl.state` that needs what an extra installs."""
    try:
        return import_module(f"pushctl.state.{module}")
    except ModuleNotFoundError as error:
        detail = f"the state of this address needs {error.name}, which is not installed"
        fix = f"pip install 'pushctl[{extra}]'"
        raise ConfigError("The engine of the state is not installed", detail, fix=fix) from error
