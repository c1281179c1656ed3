"""What a deploy does to each container and static build of a server that stays.

The rules are those of host/fks_deploy: `activation.start` and `rolling` replace containers whose
Compose definition, resolved image or secret files have changed, replicas in turn and all others
stopped first; `activation.install` updates mounted files and restarts nothing; every deploy ends
with `nginx.reload`.
"""

from collections.abc import Collection, Iterator

from fks_infra.impact import downtime
from fks_infra.impact.differences import Parts, changed
from fks_infra.impact.impact import Action, Effect
from fks_infra.roles.edge import EDGE


def service_effects(base: Parts, head: Parts, new_addresses: Collection[str]) -> Iterator[Effect]:
    """`base` and `head` are a server's parts; `new_addresses` the roles whose servers get one."""
    before, after = base["services"], head["services"]
    for name in sorted({*before, *after}):
        if name not in before:
            yield Effect(part=name, action=Action.ADDED, detail=after[name]["image"])
        elif name not in after:
            yield _stopped(name, Action.REMOVED, "its volumes stay")
        elif reasons := list(_reasons(name, base, head, new_addresses)):
            yield _replaced(name, after, ", ".join(reasons))
        elif secrets := _secrets(name, base, head):
            yield _password(name, secrets)
        elif name == EDGE.name:
            yield _reloaded(name, changed(base["files"]["nginx"], head["files"]["nginx"]))
        elif files := changed(before[name]["files"], after[name]["files"]):
            yield _files_only(name, files)


def served_effects(base: Parts, head: Parts) -> Iterator[Effect]:
    """Of the static builds, which the edge serves after its reload."""
    for name, build in head["builds"].items():
        before = base["builds"].get(name)
        if before != build:
            old = before["image"] if before else "none"
            detail = "its tag or its directory is resolved again"
            if old != build["image"]:
                detail = f"image {old} → {build['image']}"
            yield Effect(part=name, action=Action.RELOADED, detail=detail)


def _reasons(name: str, base: Parts, head: Parts, new_addresses: Collection[str]) -> Iterator[str]:
    """Why its container is replaced; nothing when it is not."""
    before, after = base["services"][name], head["services"][name]
    if before["image"] != after["image"]:
        yield f"image {before['image']} → {after['image']}"
    elif before["refresh"] != after["refresh"]:
        yield "its tag is resolved again: no replacement if the image is the same"
    for key in changed(before["values"], after["values"]):
        old, new = (one["values"].get(key, "none") for one in (before, after))
        yield f"{key} {old} → {new}"
    yield from changed(before["lists"], after["lists"])
    secrets = _secrets(name, base, head)
    if secrets and not after.get("password"):
        yield f"secret files {', '.join(secrets)}"
    addresses = sorted({*after["peers"]} & {*new_addresses})
    if addresses:
        # Its deploy may run before the record of the new server is updated.
        yield f"perhaps the new address of {', '.join(addresses)}"


def _secrets(name: str, base: Parts, head: Parts) -> list[str]:
    """The changed ones of its secret files."""
    used = head["services"][name]["secrets"]
    return [one for one in changed(base["secrets"], head["secrets"]) if one in used]


def _password(name: str, secrets: list[str]) -> Effect:
    detail = f"{', '.join(secrets)}: it changes its password and is not restarted"
    return Effect(part=name, action=Action.UPDATED, detail=detail)


def _replaced(name: str, services: Parts, detail: str) -> Effect:
    group = services[name]["group"]
    if group and sum(one["group"] == group for one in services.values()) > 1:
        return Effect(part=name, action=Action.IN_TURN, detail=detail)
    return _stopped(name, Action.STOPPED_FIRST, detail)


def _stopped(name: str, action: Action, detail: str) -> Effect:
    return Effect(
        part=name,
        action=action,
        detail=detail,
        seconds=downtime.seconds(name) if action is Action.STOPPED_FIRST else None,
        notices=downtime.notices(name),
    )


def _reloaded(name: str, files: list[str]) -> Effect:
    detail = ", ".join(files) or "every deploy ends with a reload"
    return Effect(part=name, action=Action.RELOADED, detail=detail)


def _files_only(name: str, files: list[str]) -> Effect:
    detail = f"{', '.join(files)}: no restart, used from its next start (compose restart {name})"
    return Effect(part=name, action=Action.UPDATED, detail=detail)
