"""Marks: empty files that say what is still to be done, and outlive whoever made them."""

from pathlib import Path


def make(mark: Path) -> None:
    """Note it; a mark that is there stays."""
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
