"""Whether this server's clock is right."""

from .paths import Paths
from .shell import Shell

# Seconds that a time may be ahead of the clock: it was corrected by so much meanwhile.
AHEAD = 60.0


def synchronized(paths: Paths, shell: Shell, timeout: float) -> bool | None:
    """The kernel's flag, which systemd-timesyncd and chrony set; None in a container. Error:
    CommandFailedError."""
    if paths.container.exists():
        return None
    command = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
    return shell.run(command, timeout=timeout).strip() == "yes"
