"""Which stacks run: what `bin/stack state` reports, from all servers at the same time."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict
from functools import partial
from typing import Any

from fks_infra.doctor.background import together
from fks_infra.operate import stops
from fks_infra.operate.stack_choice import Target
from fks_infra.operate.stack_host import StackHost
from fks_infra.operate.unreachable import Unreachable

SECONDS = 20.0
# As host/fks_deploy/stack/state.py documents it.
StackState = Mapping[str, Any]
States = Mapping[str, StackState | Unreachable]


def read(targets: Sequence[Target]) -> States:
    """By server, in the order of the targets; one login for each."""
    hosts = [target.host for target in targets]
    futures = together(
        {host.name: partial(host.document, "state", SECONDS) for host in hosts}, SECONDS + 5
    )
    return {host.name: _state(host, futures[host.name]) for host in hosts}


def _state(host: StackHost, future: "Future[dict[str, Any]]") -> StackState | Unreachable:
    if not future.done():
        return host.unreachable("no answer")
    if isinstance(error := future.exception(), OSError):
        return host.unreachable(str(error))
    return future.result()


def sentences(state: StackState) -> list[str]:
    """One sentence for each stop, and one about what runs."""
    lines = [text for _, text in stops.sentences(state["stopped"])]
    if set(state["stopped"]) >= set(state["roles"]):
        running = [one["service"] for one in state["containers"] if one["state"] == "running"]
        return [*lines, f"still running: {', '.join(running)}"] if running else lines
    if not state["release"]:
        return [*lines, "nothing is deployed"]
    return [*lines, _running(state["containers"])]


def _running(containers: Sequence[Mapping[str, Any]]) -> str:
    running = [one for one in containers if one["state"] == "running"]
    unhealthy = [one["service"] for one in running if one["health"] not in (None, "healthy")]
    text = f"{len(running)} of {len(containers)} containers run"
    return f"{text}, not healthy: {', '.join(unhealthy)}" if unhealthy else text


def document(stack: str, states: States) -> dict[str, Any]:
    """{"stack": empty on a server, "servers": {name: the state, or {"reason", "command"} of one
    that was not reached}}."""
    servers = {
        name: asdict(state) if isinstance(state, Unreachable) else state
        for name, state in states.items()
    }
    return {"stack": stack, "servers": servers}
