"""Keeps what the edge reads true between deploys: where the other servers are, and what certbot
renewed.

A reload can fail: the engine restarts, the edge is only starting. The mark that was made before a
file changed stays until a reload worked, and each round of the timer tries again. All of it is done
under the lock of deploys, which write the same files.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from . import mark, peers, putback, release, tls
from .errors import DeployError, LockHeldError
from .lock import deploy_lock
from .output import Output
from .paths import Paths
from .peers import Resolve
from .redact import Redactor
from .shell import Shell

RELOAD = Path(__file__).resolve().parent.parent / "bin/reload-edge"
# Seconds; a command in a container does not end by itself while the engine is restarting.
RELOAD_TIME = 30.0
# Seconds; certbot holds its own lock meanwhile, without which a deploy gets no certificate. It is
# enough for a round of the timer to end.
HOOK_WAIT = 5.0


def look(paths: Paths) -> int:
    """A round of the timer fks-peers, left out while a deploy runs. Returns the exit code: 1 when
    it did not work, which standard error explains in one line."""
    return _told("fks-peers", lambda: _round(paths, "fks-peers", 0))


def renewed(paths: Paths) -> int:
    """After certbot's timer renewed: a round at once, or by the timer when the deploy that runs is
    done. Returns the exit code, as `look` does."""
    return _told("certificate-renewed", lambda: _renewed(paths))


def _renewed(paths: Paths) -> None:
    mark.make(paths.certificate_renewed)
    if not _round(paths, "certbot", HOOK_WAIT):
        print("a deploy runs: fks-peers hands the certificate over when it is done")


def _told(name: str, act: Callable[[], object]) -> int:
    try:
        act()
    except (DeployError, OSError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 1
    return 0


def _round(paths: Paths, who: str, patience: float) -> bool:
    """Whether the lock was to be had within `patience` seconds."""
    current = putback.current(paths)
    if current is None:
        return True
    # Before the lock: a DNS that is silent would keep deploys waiting.
    asked = {host: peers.resolve(host) for host in release.load(current).peers.values()}
    try:
        with deploy_lock(paths.lock, current.name, who, patience):
            _settle(paths, lambda host: asked.get(host, []))
    except LockHeldError:
        return False
    return True


def _settle(paths: Paths, ask: Resolve) -> None:
    # Read again: a deploy may have ended meanwhile.
    serving = release.load(paths.current.resolve())
    changed = peers.refresh(paths, serving.peers, ask)
    if paths.certificate_renewed.exists():
        # In this order, so that neither an end in between nor another renewal is missed.
        mark.make(paths.reload_needed)
        paths.certificate_renewed.unlink()
    if paths.reload_needed.exists():
        changed += tls.install(_shell(), paths, serving.certificates)
        _tell(paths, changed)


def _tell(paths: Paths, changed: list[str]) -> None:
    if changed:
        print(f"changed: {', '.join(changed)}", flush=True)
    _shell().run([str(RELOAD)], name="reload-edge", timeout=RELOAD_TIME)
    paths.reload_needed.unlink()


def _shell() -> Shell:
    """Without a log, which is for deploys: this runs every 15 s, and systemd keeps what it says."""
    return Shell(Output(Path(os.devnull), Redactor(())))
