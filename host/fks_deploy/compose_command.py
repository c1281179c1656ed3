"""Compose as a deploy runs it, for `bin/compose` and `bin/backup`."""

from dataclasses import replace

from . import images, release, rollback
from .compose import Compose
from .paths import Paths
from .shell import Shell


def of_current(paths: Paths, inherit: tuple[int, ...] = ()) -> Compose:
    """The release in service with the images it runs; commands inherit the file descriptors. Error:
    SystemExit before the first deploy."""
    current = rollback.current(paths)
    if current is None:
        raise SystemExit("compose: no release is in service; run pulumi up")
    shell = replace(Shell.without_log(), inherit=inherit)
    # Only nginx's configuration, which Compose does not read, has the address.
    return Compose(shell, paths, release.load(current), "", images.recorded(current))
