"""Under which resource name an instance is declared, and which existing one is imported."""

from dataclasses import dataclass

import pulumi

from fks_infra.preflight.orphans import OrphanedResources
from fks_infra.preflight.state import StateSnapshot


@dataclass(frozen=True, kw_only=True)
class InstanceImport:
    """How to declare the instance: `id` is the one to import, or None."""

    name: str
    id: str | None
    aliases: list[pulumi.Alias]


def instance_import(
    name: str, label: str, orphans: OrphanedResources, state: StateSnapshot
) -> InstanceImport:
    """The usual name, unless the state has a deleted instance whose replacement is not recorded.

    An import under that name would make the engine delete the instance once more, and fail. Under
    another name the engine drops the deleted one from the state. In all other runs that name is an
    alias, so the usual name returns.
    """
    orphan, other = orphans.instances.get(label), f"{name}-adopted"
    if orphan and name in state.unreplaced:
        return InstanceImport(name=other, id=orphan, aliases=[])
    return InstanceImport(name=name, id=orphan, aliases=[pulumi.Alias(name=other)])
