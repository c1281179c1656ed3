"""What a change of a host script does to the servers."""

from copy import deepcopy

from fks_infra.explain.context import Context
from fks_infra.explain.effects import of_inventory
from fks_infra.impact.host_parts import host_parts
from fks_infra.release.files import host_files

FOLDER = "host/"


def of_host_file(context: Context, name: str) -> list[str]:
    """Of a file below host/; one that only new servers use changes nothing on the others."""
    files = host_files(context.root)
    inside = name.removeprefix(FOLDER)
    if inside not in files:
        return ["new servers only: it is part of their first boot"]
    parts = host_parts({**files, inside: files[inside] + b"\n# changed\n"})
    head = deepcopy(context.inventory)
    head["host"] = vars(parts)
    for server in head["servers"].values():
        server["host"] = parts.archive
    return of_inventory(context, head)
