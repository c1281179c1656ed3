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
    """The usual name, and the other name as its alias.

    Where the state has a deleted instance whose replacement is not recorded, an import under that
    instance's name would make the engine delete it once more, and fail. The import takes the other
    of the two names and no alias; then the engine drops the deleted instance from the state.
    """
    orphan, other = orphans.instances.get(label), f"{name}-adopted"
    if orphan and name in state.unreplaced:
        return InstanceImport(name=other, id=orphan, aliases=[])
    if orphan and other in state.unreplaced:
        return InstanceImport(name=name, id=orphan, aliases=[])
    return InstanceImport(name=name, id=orphan, aliases=[pulumi.Alias(name=other)])
