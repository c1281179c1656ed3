"""Updates the edge's files between deploys: peers that moved and certificates that certbot renewed.

A reload fails while the engine restarts or the edge starts. The marker `reload-needed`, created
before a file changes, stays until a reload succeeds, and each run of the timer tries again. All of
this happens under the lock of deploys, which write the same files.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from . import marker, peers, release, rollback, tls
from .errors import DeployError, LockBusyError
from .lock import deploy_lock
from .output import Output
from .paths import Paths
from .peers import Resolve
from .redact import Redactor
from .shell import Shell
from .terminal import print_line

RELOAD_EDGE = Path(__file__).resolve().parent.parent / "bin/reload-edge"
# Seconds; `docker exec` blocks while the engine restarts.
RELOAD_TIMEOUT = 30.0
# Seconds; longer than a run of the timer, short because certbot holds its own lock meanwhile, and a
# deploy that needs a certificate fails on that lock.
HOOK_LOCK_WAIT = 5.0


def refresh_peers(paths: Paths) -> int:
    """One run of the timer fks-peers; does nothing while a deploy runs. Returns the exit code: 1
    after a failure, which is one line on standard error."""
    return _exit_code("fks-peers", lambda: _refresh(paths, "fks-peers", 0))


def refresh_certificates(paths: Paths) -> int:
    """certbot's deploy hook: install the renewed certificate, or leave that to the timer while a
    deploy runs. Returns the exit code, as `refresh_peers` does."""
    return _exit_code("certificate-renewed", lambda: _refresh_renewed(paths))


def _refresh_renewed(paths: Paths) -> None:
    marker.create(paths.certificate_renewed)
    if not _refresh(paths, "certbot", HOOK_LOCK_WAIT):
        print_line("a deploy runs: fks-peers installs the certificate after it", sys.stdout)


def _exit_code(name: str, run: Callable[[], object]) -> int:
    try:
        run()
    except (DeployError, OSError) as error:
        print_line(f"{name}: {error}", sys.stderr)
        return 1
    return 0


def _refresh(paths: Paths, user: str, wait_seconds: float) -> bool:
    """Whether the lock was free within `wait_seconds`."""
    current = rollback.current(paths)
    if current is None:
        return True
    # Resolve before taking the lock: deploys must not wait for a slow DNS server.
    found = {host: peers.resolve(host) for host in release.load(current).peers.values()}
    try:
        with deploy_lock(paths.lock, current.name, user, wait_seconds):
            _refresh_files(paths, lambda host: found.get(host, []))
    except LockBusyError:
        return False
    return True


def _refresh_files(paths: Paths, lookup: Resolve) -> None:
    # Load again: a deploy may have ended since `_refresh` loaded the release.
    current = release.load(paths.current.resolve())
    changed = peers.refresh(paths, current.peers, lookup)
    if paths.certificate_renewed.exists():
        # In this order: an interruption or another renewal after these lines loses nothing.
        marker.create(paths.reload_needed)
        paths.certificate_renewed.unlink()
    if paths.reload_needed.exists():
        changed += tls.install(_shell(), paths, current.certificates)
        _reload(paths, changed)


def _reload(paths: Paths, changed: list[str]) -> None:
    if changed:
        print_line(f"changed: {', '.join(changed)}", sys.stdout)
    _shell().run([str(RELOAD_EDGE)], name="reload-edge", timeout=RELOAD_TIMEOUT)
    paths.reload_needed.unlink()


def _shell() -> Shell:
    """Without a log file: this runs every 15 s, and systemd keeps its output."""
    return Shell(Output(Path(os.devnull), Redactor(())))
