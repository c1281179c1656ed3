"""Which role calls which, by its domain name on the edge's port."""

from dataclasses import dataclass

from fks_infra.roles import ROLES


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One role calls another."""

    source: str
    target: str


FLOWS: tuple[Flow, ...] = tuple(
    Flow(source=role.name, target=target) for role in ROLES for target in role.calls
)


def has_flow(sources: tuple[str, ...], targets: tuple[str, ...]) -> bool:
    """Whether a server with the roles `sources` calls one with the roles `targets`."""
    return any(flow.source in sources and flow.target in targets for flow in FLOWS)
