"""Copies a PostgreSQL's data into a new volume, while its clients are stopped: for another version
of PostgreSQL, or for an Authentik that migrates the copy.

The old volume is only read. What follows is a deploy that declares the new volume and the new
images; until then, and when it fails, `back` starts the old ones again.
"""

import json
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from .. import disk_space, images, interrupts, journal, maintenance, postgres_version
from ..compose import Compose
from ..errors import DeployError, InputError
from ..output import now
from ..stack.session import Session
from ..stack.stop import TIMEOUT
from . import back, databases, record, throwaway, trains
from .databases import Database
from .record import COPIED, COPYING, SERVING, Data, Record

# Seconds of the whole copy
SECONDS = 4 * 3600.0
_MESSAGE = "The database is upgraded. Everything is back within some minutes."


def copy(session: Session, service: str, image: str, volume: str, authentik: str = "") -> Record:
    """Copy into `volume`, as compose.yaml calls it, with `image`, for the image `authentik` or "".
    A complete copy stays.

    Errors: InputError with nothing changed; DeployError with the old data in service again."""
    database = databases.find(session.compose, service)
    before = record.load(session.paths, service)
    new = target(session, database, image, volume)
    if before and _is_complete(session, before, database.data, new):
        session.output.show(f"{service}: the copy of {before.since} is complete")
        return before
    if before and before.pending:
        session.output.show(f"{service}: what an interrupted upgrade left is removed")
        back.go_back(session.compose, before, session.who, session.timeouts)
    _check(session, new)
    version = trains.read(session.compose) if service == trains.DATABASE else ""
    if authentik:
        pull_authentik(session, authentik, version)
    require_space(session, database)
    what = "authentik" if authentik else "postgres"
    return _copied(session, database, _begun(session, database, new, what, version))


def pull_authentik(session: Session, image: str, found: str) -> None:
    """Error: InputError for one that a database of the version `found` cannot have."""
    wanted = trains.version_of(image)
    if not found or not wanted:
        what = "the database" if wanted else "the tag of the image"
        raise InputError(f"{image}: {what} has no version of Authentik. Nothing was changed")
    if error := trains.refusal(found, wanted):
        raise InputError(f"{image}: {error}. Nothing was changed")
    images.pull(session.compose.shell, [image], session.compose.env(), session.timeouts.pull)


def target(session: Session, database: Database, image: str, volume: str) -> Data:
    """Error: InputError for an image or a volume that cannot be the next."""
    compose, old = session.compose, database.data
    after = databases.with_data(compose, database.service, image, volume)
    if (full := dict(postgres_version.volumes(after.document()))[database.service]) == old.volume:
        raise InputError(
            f"the release in service has no variable for the volume of {database.service}, or it "
            f"is {volume} already. Nothing was changed. Run pulumi up with this checkout first"
        )
    images.pull(compose.shell, [image], compose.env(), session.timeouts.pull)
    version = postgres_version.image_version(compose.shell, image)
    if not version or not old.version or int(version) < int(old.version):
        raise InputError(
            f"{image} is PostgreSQL {version or '?'}, and the data of {database.service} is of "
            f"PostgreSQL {old.version or '?'}. Nothing was changed. Choose the same or a newer one"
        )
    return Data(full, image, version)


def _is_complete(session: Session, before: Record, source: Data, target: Data) -> bool:
    """Error: InputError for an earlier upgrade whose old volume is still kept."""
    if before.state == SERVING:
        raise InputError(
            f"the volume {before.source.volume} is kept from the upgrade of {before.since}. "
            f"Nothing was changed. Run {before.command} --finish first"
        )
    same = (before.source.volume, before.target) == (source.volume, target)
    # The copy ends with the removal of the container: if it is back, rows may be missing.
    return before.state == COPIED and same and not back.present(session.compose, before.service)


def _check(session: Session, new: Data) -> None:
    """Error: InputError for a volume that exists."""
    if throwaway.volume_exists(session.compose.shell, new.volume):
        raise InputError(
            f"the volume {new.volume} exists and is not of an upgrade that can go on. Nothing "
            f"was changed. Choose another --to, or, when nobody needs its data: "
            f"sudo docker volume rm {new.volume}"
        )


def require_space(session: Session, database: Database) -> None:
    """For a dump and a database, each not larger than the database is now. Error: DeployError."""
    statement = _sql(database, "SELECT pg_database_size(%s)")
    text = session.compose.execute(database.service, *statement)
    session.paths.upgrade_dumps.mkdir(parents=True, exist_ok=True)
    disk_space.require(session.paths.upgrade_dumps, 2 * int(text))


def _sql(database: Database, statement: str) -> Sequence[str]:
    called = statement.replace("%s", "current_database()")
    return ("psql", "--no-psqlrc", "-qtAX", "-U", database.user, "-d", database.name, "-c", called)


def _begun(session: Session, database: Database, new: Data, what: str, authentik: str) -> Record:
    entry = Record(
        service=database.service,
        state=COPYING,
        who=session.who,
        since=now(),
        source=database.data,
        target=new,
        maintenance=maintenance.read(session.paths) is not None,
        what=what,
        authentik=authentik,
    )
    record.save(session.paths, entry)
    return entry


def _copied(session: Session, database: Database, entry: Record) -> Record:
    paths, who = session.paths, session.who
    started = time.monotonic()
    try:
        found = _run(session, database, entry)
        seconds = round(time.monotonic() - started, 1)
        done = replace(entry, state=COPIED, found={**found, "seconds": seconds})
        record.save(paths, done)
    except BaseException as error:
        interrupts.ignore()
        session.output.show(f"FAILED: {error}")
        back.go_back(session.compose, entry, who, session.timeouts)
        raise DeployError(f"{error}; {back.sentence(entry)}") from error
    versions = f"{entry.source.version} -> {entry.target.version}"
    text = f"{database.service}: {versions}, copied in {seconds} s"
    journal.record(paths.journal, "upgrade", who, text=text)
    return done


def _run(session: Session, database: Database, entry: Record) -> dict[str, Any]:
    compose, show = session.compose, session.output.show
    maintenance.switch_on(session.paths, session.who, _MESSAGE)
    show(f"maintenance is on; stop {', '.join(database.clients)}")
    compose.stop(list(database.clients), TIMEOUT)
    directory = dump_directory(session, database.service)
    show("dump the database")
    throwaway.dump(compose, entry.service, directory, SECONDS)
    show(f"start an empty PostgreSQL {entry.target.version} with the volume {entry.target.volume}")
    after = databases.with_data(compose, entry.service, entry.target.image, _short(entry, compose))
    throwaway.start(after, entry.service, directory, session.timeouts.healthy)
    show("restore the dump and compare all rows")
    text = throwaway.restore(compose.shell, entry.service, SECONDS)
    found = dict(json.loads(text.splitlines()[-1]))
    show(sentence(found))
    throwaway.remove(compose.shell, entry.service)
    # Without a server nobody can write what the copy would lack.
    compose.remove([database.service], TIMEOUT)
    return found


def _short(entry: Record, compose: Compose) -> str:
    """The volume's name in compose.yaml."""
    return entry.target.volume.removeprefix(f"{compose.release.project}_")


def dump_directory(session: Session, service: str) -> Path:
    """An empty directory that PostgreSQL's user can write to."""
    directory = back.dump_directory(session.paths, service)
    directory.mkdir(parents=True, exist_ok=True)
    back.remove_dump(session.paths, service)
    user = str(session.compose.document()["services"][service].get("user", "0"))
    numbers = [int(one) for one in user.split(":")]
    os.chown(directory, numbers[0], numbers[-1])
    directory.chmod(0o700)
    return directory


def sentence(found: dict[str, Any]) -> str:
    old, new = found["collation"]
    collation = "" if old == new else f"; collation version {old or 'none'} -> {new or 'none'}"
    return f"{found['rows']} rows in {found['tables']} tables are the same{collation}"
