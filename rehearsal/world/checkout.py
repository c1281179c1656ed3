"""Lists the files of this checkout."""

from __future__ import annotations

import subprocess
from pathlib import Path

from rehearsal.world.names import ROOT


def program_files() -> list[Path]:
    """Return the files that git tracks, and new ones that it does not ignore."""
    listing = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    )
    return [
        ROOT / name for name in sorted(set(listing.stdout.split("\0"))) if (ROOT / name).is_file()
    ]
