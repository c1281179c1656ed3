"""The roles that a dump refers to and that this server lacks, as a new one does: owners, and those
that have privileges."""

import json
import re
from collections.abc import Collection

from .database import Database
from .source import Source

PRESENT = "SELECT json_agg(quote_ident(rolname)) FROM pg_roles;"


def create_missing(database: Database, source: Source) -> list[str]:
    """Create them with their settings and memberships, without a password; all or none. Returns
    their names, as SQL has them. Dumps of other servers are restored without roles. Error:
    DeployError."""
    file = (source.directory / source.file).with_suffix(".globals.sql")
    if source.foreign or not file.is_file():
        return []
    names, statements = missing(file.read_text(), json.loads(database.query(PRESENT)))
    if names:
        database.query(statements)
    return names


def missing(listed: str, present: Collection[str]) -> tuple[list[str], str]:
    """`listed` is what pg_dumpall --globals-only has printed. Returns the names that are not
    `present`, and the statements that create them."""
    names = [
        name for name in re.findall(r"^CREATE ROLE (.+);$", listed, re.M) if name not in present
    ]
    if not names:
        return [], ""
    one = "|".join(map(re.escape, names))
    wanted = re.compile(rf"(CREATE|ALTER) ROLE ({one})[ ;]|GRANT (({one}) TO |.+ TO ({one})[ ;])")
    lines = [line for line in listed.splitlines() if wanted.match(line)]
    return names, "\n".join(["BEGIN;", *lines, "COMMIT;", ""])
