"""The steps of a move from a legacy server; each can be run again after it was interrupted.

Until `exchange` the legacy server has the newest data. host/fks_deploy/restore compares and
exchanges, the files too, which host/fks_deploy/transfer/foreign_files.py receives before.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fks_infra.errors import OperatorError
from fks_infra.migrate import legacy_database, legacy_stream, steps
from fks_infra.migrate.host import Host
from fks_infra.migrate.legacy_dump import Source
from fks_infra.migrate.legacy_host import LegacyHost
from fks_infra.migrate.legacy_plan import Plan
from fks_infra.migrate.steps import Found, Report

# The journal's entry with the plan
LOOK = "look"
STEPS = (steps.FIRST, steps.CLOSE, steps.LAST, steps.EXCHANGE, steps.STOP)
SET = "api"
# States of host/fks_deploy/restore/record.py
_KEPT = ("exchanged", "undone", "exchanging", "undoing")
OTHER = "of another dump"
# As host/fks_deploy/backup/data_set.py has it
FOREIGN = "foreign_"
# Seconds in which a stopped container's connections end, and a container ends by itself.
_SESSIONS, _GRACE = 30.0, 60
_POLL = 1.0


@dataclass(frozen=True, kw_only=True)
class Work:
    """`target` is the server of the stack with the role api. `drain`: seconds for the queue;
    `leave_tasks`: what waits then stays on the legacy server."""

    legacy: LegacyHost
    target: Host
    plan: Plan
    drain: float
    leave_tasks: bool
    who: str
    report: Report

    def first(self) -> Mapping[str, Callable[[], Found]]:
        """The steps while the legacy server serves."""
        return {steps.FIRST: self.copy_first}

    def last(self) -> Mapping[str, Callable[[], Found]]:
        """Those that begin with its stop."""
        return {
            steps.CLOSE: self.close,
            steps.LAST: self.copy_last,
            steps.EXCHANGE: self.exchange,
        }

    def copy_first(self) -> Found:
        """The database only. OperatorError where the server keeps data of another restore."""
        if self._restore() in (OTHER, *_KEPT):
            raise OperatorError(
                f"a restore of {SET} on {self.target.name} is not finished, so its second database "
                f"is in use. Nothing was changed.\nNext: fks restore {SET} --status, then "
                f"fks restore {SET} --finish drops the database that is not in service"
            )
        self.target.run("transfer", "discard", SET)
        return self._copy()

    def close(self) -> Found:
        """Stop all but the databases; OperatorError for tasks that wait and for other sessions."""
        self._stop(self.plan.writers)
        self._drained()
        self._stop(self.plan.workers)
        return {"written": self._unused()}

    def copy_last(self) -> Found:
        """The database as it stays, and the files."""
        before = self._unused()
        started, files = time.monotonic(), 0
        # The first copy's dump: there may be no space for two.
        self.target.run("transfer", "discard", SET)
        for one in self.plan.volumes:
            place = f"{one.container}:{one.path}"
            receive = ("transfer", "receive-volume", SET, one.volume, "--bytes", str(one.bytes))
            sent = legacy_stream.send(self.legacy, ("cp", place, "-"), self.target, receive)
            files += sent.bytes
            self.report(f"{one.volume}: {sent.bytes} bytes of {place} have arrived")
        found = self._copy()
        if self._unused() != before:
            raise OperatorError(
                f"{self.plan.database} on {self.legacy.name} was written while it was copied the "
                f"last time, by a client that is no container of the project"
            )
        return {**found, "files": files, "seconds": time.monotonic() - started}

    def exchange(self) -> Found:
        """Put the copies into service; what the stack had is kept."""
        if self._restore() != "exchanged":
            self.target.run("restore", SET, "exchange", "--who", self.who)
        return {}

    def reopen(self) -> None:
        """The legacy server serves again. OperatorError while its data are in service here."""
        if (state := self._restore()) in ("exchanged", "exchanging"):
            raise OperatorError(f"the copy is {state} on {self.target.name}")
        self.start()

    def start(self) -> None:
        """The databases first, as they were stopped last."""
        for names in (self.plan.stores, self.plan.workers, self.plan.writers):
            if names:
                self.legacy.run("start", *names)

    def stop(self) -> Found:
        """The databases too; nothing is deleted."""
        self._stop(self.plan.stores)
        return {}

    def undo(self) -> bool:
        """What the stack had is in service again; whether the other data are kept beside it, with
        what was written since. OperatorError after a later restore, whose data would be exchanged
        instead."""
        if self._restore() == "exchanging":
            self.target.run("restore", SET, "exchange", "--who", self.who)
        state = self._restore()
        if state in ("exchanged", "undoing"):
            self.target.run("restore", SET, "undo", "--who", self.who)
        elif state in (OTHER, ""):
            raise OperatorError(
                f"what {self.target.name} had before the move is dropped already, or a later "
                f"restore is not finished. Nothing was changed.\nNext: fks restore {SET} --status"
            )
        if self._restore() == "undone":
            return True
        self.discard()
        return False

    def discard(self) -> None:
        """Drop a copy that was not put into service."""
        drop(self.target, self.who)

    def _copy(self) -> Found:
        started, plan = time.monotonic(), self.plan
        source = Source(
            host=self.legacy, container=plan.postgres, user=plan.user, database=plan.database
        )
        dump = source.send(SET, plan.bytes, self.target)
        words = (SET, "prepare", "--dump", dump.file, "--who", self.who)
        self.target.run("restore", *words)
        self.report(
            f"{SET}: {dump.rows} rows in {dump.tables} tables of {plan.postgres}/{plan.database} "
            f"are on {self.target.name}, rows and checksums equal"
        )
        seconds = time.monotonic() - started
        return {"dump": dump.file, "bytes": dump.bytes, "rows": dump.rows, "seconds": seconds}

    def _stop(self, names: Sequence[str]) -> None:
        if names:
            self.legacy.run("stop", "-t", str(_GRACE), *names, seconds=_GRACE * len(names) + 60)

    def _drained(self) -> None:
        """A worker that runs empties the queue; OperatorError with what waits at the end."""
        deadline = time.monotonic() + (self.drain if self.plan.workers else 0)
        while (left := self._tasks()) and not self.leave_tasks:
            if time.monotonic() > deadline:
                raise OperatorError(
                    f"the queue on {self.legacy.name} is not empty: {'; '.join(left)}. Tasks are "
                    f"not moved. --leave-tasks goes on without them"
                )
            time.sleep(_POLL)

    def _tasks(self) -> list[str]:
        found = [legacy_database.redis(self.legacy, one) for one in self.plan.redis]
        errors = [
            f"{one.container} does not tell its queues: {one.error}" for one in found if one.error
        ]
        waiting = [
            f"{count} in {name} of {one.container}"
            for one in found
            for name, count in one.queues.items()
            if count
        ]
        return errors + waiting

    def _unused(self) -> int:
        """Rows that were ever written; OperatorError while anybody has the database open."""
        plan, deadline = self.plan, time.monotonic() + _SESSIONS
        legacy_database.end_own(self.legacy, plan.postgres, plan.user, plan.database)
        while True:
            use = legacy_database.use(self.legacy, plan.postgres, plan.user, plan.database)
            if not use["sessions"]:
                return int(use["written"])
            if time.monotonic() > deadline:
                raise OperatorError(
                    f"{plan.database} on {self.legacy.name} is open still, by what is no container "
                    f"of the project: {', '.join(use['sessions'])}. Stop it there"
                )
            time.sleep(_POLL)

    def _restore(self) -> str:
        return restore_state(self.target)


def restore_state(server: Host) -> str:
    """The state of the restore of a legacy server's dump, OTHER for one of another dump, "" without
    a restore."""
    found = server.document("restore", SET, "state")["restore"]
    if not found:
        return ""
    return str(found["state"]) if found["dump"].startswith(FOREIGN) else OTHER


def drop(server: Host, who: str) -> None:
    """Drop what is not in service, and the dumps; what another restore keeps stays."""
    if restore_state(server) not in ("", OTHER):
        server.run("restore", SET, "finish", "--who", who)
    server.run("transfer", "discard", SET)


def target(servers: Sequence[Any], key: Any) -> Host:
    """The server of the stack that gets the data; OperatorError without one."""
    for server in servers:
        if server.serves and SET in server.roles:
            return Host(server=server, key=key)
    raise OperatorError(f"the stack has no server with the role {SET}.\nNext: pulumi up")
