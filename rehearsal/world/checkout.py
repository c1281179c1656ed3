"""Lists the files of this checkout."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from rehearsal.world.names import ROOT
from rehearsal.world.shell import CommandError


def program_files() -> list[Path]:
    """Return the files that git tracks, and new ones that it does not ignore.

    Raises CommandError where git is missing, or this is no repository that it reads.
    """
    names = map(os.fsdecode, _listing().split(b"\0"))
    return [ROOT / name for name in sorted(set(names)) if (ROOT / name).is_file()]


def _listing() -> bytes:
    options = ["-z", "--cached", "--others", "--exclude-standard"]
    try:
        listing = subprocess.run(
            ["git", "-C", str(ROOT), "ls-files", *options], check=False, capture_output=True
        )
    except FileNotFoundError:
        raise CommandError(
            "git is not installed, or not on the PATH; on Debian: apt-get install git"
        ) from None
    if listing.returncode != 0:
        raise CommandError(
            f"git cannot list the files of {ROOT}: {os.fsdecode(listing.stderr).strip()}\n"
            f"The rehearsal needs a git clone, not an archive of its files."
        )
    return listing.stdout
