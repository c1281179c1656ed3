"""The steps of a move on the servers; each can be run again after it was interrupted.

Until `switch` the old servers have the records and the newest data. host/fks_deploy/transfer closes
and copies, host/fks_deploy/restore compares and exchanges.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from fks_infra.migrate.dns import Dns
from fks_infra.migrate.host import Host, stream
from fks_infra.migrate.pairs import Pair
from fks_infra.operate import restores
from fks_infra.roles import data_sets

BUILD, READY, FIRST, CLOSE = "build", "ready", "first copy", "close"
LAST, EXCHANGE, SWITCH, VERIFY, STOP = "last copy", "exchange", "switch", "verify", "stop"
STEPS = (BUILD, READY, FIRST, CLOSE, LAST, EXCHANGE, SWITCH, VERIFY, STOP)
# What is done again when the old servers were opened before the switch.
REOPENED = (READY, CLOSE, LAST, EXCHANGE)
# States of host/fks_deploy/restore/record.py: of an exchange, of an interrupted one, and after one
_EXCHANGED, _IN_EXCHANGE = "exchanged", ("exchanging", "exchanged")
_INTERRUPTED, _KEPT = ("exchanging", "undoing"), ("exchanged", "undone", "failed")

Report = Callable[[str], None]
Found = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Work:
    """`old` and `new` are all servers of both modes; `who` is for their journals; `leave_tasks`:
    what waits in the queue when its time is over stays on the old server."""

    pairs: tuple[Pair, ...]
    old: tuple[Host, ...]
    new: tuple[Host, ...]
    dns: Dns
    who: str
    report: Report
    leave_tasks: bool = False

    def actions(self) -> Mapping[str, Callable[[], Found]]:
        """The steps up to the switch."""
        return {
            READY: self.ready,
            FIRST: self.copy,
            CLOSE: self.close,
            LAST: self.copy_last,
            EXCHANGE: self.exchange,
        }

    def ready(self) -> Found:
        """The databases of the new servers run, with none of an earlier move, and nothing uses
        them: what it would write is replaced by the exchange. The servers know the addresses that
        the names will have, and Cloudflare has the records to change.
        """
        self.dns.check(_addresses(self.old), _addresses(self.new))
        addresses = [f"{role}={address}" for role, address in _addresses(self.new).items()]
        for host in self.new:
            host.run("transfer", "addresses", *addresses)
            host.run("transfer", "hold", "--who", self.who)
        for pair in self.pairs:
            if _state(pair) in _INTERRUPTED:
                # Of an earlier move; without its end the databases cannot be dropped.
                pair.target.run("restore", pair.data_set, "exchange", "--who", self.who)
                pair.target.run("transfer", "hold", "--who", self.who)
        self.finish()
        return {}

    def finish(self) -> None:
        """Drop the databases that the new servers had before an exchange."""
        for pair in self.pairs:
            if _state(pair) in _KEPT:
                pair.target.run("restore", pair.data_set, "finish", "--who", self.who)

    def copy(self) -> Found:
        """Dump each set, copy and restore it beside the new server's own data, compare all rows.

        Returns {"bytes", "seconds"}.
        """
        started = time.monotonic()
        size = sum(self._copy(pair) for pair in self.pairs)
        for pair in self.pairs:
            document = pair.target.document("restore", pair.data_set, "state")
            for sentence in restores.without_password(document):
                self.report(f"{pair.data_set}: {sentence}")
        return {"bytes": size, "seconds": time.monotonic() - started}

    def close(self) -> Found:
        """The old servers refuse writes; OperatorError if the queue does not become empty."""
        leave = ("--leave-tasks",) if self.leave_tasks else ()
        self._gate(self.old, ("close", *leave), "on")
        return {}

    def copy_last(self) -> Found:
        """The databases as `copy`, and the files of each set. A set is put into service while the
        next one is copied; one that was is not copied again, as the old servers are closed.
        """
        started, size = time.monotonic(), 0
        with ThreadPoolExecutor() as pool:
            running = []
            for pair in self.pairs:
                if _state(pair) not in _IN_EXCHANGE:
                    send = ("transfer", "send-files", pair.data_set)
                    receive = ("transfer", "receive-files", pair.data_set)
                    stream(pair.source, send, pair.target, receive)
                    size += self._copy(pair)
                if pair != self.pairs[-1]:
                    running.append(pool.submit(self._exchange, [pair]))
            seconds = time.monotonic() - started
        for one in running:
            one.result()
        return {"bytes": size, "seconds": seconds}

    def exchange(self) -> Found:
        """Put the copies into service on the new servers, which nobody reaches yet by a name."""
        _at_once(self._exchange, _by_target(self.pairs))
        self._gate(self.new, ("open",), "off")
        return {}

    def switch(self) -> Found:
        """The names get the addresses of the new servers, which serve from then on."""
        self.dns.switch(_addresses(self.old), _addresses(self.new))
        return {}

    def reopen(self) -> None:
        """The old servers accept writes again; only before the switch."""
        self._gate(self.old, ("open",), "off")

    def stop(self) -> Found:
        """The old servers keep their data, and run nothing."""
        for host in self.old:
            host.run("stack", "stop", "--who", self.who, "--reason", "its data were moved")
        return {}

    def _copy(self, pair: Pair) -> int:
        """The bytes of the dump."""
        made = pair.source.document("transfer", "dump", pair.data_set)["files"]
        for name, file in made.items():
            _send(pair, name, file)
        (dump,) = (name for name in made if name.endswith(".dump"))
        words = (pair.data_set, "prepare", "--dump", dump, "--who", self.who)
        pair.target.run("restore", *words)
        self.report(f"{pair.data_set}: {dump} is restored on {pair.target.name}, rows equal")
        return sum(file["bytes"] for file in made.values())

    def _exchange(self, pairs: Sequence[Pair]) -> None:
        """Those of one server, which allows one change at a time."""
        for pair in pairs:
            if _state(pair) != _EXCHANGED:
                pair.target.run("restore", pair.data_set, "exchange", "--who", self.who)

    def _gate(self, servers: Sequence[Host], words: tuple[str, ...], maintenance: str) -> None:
        """The edge of each server, and the databases where it has some."""

        def change(host: Host) -> None:
            has_data = data_sets(host.server.roles)
            program = ("transfer", *words) if has_data else ("maintenance", maintenance)
            host.run(*program, "--who", self.who)

        _at_once(change, servers)


def _state(pair: Pair) -> str:
    """Of the restore on the new server; empty without one."""
    found = pair.target.document("restore", pair.data_set, "state")["restore"]
    return str(found["state"]) if found else ""


def _at_once(action: Callable[[Any], None], items: Sequence[Any]) -> None:
    """All end before the OperatorError of one is raised."""
    with ThreadPoolExecutor(max_workers=len(items)) as pool:
        running = [pool.submit(action, one) for one in items]
    for one in running:
        one.result()


def _by_target(pairs: Iterable[Pair]) -> list[list[Pair]]:
    found: dict[str, list[Pair]] = {}
    for pair in pairs:
        found.setdefault(pair.target.name, []).append(pair)
    return list(found.values())


def _addresses(servers: Iterable[Host]) -> dict[str, str]:
    """By role."""
    return {role: host.server.address for host in servers for role in host.server.roles}


def _send(pair: Pair, name: str, file: Found) -> None:
    words = ("--bytes", str(file["bytes"]), "--sha256", file["sha256"])
    stream(
        pair.source, ("transfer", "send", name), pair.target, ("transfer", "receive", name, *words)
    )
