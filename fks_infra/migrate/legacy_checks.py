"""Why a legacy database cannot become that of a stack's server, before anything is copied.

host/fks_deploy/restore/checks.py says the same of a dump.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from fks_infra.migrate.legacy_database import Database
from fks_infra.migrate.legacy_look import Found
from fks_infra.migrate.legacy_plan import Plan

# Of the database: what a restore writes, as there, and at most what a dump has beside it.
_RESTORE, _DUMP = 1.25, 0.5
_LEFT = 512 << 20
_MIB = 1 << 20


def reasons(found: Found, plan: Plan, target: Mapping[str, Any], name: str) -> Iterator[str]:
    """`target` is the document of `bin/transfer state` of the server with this name."""
    own = target["sets"].get("api")
    if own is None:
        yield f"{name} does not run the stack api: fks start"
        return
    yield from _differences(found.database(plan.postgres, plan.database), own, name)
    files = sum(one.bytes for one in plan.volumes)
    needed = round(plan.bytes * (_RESTORE + _DUMP)) + files + _LEFT
    if target["free"] < needed:
        yield (
            f"{name} has {target['free'] // _MIB} MiB free, and {needed // _MIB} MiB are needed: "
            f"choose a larger plan (fks scale)"
        )


def _differences(database: Database, own: Mapping[str, Any], name: str) -> Iterator[str]:
    if _major(database.version) > _major(own["postgres"]):
        yield (
            f"{database.container} is PostgreSQL {database.version}, and {name} has "
            f"{own['postgres']}, which is older: fks upgrade postgres"
        )
    if database.encoding != own["encoding"]:
        yield (
            f"the encoding of {database.name} is {database.encoding}, and that of {name} is "
            f"{own['encoding']}"
        )
    for extension in sorted({*database.extensions} - {*own["extensions"]}):
        yield (
            f"the extension {extension} of {database.name} is not in the image of {name}: set "
            f"fks:services.api-postgres.image to one that has it"
        )


def _major(version: str) -> int:
    found = re.match(r"\d+", version)
    return int(found[0]) if found else 0
