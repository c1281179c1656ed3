"""The impact of a change, from the inventories of two checkouts. Pure."""

from collections.abc import Iterator, Mapping

from fks_infra.impact import pin_changes, stack_changes
from fks_infra.impact.differences import Parts, changed
from fks_infra.impact.impact import Action, Impact, ServerImpact
from fks_infra.impact.server_changes import server_impacts
from fks_infra.topology.object_storage import MONTHLY_PRICE

_NEW_INSTANCE = frozenset({Action.CREATED, Action.REBUILT})


def impact(base: Parts, head: Parts) -> Impact:
    """`base` and `head` are documents of `fks_infra.impact.inventory`."""
    servers = server_impacts(base, head)
    return Impact(
        stack=head["stack"],
        servers=servers,
        records=tuple(stack_changes.record_effects(base, head, _new_instances(servers))),
        secrets=tuple(stack_changes.secret_changes(base, head)),
        settings=tuple(stack_changes.setting_changes(base, head)),
        images=tuple(stack_changes.image_changes(base, head)),
        program=tuple(changed(base["program"], head["program"])),
        dollars_before=_dollars(base),
        dollars_after=_dollars(head),
        priced=head["priced"],
        notes=tuple(_notes(base, head)),
    )


def _new_instances(servers: Mapping[str, ServerImpact]) -> list[str]:
    return [
        name
        for name, server in servers.items()
        if any(effect.action in _NEW_INSTANCE for effect in server.effects)
    ]


def _dollars(document: Parts) -> float:
    servers = sum(float(one["machine"]["dollars"]) for one in document["servers"].values())
    bucket = document["settings"].get("backup", {}).get("bucket")
    return round(servers + (MONTHLY_PRICE if bucket else 0), 2)


def _notes(base: Parts, head: Parts) -> Iterator[str]:
    if base["servers"] and base["priced"] != head["priced"]:
        yield f"The price lists differ: {base['priced']} and {head['priced']}."
    if not base["servers"]:
        yield "The base has no file of this stack: everything is new."
    yield from pin_changes.notes(head["servers"])
    if head["missing"]:
        names = ", ".join(f"fks:{name}" for name in head["missing"])
        yield f"Not set, so that pulumi up fails until fks init has run: {names}."
