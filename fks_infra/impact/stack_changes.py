"""What changes of a stack as a whole: records, secrets, settings, images."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from fks_infra.impact.differences import Parts, changed
from fks_infra.impact.impact import Action, Change, Effect


def record_effects(base: Parts, head: Parts, new_servers: list[str]) -> Iterator[Effect]:
    """Of the DNS records; `new_servers` get another address, and with it their A records."""
    before, after = base["records"], head["records"]
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old is None:
            yield Effect(part=_title(new), action=Action.ADDED, detail=_content(new))
        elif new is None:
            yield _removed(old, "does not resolve any more")
        elif _key(old) != _key(new):
            yield _removed(old, f"becomes {new['name']} in the zone {new['zone']}")
        elif old != new or (new["type"] == "A" and new["server"] in new_servers):
            yield Effect(part=_title(new), action=Action.UPDATED, detail=_content(new))


def _key(record: Parts) -> list[str]:
    return [record["name"], record["zone"]]


def _title(record: Parts) -> str:
    return f"{record['type']} {record['name']}"


def _content(record: Parts) -> str:
    if record["type"] == "A":
        return f"address of the server {record['server']}"
    return f"only {record['issuer']} issues certificates"


def _removed(record: Parts, detail: str) -> Effect:
    is_address = record["type"] == "A"
    return Effect(
        part=_title(record),
        action=Action.REMOVED,
        detail=detail,
        seconds=None if is_address else 0,
        notices="clients of this name" if is_address else "",
    )


def secret_changes(base: Parts, head: Parts) -> Iterator[Change]:
    """Of the secrets in the stack file, and of the generated ones; no value is known here."""
    yield from _secrets(base["secrets"], head["secrets"], "fks:{}")
    yield from _secrets(_files(base), _files(head), "{} (generated)")


def _secrets(before: Mapping[str, str], after: Mapping[str, str], title: str) -> Iterator[Change]:
    for name in changed(before, after):
        old = "set" if name in before else None
        new = ("changed" if old else "set") if name in after else None
        yield Change(name=title.format(name), before=old, after=new)


def _files(document: Parts) -> dict[str, str]:
    servers = document["servers"].values()
    return {name: value for parts in servers for name, value in parts["secrets"].items()}


def setting_changes(base: Parts, head: Parts) -> Iterator[Change]:
    """Of the plain settings; an object's entries one by one, as `fks:plan.web`."""
    before, after = _flat(base["settings"]), _flat(head["settings"])
    for name in changed(before, after):
        yield Change(name=f"fks:{name}", before=before.get(name), after=after.get(name))


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = value if isinstance(value, str) else json.dumps(value)
    return found


def image_changes(base: Parts, head: Parts) -> Iterator[Change]:
    """Of services and static builds, wherever they run."""
    before, after = _images(base), _images(head)
    for name in changed(before, after):
        yield Change(name=name, before=before.get(name), after=after.get(name))


def _images(document: Parts) -> dict[str, str]:
    return {
        name: part["image"]
        for parts in document["servers"].values()
        for kind in ("services", "builds")
        for name, part in parts[kind].items()
    }
