"""The logs of several servers, read at the same time and merged."""

import heapq
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

from fks_infra.operate.log_selection import LogSelection
from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.command import lines_of
from fks_infra.remote.inventory import DeployedServer

# Lines of one server that wait until older ones of the others have been shown.
_WAITING = 10_000
_FOLLOWING = {"following": True}
# Gets a server's name and what is wrong there.
Report = Callable[[str, str], None]


@dataclass(frozen=True, kw_only=True, order=True)
class LogLine:
    """`time` is in UTC as in ISO 8601 with microseconds."""

    time: str
    server: str
    source: str
    text: str


class LogStream:
    """The log of one server, read by a thread of its own; `live` gets its lines that are new."""

    def __init__(self, server: DeployedServer, live: "Queue[LogLine | None]") -> None:
        self.server = server
        self.failed = self.following = False
        self._past: Queue[LogLine | None] = Queue(_WAITING)
        self._live = live
        self._sources: Queue[Sequence[str]] = Queue()

    def start(self, lines: Iterator[str], stack: str, report: Report) -> None:
        Thread(target=self._read, args=(lines, stack, report), daemon=True).start()

    def sources(self) -> Sequence[str]:
        """What has a log on the server; empty if it is not reached."""
        return self._sources.get()

    def past(self) -> Iterator[LogLine]:
        """Its lines until now, in the order of time."""
        return iter(self._past.get, None)

    def _read(self, lines: Iterator[str], stack: str, report: Report) -> None:
        queue: Queue[LogLine | None] = self._past
        try:
            for line in lines:
                document: Mapping[str, Any] = json.loads(line)
                if document == _FOLLOWING:
                    self.following = True
                    queue.put(None)
                    queue = self._live
                elif "sources" in document:
                    self._sources.put(document["sources"])
                elif "error" in document:
                    self.failed = True
                    report(self.server.name, document["error"])
                else:
                    queue.put(LogLine(server=self.server.name, **document))
        except OSError as error:
            self._fail(str(error), stack, report)
        except (ValueError, TypeError):
            self._fail("its answer is not that of bin/logs", stack, report)
        finally:
            self._sources.put(())
            queue.put(None)

    def _fail(self, message: str, stack: str, report: Report) -> None:
        self.failed = True
        failure = Unreachable.of(self.server, message, stack)
        report(self.server.name, f"{failure.reason}; next: {failure.command}")


class LogStreams:
    """The logs of all servers of a selection; each has one SSH connection, which stays open."""

    def __init__(
        self,
        stack: str,
        servers: Sequence[DeployedServer],
        selection: LogSelection,
        key: Path | None,
        report: Report,
    ) -> None:
        self._live: Queue[LogLine | None] = Queue()
        self._streams = [LogStream(server, self._live) for server in servers]
        for stream in self._streams:
            command = selection.command(stream.server.name)
            stream.start(lines_of(stream.server, key, command), stack, report)
        # By server: the names that have a log; empty for a server that is not reached.
        self.sources = {one.server.name: one.sources() for one in self._streams}

    @property
    def unreached(self) -> list[str]:
        """The servers that were not reached, or whose logs are not complete."""
        return [one.server.name for one in self._streams if one.failed]

    def lines(self) -> Iterator[LogLine]:
        """The lines until now in the order of time; then, if they are followed, as they come."""
        yield from heapq.merge(*(stream.past() for stream in self._streams))
        ended, following = 0, sum(stream.following for stream in self._streams)
        while ended < following:
            if line := self._live.get():
                yield line
            else:
                ended += 1
