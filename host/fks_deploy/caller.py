"""Who runs a program of `bin/`, for the journal, the lock and the screens."""

import getpass
import os

# Characters; others read it in one line.
LONGEST = 200


def name(given: str = "") -> str:
    """What `--who` says, without it the user of sudo, or the login."""
    return one_line(given) or os.environ.get("SUDO_USER") or getpass.getuser()


def one_line(text: str) -> str:
    """A text of somebody else, without line breaks and not longer than LONGEST."""
    return " ".join(text.split())[:LONGEST]
