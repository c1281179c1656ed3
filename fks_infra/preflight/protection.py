"""Servers that the settings would delete and that are protected.

The engine reports them too, but only when it reaches them: without a preview, a run has changed
other resources by then.
"""

from collections.abc import Collection, Iterator

from fks_infra.config.plans import SERVER_NAMES, mode_of
from fks_infra.errors import OperatorError
from fks_infra.preflight.orphans import INSTANCE
from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology.names import server_label
from fks_infra.topology.servers import ServerSpec, Topology

_REMEDY = (
    "Its disk is deleted with it. If that is intended, run pulumi config set fks:protect false and "
    "pulumi up with the previous value first. Nothing was changed."
)


def protected_labels(
    labels: Collection[str], missing: Collection[str], state: StateSnapshot
) -> frozenset[str]:
    """The labels whose instance is protected in the state, without the missing ones."""
    return frozenset(
        label
        for label in labels
        if label not in missing
        and (INSTANCE, state.labels.get((INSTANCE, label))) in state.protected
    )


def removal_errors(topology: Topology, stack: str, protected: Collection[str]) -> Iterator[str]:
    """An error for each protected server that the topology does not have."""
    declared = {server.name for server in topology.servers}
    for name in SERVER_NAMES:
        if name not in declared and server_label(stack, name) in protected:
            move = f"fks migrate {mode_of(name)}-to-{topology.mode}"
            yield (
                f"fks:mode {topology.mode} deletes the protected server {name}. {move} moves its "
                f"data to the new servers and keeps it until then. {_REMEDY}"
            )


def check_replacement(
    resource: str, server: ServerSpec, protected: Collection[str], state: StateSnapshot
) -> None:
    """OperatorError where another generation replaces a protected instance, named `resource`."""
    last = state.triggers.get(resource, server.generation)
    if server.label in protected and last != server.generation:
        raise OperatorError(
            f"fks:generation.{server.name} {server.generation} replaces the protected server "
            f"{server.name}. {_REMEDY}"
        )
