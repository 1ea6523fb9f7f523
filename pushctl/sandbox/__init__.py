"""An HTTP emulator of the push service, written from its documentation alone.

It imports nothing of the rest of pushctl, so that one misreading cannot hide on both sides.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pushctl.sandbox.clock import ClockError
    from pushctl.sandbox.knobs import KnobError
    from pushctl.sandbox.sandbox import Sandbox, clock_of
    from pushctl.sandbox.storage.database import DataFileError

__all__ = ["ClockError", "DataFileError", "KnobError", "Sandbox", "clock_of"]

_MODULES = ("clock", "storage.database", "knobs", "sandbox", "sandbox")
_PLACES = dict(zip(__all__, _MODULES, strict=True))


def __getattr__(name: str) -> Any:
    """Loads what is asked for, and with it the server: pytest loads this package for its plugin."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
