"""Compose as a deploy runs it, for `bin/compose`."""

from . import images, release, rollback
from .compose import Compose
from .paths import Paths
from .shell import Shell


def of_current(paths: Paths) -> Compose:
    """The release in service with the images it runs. Error: SystemExit before the first deploy."""
    current = rollback.current(paths)
    if current is None:
        raise SystemExit("compose: no release is in service; run pulumi up")
    shell = Shell.without_log()
    # Only nginx's configuration, which Compose does not read, has the address.
    return Compose(shell, paths, release.load(current), "", images.recorded(current))
