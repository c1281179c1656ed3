"""Who runs `fks`, for the journals of the servers."""

import getpass
import socket
from collections.abc import Mapping


def name(environ: Mapping[str, str]) -> str:
    """USER@HOST, or the user at GitHub in a workflow."""
    if actor := environ.get("GITHUB_ACTOR"):
        return f"{actor} (GitHub)"
    return f"{getpass.getuser()}@{socket.gethostname()}"
