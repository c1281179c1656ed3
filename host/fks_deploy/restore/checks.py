"""What is checked before a restore changes anything."""

import json
import re
from collections.abc import Iterator
from typing import Any

from ..errors import DeployError
from .database import Database
from .job import LEFT, Job, free, full_disk
from .source import Source

# Of the size of the database when it was dumped: indexes are built anew, and WAL is written.
_ROOM = 1.25
_FACTS = """\
SELECT json_build_object(
    'postgres', current_setting('server_version'), 'encoding', pg_encoding_to_char(encoding),
    'collation', datcollate, 'collation_version', datcollversion,
    'extensions', (SELECT coalesce(json_agg(name), '[]') FROM pg_available_extensions))
FROM pg_database WHERE datname = :'present';
"""
# "5; 3079 16395 EXTENSION - pg_trgm "
_EXTENSION = re.compile(r"^\d+; \d+ \d+ EXTENSION - (\S+)", re.M)


def run(database: Database, job: Job, source: Source) -> list[str]:
    """Returns warnings. Error: DeployError with all reasons why the dump cannot be restored."""
    text = database.query(_FACTS)
    facts = json.loads(text) if text.strip() else None
    if facts is None:
        raise DeployError(f"{database.of.service} has no database {database.of.database}")
    needed = int(source.manifest.get("bytes", source.bytes) * _ROOM) + LEFT
    errors = [] if free(job.disk) >= needed else [full_disk(job.disk, needed)]
    errors += _differences(facts, source.manifest)
    errors += _missing(facts, _extensions(job, source))
    if errors:
        raise DeployError(f"{source.file} cannot be restored here: {'; '.join(errors)}")
    return list(_warnings(facts, source))


def _differences(facts: dict[str, Any], manifest: Any) -> Iterator[str]:
    dumped, here = (_major(one.get("postgres", "0")) for one in (manifest, facts))
    if dumped > here:
        yield f"it was made by PostgreSQL {dumped}, and this is PostgreSQL {here}, which is older"
    encoding = manifest.get("encoding", facts["encoding"])
    if encoding != facts["encoding"]:
        yield f"its encoding is {encoding}, and that of the database is {facts['encoding']}"


def _extensions(job: Job, source: Source) -> set[str]:
    """Those of the dump: its contents are read where its list does not have them."""
    listed = source.manifest.get("extensions")
    return set(_EXTENSION.findall(job.list(source)) if listed is None else listed)


def _missing(facts: dict[str, Any], dumped: set[str]) -> Iterator[str]:
    for extension in sorted(dumped - set(facts["extensions"])):
        yield f"the extension {extension} is not in the image of the database"


def _warnings(facts: dict[str, Any], source: Source) -> Iterator[str]:
    if not source.proved:
        yield "no restore has proved this dump yet"
    for key in ("collation", "collation_version"):
        dumped = source.manifest.get(key, facts[key])
        if dumped != facts[key]:
            name = key.replace("_", " ")
            yield f"its {name} is {dumped}, here it is {facts[key]}: text may be sorted otherwise"


def _major(version: str) -> int:
    return int(version.partition(".")[0])
