"""The first part of a restore: a dump becomes a second database beside the present one, which
serves meanwhile."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from ..backup.data_set import SETS
from ..errors import DeployError, InputError
from ..output import now
from ..stack.entry import recorded
from ..stack.session import Session
from ..step_report import StepReport
from . import checks, files, lost, new_database, record, roles, source
from .database import LONG, Database, Tables
from .job import Job
from .record import Record
from .source import Choice, Source
from .target import Target

_SHOWN = 3


def prepare(session: Session, target: Target, choice: Choice) -> Record:
    """Restore and compare; again for the same dump it only compares with the present data, which
    are read meanwhile.

    Error: DeployError, after which the present database is as it was."""
    paths, name = session.paths, target.name
    before = record.load(paths, name)
    _check_state(before, name)
    if choice.queue and not SETS[name].queue:
        raise InputError(f"{name} has no queue: leave out --queue")
    database, job = Database(session.compose, target), Job(session.compose, target)
    if choice.time:
        chosen = source.recovered(session.compose, target, choice.time)
    else:
        chosen = source.find(paths, session.compose.shell, target, choice)
    if choice.queue and not chosen.snapshot:
        raise InputError("a dump has no queue, a snapshot has: --queue --snapshot latest")
    with (
        recorded(session, "restore", database=target.database, file=chosen.file) as report,
        database.reading(chosen.checksums) as present,
    ):
        if not (before and _is_done(before, chosen, choice, database)):
            begun = Record(
                record.PREPARING, now(), session.who, chosen.file, chosen.made, chosen.snapshot
            )
            work = _Work(session, database, job, chosen, begun, queue=choice.queue)
            before = record.save(paths, name, work.run(report))
        return record.save(paths, name, replace(before, lost=_lost(report, present, chosen)))


def _check_state(found: Record | None, name: str) -> None:
    if found and found.state in (record.EXCHANGING, record.UNDOING):
        raise DeployError(
            f"a restore of {name} was interrupted while the databases were exchanged: "
            f"fks restore {name} goes on with it"
        )
    if found and found.state in (record.EXCHANGED, record.UNDONE):
        raise DeployError(
            f"the data of {name} from before the restore of {found.since} are kept: "
            f"fks restore {name} --finish drops them, fks restore {name} --undo brings them back"
        )


def _is_done(found: Record, chosen: Source, choice: Choice, database: Database) -> bool:
    """Whether this dump is in the second database already, with the same files."""
    entry = database.entries().get(database.of.restoring)
    same = found.state == record.PREPARED and found.dump == chosen.file
    same = same and found.snapshot == chosen.snapshot
    same = same and files.with_queue(database.of.name, found.files) == choice.queue
    return same and entry is not None and entry.oid == found.restored


def _lost(
    report: StepReport, present: Callable[[], Tables], chosen: Source
) -> list[dict[str, Any]]:
    """Read also again: the present database goes on."""
    differ: list[dict[str, Any]] = []

    def compare() -> str:
        differ.extend(lost.tables(present(), chosen.tables))
        return f"{len(differ)} tables differ from the backup"

    report.run("present", compare)
    return differ


class _Work:
    """The steps, each of which returns a note."""

    def __init__(
        self,
        session: Session,
        database: Database,
        job: Job,
        chosen: Source,
        begun: Record,
        *,
        queue: bool,
    ) -> None:
        self.session, self.database, self.job = session, database, job
        self.source, self.record, self.queue = chosen, begun, queue

    def run(self, report: StepReport) -> Record:
        """After an error nothing is left of it but roles, which the next run needs."""
        try:
            report.run("clear", self.clear)
            report.run("check", self.check)
            report.run("restore", self.restore)
            report.run("compare", self.compare)
            if self.source.snapshot or self.source.foreign:
                report.run("files", self.files)
        except DeployError:
            # At once: the present database may need the space.
            self.database.drop(self.database.of.restoring)
            files.drop(self.session.compose, self.database.of.name)
            record.remove(self.session.paths, self.database.of.name)
            raise
        return self.prepared()

    def clear(self) -> str:
        """What an earlier run has left, and its space."""
        self.job.remove()
        record.save(self.session.paths, self.database.of.name, self.record)
        self.database.drop(self.database.of.restoring)
        files.drop(self.session.compose, self.database.of.name)
        return ""

    def check(self) -> str:
        warnings = checks.run(self.database, self.job, self.source)
        self.record = replace(self.record, warnings=warnings)
        return "; ".join(warnings)

    def restore(self) -> str:
        created = roles.create_missing(self.database, self.source)
        self.record = replace(self.record, roles=created)
        self.database.query(new_database.CREATE + new_database.COPY)
        self.job.restore(self.source, self.database.of.restoring)
        return "; ".join([self.source.file, *(f"role {name} created" for name in created)])

    def compare(self) -> str:
        """Also ANALYZE: without statistics the first queries are slow."""
        restoring = self.database.of.restoring
        with ThreadPoolExecutor(max_workers=1) as pool:
            analyzed = pool.submit(self.database.query, "ANALYZE;", restoring, LONG)
            found = self.database.tables(restoring, self.source.checksums)
            analyzed.result()
        different = lost.differing(found, self.source.tables)
        if different:
            raise DeployError(
                f"the restored rows are not those of the dump's moment, in {len(different)} "
                f"tables: {', '.join(different[:_SHOWN])}. Choose another dump by --dump"
            )
        rows = sum(count for count, _ in found.values())
        self.record = replace(self.record, rows=rows)
        return f"{rows} rows in {len(found)} tables as at the dump"

    def files(self) -> str:
        """A dump of this server has none."""
        compose, name, snapshot = self.session.compose, self.database.of.name, self.source.snapshot
        if snapshot:
            found = dict(files.fetch(compose, name, snapshot))
            if self.queue:
                found.update(files.take_queue(compose, name, self.source.directory))
        else:
            found = dict(files.take_arrived(compose, name))
        self.record = replace(self.record, files=found)
        return ", ".join(found) or "none"

    def prepared(self) -> Record:
        found = self.database.entries()
        restored, present = (found[name] for name in self._names())
        return replace(
            self.record,
            state=record.PREPARED,
            proved=self.source.proved,
            restored=restored.oid,
            present=present.oid,
            aside=restored.bytes + files.aside(self.session.compose, self.database.of.name),
        )

    def _names(self) -> tuple[str, str]:
        return self.database.of.restoring, self.database.of.database
