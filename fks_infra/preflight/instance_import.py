"""Under which name an instance is declared when an interrupted run left one behind."""

from dataclasses import dataclass

import pulumi

from fks_infra.preflight.orphans import OrphanedResources


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """How to declare the instance: `id` is the one to import, if any."""

    name: str
    id: str | None
    aliases: list[pulumi.Alias]


def adopt(usual: str, label: str, left: OrphanedResources) -> Adoption:
    """The usual name, except where the state has an instance that is deleted and not yet replaced.

    Importing in its place would make the engine delete it once more, and fail. Under another name
    the deleted one is forgotten. That name is an alias in every other run: the usual one returns.
    """
    found, adopted = left.instances.get(label), f"{usual}-adopted"
    if found and usual in left.held.unreplaced:
        return Adoption(name=adopted, id=found, aliases=[])
    return Adoption(name=usual, id=found, aliases=[pulumi.Alias(name=adopted)])
