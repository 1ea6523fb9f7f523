"""An HTTP emulator of the push service, written from its documentation alone.

It imports nothing of the rest of pushctl, so that one misreading cannot hide on both sides.
"""

from __future__ import annotations

from pushctl.sandbox.clock import ClockError
from pushctl.sandbox.knobs import KnobError
from pushctl.sandbox.sandbox import Sandbox, clock_of
from pushctl.sandbox.storage.database import DataFileError

__all__ = ["ClockError", "DataFileError", "KnobError", "Sandbox", "clock_of"]
