"""Keeps what the edge reads true between deploys: where the other servers are, and what certbot
renewed.

A reload can fail: the engine restarts, the edge is only starting. The mark that was made before a
file changed stays until a reload worked, and each round of the timer tries again.
"""

import os
from pathlib import Path

from . import peers, putback, release, tls
from .output import Output
from .paths import Paths
from .redact import Redactor
from .shell import Shell

RELOAD = Path(__file__).resolve().parent.parent / "bin/reload-edge"
# Seconds; a command in a container does not end by itself while the engine is restarting.
RELOAD_TIME = 30.0


def look(paths: Paths) -> None:
    """A round of the timer fks-peers. Error: DeployError when nginx could not be told."""
    if current := putback.current(paths):
        _tell(paths, peers.refresh(paths, release.load(current).peers))


def renewed(paths: Paths) -> None:
    """After certbot's timer renewed. Error: DeployError when nginx could not be told."""
    if current := putback.current(paths):
        _tell(paths, tls.install(_shell(), paths, release.load(current).certificates))


def _tell(paths: Paths, changed: list[str]) -> None:
    if changed:
        print(f"changed: {', '.join(changed)}", flush=True)
    if paths.reload_needed.exists():
        _shell().run([str(RELOAD)], name="reload-edge", timeout=RELOAD_TIME)
        paths.reload_needed.unlink()


def _shell() -> Shell:
    """Without a log, which is for deploys: this runs every 15 s, and systemd keeps what it says."""
    return Shell(Output(Path(os.devnull), Redactor(())))
