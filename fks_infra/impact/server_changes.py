"""What happens to each server, from its machine to its containers."""

from collections.abc import Collection, Iterator
from typing import Any

from fks_infra.config.rotation_validators import BUCKET_KEY
from fks_infra.impact import machine_changes
from fks_infra.impact.bootstrap_changes import bootstrap_effect
from fks_infra.impact.differences import Parts, changed
from fks_infra.impact.impact import Action, Effect, ServerImpact
from fks_infra.impact.pin_changes import is_pinned, pin_effects
from fks_infra.impact.service_changes import served_effects, service_effects
from fks_infra.roles import data_sets

# A longer list of files is only counted.
_LISTED = 3


def server_impacts(base: Parts, head: Parts) -> dict[str, ServerImpact]:
    """Server to impact, of all servers of two inventories; those of the head first."""
    names = dict.fromkeys([*head["servers"], *base["servers"]])
    return {name: _impact(base, head, name) for name in names}


def _impact(base: Parts, head: Parts, name: str) -> ServerImpact:
    before, after = base["servers"].get(name), head["servers"].get(name)
    if before is None:
        return _one(machine_changes.created(after))
    if after is None:
        return _one(machine_changes.destroyed(before, head))
    if _generation(before) != _generation(after):
        return _one(machine_changes.rebuilt(before, after))
    effects = tuple(_effects(base, head, before, after))
    touched = {effect.part for effect in effects if effect.action is not Action.UPDATED}
    present = (*after["services"], *after["builds"])
    unchanged = tuple(one for one in present if one not in touched)
    return ServerImpact(effects=effects, unchanged=unchanged)


def _one(effect: Effect) -> ServerImpact:
    """Of a server that is new or lost as a whole."""
    return ServerImpact(effects=(effect,), unchanged=())


def _effects(base: Parts, head: Parts, before: Parts, after: Parts) -> Iterator[Effect]:
    """Of a server that keeps its disk, in the order in which they happen."""
    yield from machine_changes.machine_effects(before, after)
    if scripts := bootstrap_effect(base, head, before, after):
        yield scripts
    again = list(_request_causes(base, head, before, after))
    if is_pinned(before, after):
        yield from pin_effects(before, after, again)
        return
    if causes := [*_file_causes(before, after), *again]:
        yield Effect(part="release", action=Action.DEPLOYED, detail="; ".join(causes))
        yield from service_effects(before, after, _new_addresses(base, head))
        yield from served_effects(before, after)


def _file_causes(before: Parts, after: Parts) -> Iterator[str]:
    """What makes it a new release; nothing when it is the same."""
    for kind in after["files"]:
        if files := changed(before["files"][kind], after["files"][kind]):
            yield ", ".join(files) if len(files) <= _LISTED else f"{len(files)} {kind} files"
    for role, names in after["certificates"].items():
        if names != before["certificates"].get(role):
            yield f"a certificate for {', '.join(names)}"


def _request_causes(base: Parts, head: Parts, before: Parts, after: Parts) -> Iterator[str]:
    """Why the same release is deployed again; nothing when it is not."""
    if changed(before["secrets"], after["secrets"]) or base["request"] != head["request"]:
        yield "secrets or registries of the deploy request"
    if data_sets(after["machine"]["roles"]) and _repository(base) != _repository(head):
        yield "the repository for backups"
    if base["connection"] != head["connection"]:
        yield "the way to the server or the deploy key"


def _repository(document: Parts) -> list[Any]:
    """What servers with data get of it; fks:backup.pitr changes their release instead."""
    settings = document["settings"]
    backup = {name: one for name, one in settings.get("backup", {}).items() if name != "pitr"}
    return [backup, settings.get("rotation", {}).get(BUCKET_KEY, 0)]


def _new_addresses(base: Parts, head: Parts) -> Collection[str]:
    """The roles whose servers have another address in the tailnet afterwards."""
    before, after = _instances(base), _instances(head)
    return {role for role in changed(before, after) if role in before and role in after}


def _instances(document: Parts) -> dict[str, Any]:
    """Role to what identifies the instance that carries it."""
    return {
        role: [name, _generation(parts)]
        for name, parts in document["servers"].items()
        for role in parts["machine"]["roles"]
    }


def _generation(parts: Parts) -> int:
    return int(parts["machine"]["generation"])
