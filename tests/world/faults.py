"""Faults on a server during a deploy: a full file system, a restart of the Docker engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

LOG = "/var/log/fks/deploy.log"
# The reset: systemd refuses a fourth start within a minute.
RESTART_DOCKER = "systemctl reset-failed docker.service; systemctl restart docker.service"
# Exists while `small` lasts.
_FLAG = "/run/fault"


def script(scenario: Scenario, text: str, server: str = "single") -> str:
    """Run a shell script on a server; return its output."""
    return scenario.on_server(server, "bash", "-euc", text)


@contextmanager
def when_logged(scenario: Scenario, pattern: str, action: str) -> Iterator[None]:
    """Run `action` on the server when the deploy log gets a line that matches `pattern`; at the end
    it must have run."""
    done = script(scenario, "mktemp --dry-run /run/fault-XXXXXXXX").strip()
    start = int(script(scenario, f"touch {LOG}; wc -l <{LOG}")) + 1
    wait = f"until tail -n +{start} {LOG} | grep -qE '{pattern}'; do sleep 0.05; done"
    run = ["bash", "-c", f"{wait}\n{action}\ntouch {done}"]
    scenario.server("single").exec_run(run, detach=True)
    yield
    check = f"test -e {done} && echo done || true"
    wait_until("the fault ran", lambda: None if script(scenario, check) else pattern, 60)


@contextmanager
def small(
    scenario: Scenario, directory: str, keep: str = "", server: str = "single"
) -> Iterator[None]:
    """Mount an empty file system of 16 MiB on a directory of a server; `keep` is the name of an
    entry that stays."""
    original = "/run/original"
    mount = f"mkdir -p {original}; mount --bind {directory} {original}; "
    # Otherwise the mount on `directory` also appears on `original`.
    mount += f"mount --make-private {original}; "
    mount += f"mount -t tmpfs -o size=16m fault {directory}; touch {_FLAG}"
    if keep:
        kept = f"{directory}/{keep}"
        mount += f"; mkdir {kept}; mount --bind {original}/{keep} {kept}"
    script(scenario, mount, server)
    try:
        yield
    finally:
        busy = f"until umount -R {directory}; do sleep 0.1; done"
        script(scenario, f"rm {_FLAG}; {busy}; umount {original}", server)


def fill(directory: str) -> str:
    """Return a command that keeps the file system of `directory` full until `small` ends."""
    return f"(while [ -e {_FLAG} ]; do cat /dev/zero >>{directory}/fill; sleep 0.05; done) 2>&- &"
