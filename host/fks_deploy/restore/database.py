"""SQL in the container of a data set's PostgreSQL, by its socket, which needs no password."""

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from ..compose import COMMAND_TIMEOUT, Compose
from ..errors import DeployError
from ..postgres import OTHER
from ..shell import CommandFailedError
from .target import Target

# Seconds, for what reads or copies all rows
LONG = 4 * 3600.0
_TABLES = "/fks/backup/tables.sql"
_TRIES = 5
# The session that reads the present database: one process, because requests have the other cores.
_READER = "fks_present"
_READS = ("-e", f"PGAPPNAME={_READER}", "-e", "PGOPTIONS=-c max_parallel_workers_per_gather=0")
_END = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    f"WHERE datname = :'present' AND application_name = '{_READER}'"
)
_END_SECONDS = 0.5

# Table -> [rows, checksum], as compose/lib/backup/tables.sql prints it.
Tables = Mapping[str, list[Any]]


@dataclass(frozen=True)
class Entry:
    """A database: its object identifier, which a new name does not change, and its bytes."""

    oid: int
    bytes: int


@dataclass(frozen=True)
class Database:
    """Each method raises DeployError with PostgreSQL's last line."""

    compose: Compose
    of: Target

    def query(self, sql: str, database: str = OTHER, timeout: float = COMMAND_TIMEOUT) -> str:
        """Run statements in one psql; `:"present"`, `:"restoring"` and `:"before"` are the names of
        the databases. Returns the rows as text."""
        names = {
            "present": self.of.database,
            "restoring": self.of.restoring,
            "before": self.of.before,
        }
        variables = [word for name in names for word in ("-v", f"{name}={names[name]}")]
        words = [*variables, "-f", "-"]
        return self.of.psql(self.compose, words, stdin=sql, database=database, timeout=timeout)

    def entries(self) -> dict[str, Entry]:
        """By name: the databases of this data set that exist."""
        text = self.query(
            "SELECT json_build_array(datname, oid::bigint, pg_database_size(oid)) FROM pg_database "
            "WHERE datname IN (:'present', :'restoring', :'before')"
        )
        rows = [json.loads(line) for line in text.splitlines()]
        return {name: Entry(oid, size) for name, oid, size in rows}

    def tables(self, database: str, checksums: str, *options: str) -> Tables:
        """Rows and checksums of a database; reads all rows. `checksums` is the kind that the dump
        has (compose/lib/backup/tables.sql), `options` are some of `docker compose exec`."""
        words = ["-v", f"checksums={checksums}", "-f", _TABLES]
        text = self.of.psql(self.compose, words, database=database, timeout=LONG, options=options)
        return parse(text)

    @contextmanager
    def reading(self, checksums: str) -> Iterator[Callable[[], Tables]]:
        """Read the present database while the block runs, which gets what waits for the result.
        After an error of the block the reading is ended."""
        with ThreadPoolExecutor(max_workers=1) as pool:
            found = pool.submit(self.tables, self.of.database, checksums, *_READS)
            try:
                yield found.result
            except BaseException:
                while not wait([found], 0).done:
                    # A database that does not answer ends its sessions itself.
                    with suppress(DeployError):
                        self.query(_END)
                    wait([found], _END_SECONDS)
                raise

    def rename(self, goal: int) -> bool:
        """Give the database with the identifier `goal` the name that the applications use, and the
        one that has it the other name, both in one transaction; returns whether it was needed."""
        found = self.entries()
        names = {one.oid: name for name, one in found.items()}
        present, aside = self.of.database, names.get(goal)
        if aside == present:
            return False
        if aside is None or present not in found:
            raise DeployError(
                f"the database to exchange is gone; {self.of.service} has {', '.join(found)}"
            )
        kept = "before" if aside == self.of.restoring else "restoring"
        other = "restoring" if aside == self.of.restoring else "before"
        self._repeat(_RENAME.format(kept=kept, other=other))
        return True

    def _repeat(self, sql: str) -> None:
        """A health check may connect between the end of all connections and the new name."""
        for left in reversed(range(_TRIES)):
            try:
                self.query(sql)
                return
            except CommandFailedError as error:
                if not left or "being accessed by other users" not in "\n".join(error.lines):
                    raise

    def drop(self, name: str) -> None:
        """Drop one of the two databases that are not in service, and end its connections."""
        assert name in (self.of.restoring, self.of.before)
        variable = "restoring" if name == self.of.restoring else "before"
        self.query(f'DROP DATABASE IF EXISTS :"{variable}" WITH (FORCE);', timeout=LONG)


_RENAME = """\
BEGIN;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname IN (:'present', :'{other}') AND pid <> pg_backend_pid();
ALTER DATABASE :"present" RENAME TO :"{kept}";
ALTER DATABASE :"{other}" RENAME TO :"present";
COMMIT;
"""


def parse(text: str) -> Tables:
    """The lines of compose/lib/backup/tables.sql."""
    rows = (json.loads(line) for line in text.splitlines() if line.startswith("["))
    return {name: [count, checksum] for name, count, checksum in rows}
