"""The URL of fks:alertWebhook on this server."""

from pathlib import Path

from . import atomic_file


def write(file: Path, url: str) -> list[str]:
    """Write the URL for root only, or delete the file if there is none; returns its name if that
    changed something."""
    present = file.read_text(encoding="utf-8") if file.exists() else ""
    if url == present:
        return []
    if url:
        atomic_file.write(file, url.encode(), 0o600)
    else:
        file.unlink()
    return [file.name]
