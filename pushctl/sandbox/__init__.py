"""An HTTP emulator of the push service, written from its documentation alone.

It imports nothing of the rest of pushctl, so that one misreading cannot hide on both sides.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pushctl.sandbox.sandbox import Sandbox

__all__ = ["Sandbox"]


def __getattr__(name: str) -> Any:
    """Loads the server once it is asked for: pytest loads this package for its plugin."""
    if name != "Sandbox":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module("pushctl.sandbox.sandbox").Sandbox
