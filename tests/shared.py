"""Material that lies beside a checkout and is not part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def recordings() -> Path:
    """The directory with the recordings of the real plugins; skips the test where it is missing."""
    directory = SHARED / "recordings"
    if not directory.is_dir():
        pytest.skip(f"the recordings of the real plugins are not at {directory}")
    return directory
