from __future__ import annotations

from tests.unit.sandbox.conftest import hang_up  # noqa: F401  (a fixture)
