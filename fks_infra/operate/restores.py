"""The restore of a data set on its server: how far it is, and what it says in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fks_infra.errors import OperatorError
from fks_infra.operate import age
from fks_infra.operate.reports import Document
from fks_infra.operate.streaming import Ended, stream
from fks_infra.remote.command import CONNECT_SECONDS
from fks_infra.remote.host_scripts import host_program
from fks_infra.remote.inventory import DeployedServer
from fks_infra.remote.ssh import command_line

PROGRAM = "restore"
# As host/fks_deploy/restore/state.py documents it; "restore" is as record.py has it.
KEYS = ("set", "restore", "time")
# Seconds: a large dump; an exchange and the way back, each until all containers are healthy
PREPARE, EXCHANGE = 4 * 3600.0, 1800.0
INTERRUPTED = ("exchanging", "undoing")
_MIB = 1 << 20

Report = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Host:
    """The server of a data set; `key` is the file of the deploy key, None on the server itself."""

    server: DeployedServer
    key: Any
    data_set: str
    who: str

    def run(self, command: str, *words: str, report: Report, seconds: float) -> Ended:
        """Run bin/restore; `report` gets its lines. The error is without the program's name."""
        arguments = (self.data_set, command, *words, "--who", self.who)
        program = host_program(PROGRAM, *arguments)
        try:
            line = command_line(self.server, self.key, program, CONNECT_SECONDS)
        except OSError as error:
            return Ended(code=2, error=str(error))
        ended = stream(line, report, seconds)
        return Ended(code=ended.code, error=ended.error.removeprefix(f"{PROGRAM}: "))


def of_role(servers: tuple[DeployedServer, ...], data_set: str, into: str) -> DeployedServer:
    """The server with the database of a data set; OperatorError if there is none."""
    found = [one for one in servers if data_set in one.roles]
    if not found:
        what = f"server {into}" if into else "this server"
        raise OperatorError(
            f"{what} has no database of {data_set}. Nothing was changed.\n"
            f"Next: leave out --into, or name a server with the role {data_set}"
        )
    return found[0]


def description(server: str, document: Document) -> Iterator[str]:
    """How far the restore is, in lines."""
    name, found = document["set"], document["restore"]
    if found is None:
        yield f"{name} on {server}: no restore is under way"
        return
    yield f"{name} on {server}: {found['state']} since {found['since']}, by {found['who']}"
    place = f" of snapshot {found['snapshot']}" if found["snapshot"] else ""
    yield f"  backup {found['dump']}{place}, {age.seconds(found['age'])} old, {found['rows']} rows"
    yield f"  files: {_files(found)}"
    yield from (f"  warning: {one}" for one in [*found["warnings"], *without_password(document)])
    if found["error"]:
        yield f"  failed: {found['error']}"
    if found["aside"]:
        yield f"  the data beside those in service have {found['aside'] // _MIB} MiB"


def without_password(document: Document) -> Iterator[str]:
    """A sentence for each role that the server lacked, and what to do."""
    for role in document["restore"].get("roles", ()):
        yield (
            f"the role {role} was not here, and is created without a password: set one with "
            f"\\password {role} in fks psql {document['set']} --write"
        )


def _files(found: Document) -> str:
    if found["files"]:
        return f"{', '.join(found['files'])} of the snapshot, exchanged with the database"
    if found["snapshot"]:
        return "those of now stay: the snapshot has none"
    return "those of now stay: a dump has none, a snapshot has (--snapshot latest)"


def lost(document: Document) -> Iterator[str]:
    """What the present data have and the backup has not, a line for each table."""
    tables = document["restore"]["lost"]
    if not tables:
        yield "the present data are those of the backup: nothing is lost"
        return
    yield "lost from the present data, if this backup is put into service:"
    for one in tables:
        yield f"  {one['table']}: {_rows(one)}"


def _rows(one: Document) -> str:
    now, then = one["now"], one["backup"]
    if now is None:
        return f"not there now, {then} rows in the backup"
    if then is None:
        return f"{now} rows now, not in the backup"
    text = f"{now} rows now, {then} in the backup"
    return f"{text}, with other contents" if now == then else text
