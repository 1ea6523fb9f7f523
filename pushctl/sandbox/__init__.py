"""An HTTP emulator of the push service, for trying things out and for tests.

It is an independent witness: it knows the service's documentation and nothing of the client.
"""

from __future__ import annotations

from pushctl.sandbox.assumptions import KnobError
from pushctl.sandbox.clock import ClockError
from pushctl.sandbox.database import DataFileError
from pushctl.sandbox.sandbox import Sandbox

__all__ = ["ClockError", "DataFileError", "KnobError", "Sandbox"]
