"""Updates the edge's files between deploys: certificates that certbot renewed, name servers.

Each run of fks-edge.service compares the files with what they should be. A reload fails while the
engine restarts or the edge starts. The marker `reload-needed`, created before a file changes, stays
until a reload succeeds, and each run tries again. All of this happens under the lock of deploys,
which write the same files.
"""

import sys
from pathlib import Path

from . import activation, release, rollback, tailnet
from .compose import Compose
from .errors import DeployError, LockBusyError
from .lock import deploy_lock
from .paths import Paths
from .shell import Shell
from .terminal import print_line

RELOAD_EDGE = Path(__file__).resolve().parent.parent / "bin/reload-edge"
# Seconds; `docker exec` blocks while the engine restarts.
RELOAD_TIMEOUT = 30.0


def refresh(paths: Paths) -> int:
    """One run; does nothing before the first release and while a deploy runs. Returns the exit
    code: 1 after a failure, which is one line on standard error."""
    try:
        _refresh(paths)
    except LockBusyError:
        return 0
    except (DeployError, OSError) as error:
        print_line(f"fks-edge: {error}", sys.stderr)
        return 1
    return 0


def _refresh(paths: Paths) -> None:
    current = rollback.current(paths)
    if current is None:
        return
    shell = Shell.without_log()
    with deploy_lock(paths.lock, current.name, "fks-edge", 0):
        loaded = release.load(current)
        address = tailnet.read(shell).own.address
        changed = activation.install_edge(Compose(shell, paths, loaded, address, {}))
        if paths.reload_needed.exists():
            _reload(shell, paths, changed)


def _reload(shell: Shell, paths: Paths, changed: list[str]) -> None:
    if changed:
        print_line(f"changed: {', '.join(changed)}", sys.stdout)
    shell.run([str(RELOAD_EDGE)], name="reload-edge", timeout=RELOAD_TIMEOUT)
    paths.reload_needed.unlink()
