"""The files of this checkout."""

from __future__ import annotations

import subprocess
from pathlib import Path

from rehearsal.world.names import ROOT


def program_files() -> list[Path]:
    """Return the files of this checkout as git sees them: tracked, or new and not ignored."""
    listing = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    )
    return [
        ROOT / name for name in sorted(set(listing.stdout.split("\0"))) if (ROOT / name).is_file()
    ]
