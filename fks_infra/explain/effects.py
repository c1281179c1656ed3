"""What a change does to the servers, by the rules of `fks impact`: the inventory is changed in one
place, and both are compared.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from fks_infra.explain.context import Context
from fks_infra.impact.changes import impact
from fks_infra.impact.impact import Action, Effect
from fks_infra.impact.verdict import away

# A value that nothing has.
CHANGED = "changed"
NOTHING = "nothing on the servers"


def of_inventory(context: Context, head: dict[str, Any]) -> list[str]:
    """A line for each effect."""
    found = impact(context.inventory, head)
    lines = [
        _line(name, effect) for name, server in found.servers.items() for effect in server.effects
    ]
    lines += [_line("DNS", effect) for effect in found.records]
    lines += [
        f"{name} of the program: what it does to the clouds, only pulumi preview shows"
        for name in found.program
    ]
    return lines or [NOTHING]


def of_service(context: Context, name: str) -> list[str]:
    """Of another image of a service or a static build."""
    head = deepcopy(context.inventory)
    for parts in head["servers"].values():
        for kind in ("services", "builds"):
            if name in parts[kind]:
                parts[kind][name]["image"] = CHANGED
                parts["files"]["settings"]["release.env"] = CHANGED
    return of_inventory(context, head)


def of_release_file(context: Context, name: str) -> list[str]:
    """Of a file of releases; which containers a compose file replaces depends on the change."""
    head = deepcopy(context.inventory)
    mounted = name.removeprefix("compose/lib/")
    for parts in head["servers"].values():
        for kind in parts["files"].values():
            if name in kind:
                kind[name] = CHANGED
        for service in parts["services"].values():
            if mounted != name and mounted in service["files"]:
                service["files"][mounted] = CHANGED
    lines = of_inventory(context, head)
    if name.endswith("/compose.yaml"):
        lines.append("containers whose definition changes are replaced: fks impact names them")
    return lines


def of_program_file(context: Context, name: str) -> list[str]:
    """Of a file that declares resources."""
    head = deepcopy(context.inventory)
    if name in head["program"]:
        head["program"][name] = CHANGED
    return of_inventory(context, head)


def servers_with_file(context: Context, name: str) -> Iterator[str]:
    """The servers whose release has a file."""
    for server, parts in context.inventory["servers"].items():
        if any(name in kind for kind in parts["files"].values()):
            yield server


def _line(where: str, effect: Effect) -> str:
    """With the reason where it says what restarts."""
    noticed = f", noticed by {effect.notices}" if effect.notices else ""
    why = f" ({effect.detail})" if effect.action is Action.BOOTSTRAPPED else ""
    return f"{where}: {effect.part}: {effect.action}{why}, away {away(effect)}{noticed}"
