"""Faults on a server: containers, the Docker engine, a file system, the network, a timer.

Each lasts for a block. At the end it is undone, also if somebody has repaired it meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

# Table of the packet filter
TABLE = "rehearsed-fault"
LOGS = "/var/log"
# Exists while `small` lasts.
FLAG = "/run/fault"
QUEUES = ("celery", "default", "trading", "analysis", "model_training")
_CELERY = ("/bin/sh", "/fks/with-secrets.sh", "python", "-m", "celery", "-A", "app.celery")


def script(scenario: Scenario, text: str, server: str = "single") -> str:
    """Run a shell script on a server; return its output."""
    return scenario.on_server(server, "bash", "-euc", text)


def inspect(scenario: Scenario, server: str, name: str) -> dict[str, Any]:
    """The document of `docker inspect`."""
    return dict(json.loads(scenario.on_server(server, "docker", "inspect", name))[0])


def kill_process(scenario: Scenario, server: str, name: str) -> None:
    """Send SIGKILL to the container's first process, as the kernel does when memory runs out, and
    wait until Docker has restarted the container."""
    before = inspect(scenario, server, name)
    scenario.on_server(server, "kill", "-KILL", str(before["State"]["Pid"]))

    def restarts() -> str | None:
        count = inspect(scenario, server, name)["RestartCount"]
        return None if count > before["RestartCount"] else f"{count} restarts"

    wait_until(f"{name} restarts", restarts, 30)


@contextmanager
def _undone(
    scenario: Scenario, server: str, cause: Sequence[str], undo: Sequence[str]
) -> Iterator[None]:
    """Run a command on a server, and another one at the end of the block."""
    scenario.on_server(server, *cause)
    try:
        yield
    finally:
        scenario.on_server(server, *undo)


def stopped(scenario: Scenario, server: str, name: str) -> AbstractContextManager[None]:
    """Stop a container, as a person does: no restart policy applies."""
    return _undone(scenario, server, ("docker", "stop", name), ("docker", "start", name))


def killed(scenario: Scenario, server: str, name: str) -> AbstractContextManager[None]:
    """Kill a container by Docker, after which no restart policy applies either."""
    return _undone(scenario, server, ("docker", "kill", name), ("docker", "start", name))


def frozen(scenario: Scenario, server: str, name: str) -> AbstractContextManager[None]:
    """Stop the processes of a container: they are there and do nothing."""
    return _undone(
        scenario,
        server,
        ("docker", "kill", "--signal", "STOP", name),
        ("docker", "kill", "--signal", "CONT", name),
    )


@contextmanager
def without_queues(scenario: Scenario, server: str) -> Iterator[None]:
    """Let the worker of the API run and take no tasks, until its container is restarted."""
    for queue in QUEUES:
        scenario.in_service(server, "api-worker", *_CELERY, "control", "cancel_consumer", queue)
    yield


def without_engine(scenario: Scenario, server: str) -> AbstractContextManager[None]:
    """Stop the Docker engine; its containers run on."""
    return _undone(
        scenario,
        server,
        ("systemctl", "stop", "docker.service", "docker.socket"),
        ("systemctl", "start", "docker.service"),
    )


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
    mount += f"mount -t tmpfs -o size=16m fault {directory}; touch {FLAG}"
    if keep:
        kept = f"{directory}/{keep}"
        mount += f"; mkdir {kept}; mount --bind {original}/{keep} {kept}"
    script(scenario, mount, server)
    try:
        yield
    finally:
        busy = f"until umount -R {directory}; do sleep 0.1; done"
        script(scenario, f"rm {FLAG}; {busy}; umount {original}", server)


@contextmanager
def nearly_full(scenario: Scenario, server: str) -> Iterator[None]:
    """Fill /var/log to 95 %: a small file system there stands for the disk of the server, which is
    that of the machine."""
    with small(scenario, LOGS, server=server):
        script(scenario, f"head -c 15900000 /dev/zero >{LOGS}/fill", server)
        yield


@contextmanager
def cut_off(scenario: Scenario, server: str, *others: str) -> Iterator[None]:
    """Drop all packets between a server and others in the tailnet, also those of its containers."""
    rows = {row["name"]: row["tailnet_ip"] for row in scenario.operator.servers()}
    peers = ", ".join(rows[name] for name in others)
    chains = "".join(
        f"chain {hook} {{ type filter hook {hook} priority -10; "
        f"ip saddr {{ {peers} }} drop; ip daddr {{ {peers} }} drop; }}; "
        for hook in ("input", "output", "forward")
    )
    scenario.on_server(server, "nft", f"table inet {TABLE} {{ {chains} }}")
    try:
        yield
    finally:
        # Adding it first makes that succeed after a repair too.
        scenario.on_server(server, "nft", f"add table inet {TABLE}; delete table inet {TABLE}")


@contextmanager
def cut_off_from_all(scenario: Scenario, server: str) -> Iterator[None]:
    """Cut a server off from all others of the stack; the operator reaches it."""
    names = {row["name"] for row in scenario.operator.servers()} - {server}
    with cut_off(scenario, server, *names):
        yield


def stopped_timer(scenario: Scenario, server: str, timer: str) -> AbstractContextManager[None]:
    """Stop a timer of systemd; a boot does not start it either."""
    return _undone(
        scenario,
        server,
        ("systemctl", "disable", "--now", timer),
        ("systemctl", "enable", "--now", timer),
    )


def without_tailnet(scenario: Scenario, server: str) -> AbstractContextManager[None]:
    """Stop Tailscale's client; a boot starts it again."""
    return _undone(
        scenario,
        server,
        ("systemctl", "stop", "tailscaled.service"),
        ("systemctl", "start", "tailscaled.service"),
    )
