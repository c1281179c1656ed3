"""The restore of the API's database to a time (fks:backup.pitr): base backups and the write-ahead
log, which the service api-wal streams (compose/lib/backup/wal.sh)."""

import time
from pathlib import Path
from typing import Any

from ..compose import Compose
from ..errors import DeployError
from ..shell import CommandFailedError
from . import jobs, reach
from .data_set import DataSet
from .reach import SERVICE

_JOB = "db-recover"
_OK = "recovered: "
# https://www.postgresql.org/docs/17/view-pg-replication-slots.html
_SLOT = """\
exec psql --no-psqlrc -qtAX -h 127.0.0.1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "
    SELECT CASE WHEN active THEN 'active' ELSE 'not active' END || ', ' || wal_status
    FROM pg_replication_slots WHERE slot_name = 'fks_wal'\""""
_GOOD_SLOTS = ("active, reserved", "active, extended")


def kept(compose: Compose, data: DataSet) -> bool:
    """Whether this release keeps the write-ahead log of the data set."""
    return data.name == "api" and reach.kept(compose.release.env)


def base(compose: Compose) -> str:
    """Make a base backup, checked by pg_verifybackup; returns the line that says so. Error:
    DeployError; the older ones are kept."""
    line = compose.command_line("exec", "-T", SERVICE, "bash", "/fks/backup/base.sh", "/pitr")
    done = compose.shell.attempt(line, name=SERVICE, timeout=jobs.TIMEOUT, env=compose.env())
    if not done.ok:
        raise DeployError(f"{jobs.last(done.out) or jobs.last(done.err)}. The older ones are kept")
    return jobs.last(done.out)


def proof(compose: Compose) -> dict[str, Any]:
    """Of the certificate: what `reach.py` finds, and "slot": what PostgreSQL says of it. What is
    wrong is a "problem" and no error: the dump is proved all the same."""
    found = reach.read(compose.paths.pitr).document(time.time())
    try:
        slot = compose.execute(SERVICE, "sh", "-c", _SLOT).strip() or "none"
    except CommandFailedError as error:
        slot = f"not known ({error})"
    if slot not in _GOOD_SLOTS:
        problem = f"the slot of the write-ahead log of api is {slot}: see fks logs api-wal"
        found["problem"] = found["problem"] or problem
    return {**found, "slot": slot}


def recover(compose: Compose, data: DataSet, time: str) -> tuple[str, Path]:
    """Recover the database of `time` (ISO 8601, or "latest") in a container of its own and dump it,
    while the present one serves; returns the line that says so, and the dump. Error: DeployError
    without the write-ahead log, or where it does not reach the time."""
    if not kept(compose, data):
        raise DeployError(
            f"this server keeps no write-ahead log of {data.name}, so that only the moments of its "
            f"backups can be restored. For the future: pulumi config set --path fks:backup.pitr "
            f"true (api only), then pulumi up"
        )
    done = jobs.run(compose, _JOB, {}, time)
    line = jobs.last(done.out)
    if not done.ok or not line.startswith(_OK):
        raise DeployError(f"{line or jobs.last(done.err)}. Nothing was changed")
    return line, compose.paths.dumps / "at" / line.removeprefix(_OK).partition(",")[0]
