"""Marker files: an empty file says that work is pending, also after its creator was killed."""

from pathlib import Path


def create(marker: Path) -> None:
    """Create the file; an existing one stays."""
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.touch()
