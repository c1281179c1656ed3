"""The steps of an exchange, and of the way back after a failure.

Each may be repeated: after SIGKILL at any point the same command goes on.
"""

import time
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from .. import deep_health, maintenance, probe, stops
from ..backup.data_set import SETS
from ..errors import DeployError, InterruptedDeployError
from ..output import now
from ..queues.unfinished import unfinished
from ..queues.workers import WORKERS
from ..stack.entry import recorded
from ..stack.session import Session
from ..stack.stop import TIMEOUT as STOP_TIMEOUT
from ..step_report import StepReport
from . import caches, files, record, source
from .database import Database
from .record import Record
from .target import Target

# Seconds for a worker that has nothing to return to its queue.
_GRACE = 5
_MESSAGE = "The data are being restored."
_ENDS = {record.EXCHANGING: record.EXCHANGED, record.UNDOING: record.UNDONE}


class Exchange:
    """One way there, and the way back after a failure."""

    def __init__(self, session: Session, target: Target, found: Record) -> None:
        self.session, self.target, self.record = session, target, found
        self.database = Database(session.compose, target)

    def run(self, to: str) -> Record:
        """`to` is EXCHANGING or UNDOING. Error: DeployError, which says which data serve."""
        file, name = self.record.dump, self.target.database
        with recorded(self.session, "restore", database=name, file=file, to=to) as report:
            try:
                self._go(to, report)
            except InterruptedDeployError:
                raise
            except DeployError as error:
                if to != record.EXCHANGING:
                    raise
                self._back(report, error)
            if self.record.error:
                # Of a run that was interrupted on the way back.
                raise DeployError(_not_in_service(self.record.error))
        return self.record

    def _go(self, to: str, report: StepReport) -> None:
        self._save(state=to, error="" if to == record.EXCHANGING else self.record.error)
        for name, step in (
            ("close", self._close),
            ("stop", self._stop),
            ("rename", self._rename),
            ("start", self._start),
            ("probe", self._probe),
            ("open", self._open),
        ):
            report.run(name, step)
        end = record.FAILED if self.record.error else _ENDS[to]
        self._save(state=end, aside=self._aside())
        source.forget(self.session.paths, self.target.name)

    def _back(self, report: StepReport, error: DeployError) -> None:
        """Error: DeployError, always: what was wrong, and what serves now."""
        self._save(error=str(error))
        try:
            self._go(record.UNDOING, report)
        except InterruptedDeployError:
            raise
        except DeployError as second:
            raise DeployError(self._way_back_failed(error, second)) from error
        raise DeployError(_not_in_service(error)) from error

    def _way_back_failed(self, error: Exception, second: Exception) -> str:
        """If their data have their names again, all is as before, also what was not healthy."""
        text = f"the restored data were not put into service: {error}"
        with suppress(DeployError, OSError, KeyError):
            if self._is_before():
                self._open()
                self._save(state=record.FAILED)
                return (
                    f"{text}. The data of before are in service again, but the services do not "
                    f"become healthy with those of before either: {second}"
                )
        return f"{text}. The way back failed, and requests are refused: {second}"

    def _is_before(self) -> bool:
        oid = self.database.entries()[self.target.database].oid
        own = files.serving(self.session.compose, self.record.files)
        return oid == self.record.present and own

    def _save(self, **changes: object) -> None:
        changed = replace(self.record, **changes)  # type: ignore[arg-type]
        self.record = record.save(self.session.paths, self.target.name, changed)

    def _close(self) -> str:
        """Requests get 503, unless they do already."""
        on = maintenance.read(self.session.paths)
        if not self.record.closed:
            self._save(closed=now(), maintenance=on is None)
        if on is None:
            maintenance.switch_on(self.session.paths, self.session.who, _MESSAGE)
        return ""

    def _stop(self) -> str:
        """Workers last; those without tasks get a short grace, because an idle one needs as long
        as a busy one (compose/lib/celery/worker.sh). Then nothing uses the caches."""
        compose, writers = self.session.compose, self.target.writers
        workers = [name for name in writers if name in WORKERS]
        # Compose stops all services where none is named.
        if others := [name for name in writers if name not in WORKERS]:
            compose.stop(others, STOP_TIMEOUT)
        if workers:
            compose.stop(workers, STOP_TIMEOUT, None if self._has_tasks() else _GRACE)
        caches.empty(compose, self.target)
        if queue := self._queue():
            compose.stop(queue, STOP_TIMEOUT)
        return ", ".join([*writers, *queue])

    def _queue(self) -> list[str]:
        """The service of the queue, if its tasks are exchanged too."""
        own = files.with_queue(self.target.name, self.record.files)
        return [*SETS[self.target.name].queue[:1]] if own else []

    def _has_tasks(self) -> bool:
        """Also where that cannot be read."""
        try:
            return bool(unfinished(self.session.paths, self.session.compose.shell))
        except DeployError:
            return True

    def _rename(self) -> str:
        """The database, then the files; nothing writes to either."""
        to_restored = self.record.state == record.EXCHANGING
        goal = self.record.restored if to_restored else self.record.present
        changed = ["the database"] if self.database.rename(goal) else []
        compose, own = self.session.compose, self.record.files
        changed += files.exchange(compose, own, to_restored=to_restored)
        return ", ".join(changed) or "done already"

    def _aside(self) -> int:
        own = self.target.database
        found = self.database.entries()
        size = sum(one.bytes for name, one in found.items() if name != own)
        return size + files.aside(self.session.compose, self.target.name)

    def _stays_stopped(self) -> bool:
        """Whether the data of before had no users either: transfer/pause.py."""
        paused = self.target.name in stops.load(self.session.paths)
        return paused and self.record.state == record.UNDOING

    def _start(self) -> str:
        session = self.session
        services = [*self._queue(), *(() if self._stays_stopped() else self.target.writers)]
        if services:
            session.compose.start_only(services, session.timeouts.healthy)
        return "" if services else "stopped as before"

    def _probe(self) -> str:
        """What is asked of a deploy, of this role only."""
        if self._stays_stopped():
            return "stopped as before"
        compose, paths = self.session.compose, self.session.paths
        deep_health.refresh(compose.shell, paths)
        host = compose.release.placement.domains.get(self.target.name)
        chosen = [one for one in compose.release.probes if one.host == host]
        for one in chosen:
            probe.wait(one, compose.address, paths.secrets, self.session.timeouts.probe)
        return ", ".join(one.name for one in chosen)

    def _open(self) -> str:
        if not self._stays_stopped():
            stops.clear(self.session.paths, [self.target.name])
        if self.record.maintenance:
            maintenance.switch_off(self.session.paths, self.session.who)
        seconds = time.time() - datetime.fromisoformat(self.record.closed).timestamp()
        self._save(closed="", maintenance=False, seconds=round(seconds, 1))
        return f"requests were refused for {seconds:.0f} s"


def _not_in_service(error: object) -> str:
    return f"the restored data were not put into service: {error}. The data of before serve again"
