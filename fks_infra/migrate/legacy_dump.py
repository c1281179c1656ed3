"""A dump of a legacy database and the rows of its moment, sent to a server of the stack.

One session there holds a snapshot, which pg_dump of the same container and the counts of all rows
read. Nothing is written to the legacy server, neither to its database nor to its disk.
"""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO

from fks_infra.errors import OperatorError
from fks_infra.migrate import legacy_database, legacy_stream
from fks_infra.migrate.host import Host
from fks_infra.migrate.legacy_host import LegacyHost
from fks_infra.paths import PROJECT_ROOT

_TABLES = PROJECT_ROOT / "compose/lib/backup/tables.sql"
# The roles, publications and subscriptions of the legacy server are not those of the stack.
_PG_DUMP = (
    *("pg_dump", "--format=custom", "--lock-wait-timeout=60s", "--no-privileges"),
    *("--no-publications", "--no-subscriptions", "--no-security-labels"),
)
_BEGIN = """\
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot();
"""
# As compose/lib/backup/dump.sql has it; versions before 15 have no version of the collation.
_MANIFEST = """\
SELECT json_build_object(
    'database', datname, 'postgres', current_setting('server_version'),
    'encoding', pg_encoding_to_char(encoding), 'collation', datcollate,
    'collation_version', to_jsonb(pg_database) ->> 'datcollversion',
    'bytes', pg_database_size(oid), 'checksums', 'columns', 'foreign', true)
FROM pg_database WHERE datname = current_database();
"""
# For versions before 14 too
_KIND = "\\set checksums columns\n"


@dataclass(frozen=True, kw_only=True)
class Dump:
    """`file` is its name on the server of the stack; `rows` are those of all tables."""

    file: str
    bytes: int
    tables: int
    rows: int


@dataclass(frozen=True, kw_only=True)
class Source:
    """A database in a container."""

    host: LegacyHost
    container: str
    user: str
    database: str

    def send(self, data_set: str, room: int, target: Host) -> Dump:
        """Dump it into the dumps of `target`; `room` are the bytes that must be free there.
        OperatorError, after which `target` has kept nothing, or a dump without its list."""
        legacy_database.end_own(self.host, self.container, self.user, self.database)
        name = f"foreign_{data_set}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        with self._session() as session:
            snapshot = session.ask(_BEGIN)
            words = (*_PG_DUMP, f"--snapshot={snapshot}", "-U", self.user, "-d", self.database)
            into = ("transfer", "receive", f"{name}.dump", "--bytes", str(room))
            sent = legacy_stream.send(
                self.host,
                legacy_database.in_container(self.container, *words),
                target,
                (*into, "--sha256", "end"),
            )
            rows = session.rest(_MANIFEST + _KIND + _TABLES.read_text() + "COMMIT;\n")
        tables = _counted(self.host, rows)
        content = rows.encode()
        described = ("--bytes", str(len(content)), "--sha256", sha256(content).hexdigest())
        receive = ("transfer", "receive", f"{name}.tables", *described)
        legacy_stream.write(target, receive, content)
        count = sum(tables.values())
        return Dump(file=f"{name}.dump", bytes=sent.bytes, tables=len(tables), rows=count)

    @contextmanager
    def _session(self) -> Iterator["_Session"]:
        psql = legacy_database.psql(self.user, self.database)
        words = legacy_database.in_container(self.container, *psql)
        with (
            TemporaryFile("w+", errors="replace") as errors,
            subprocess.Popen(
                self.host.docker_line(*words),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            ) as process,
        ):
            try:
                yield _Session(host=self.host, process=process, errors=errors)
            finally:
                process.kill()
                # It drops what the session has not read.
                process.communicate()


@dataclass(frozen=True, kw_only=True)
class _Session:
    """psql, which reads statements as they come."""

    host: LegacyHost
    process: "subprocess.Popen[str]"
    errors: IO[str]

    def ask(self, sql: str) -> str:
        """The one line that the statements return; OperatorError when the session ends."""
        assert self.process.stdin and self.process.stdout
        with suppress(BrokenPipeError):
            # Its exit code says why it ended.
            self.process.stdin.write(sql)
            self.process.stdin.flush()
        line = self.process.stdout.readline().strip()
        return line or self._failed()

    def rest(self, sql: str) -> str:
        """What the last statements print."""
        printed, _ = self.process.communicate(sql)
        return printed if self.process.returncode == 0 else self._failed()

    def _failed(self) -> str:
        code = self.process.wait()
        self.errors.seek(0)
        raise self.host.error(code, self.errors.read())


def _counted(host: LegacyHost, text: str) -> Mapping[str, int]:
    """Table to rows. OperatorError for lines that are not those of tables.sql."""
    try:
        _, *rows = [json.loads(line) for line in text.splitlines()]
        return {name: int(count) for name, count, _ in rows if name != "large objects"}
    except (ValueError, TypeError):
        raise OperatorError(f"{host.name}: psql did not list the rows of its tables") from None
