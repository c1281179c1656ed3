"""Backups as the servers report them, and as tables."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fks_infra.errors import OperatorError
from fks_infra.operate.age import age
from fks_infra.operate.reports import Document, Reports
from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.inventory import DeployedServer

SETS = ("auth", "api")
ALL = "all"
HEAD = ("server", "set", "snapshot", "age", "rows", "size", "verdict", "seconds")
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


def names(chosen: str) -> tuple[str, ...]:
    """The data sets of an argument; OperatorError for another name."""
    if chosen in ("", ALL):
        return ()
    if chosen not in SETS:
        raise OperatorError(
            f"there is no data set {chosen!r}; nothing was done.\nNext: write {', '.join(SETS)} or "
            f"{ALL}"
        )
    return (chosen,)


def with_data(
    servers: Sequence[DeployedServer], chosen: Sequence[str]
) -> tuple[DeployedServer, ...]:
    """The servers that have one of the data sets; OperatorError for none."""
    found = tuple(one for one in servers if set(one.roles) & set(chosen or SETS))
    if not found:
        raise OperatorError(f"no server here has the data set {' or '.join(chosen or SETS)}")
    return found


def rows(found: Reports) -> Iterator[tuple[str, ...]]:
    """A row for each snapshot that `bin/backup --list` printed, the oldest first."""
    for server, document in _documents(found):
        for name, one in document["sets"].items():
            for snapshot in one["snapshots"]:
                yield _row(server, name, snapshot, document["time"])


def problems(found: Reports) -> Iterator[str]:
    """Repositories that did not answer, bad backups, and logs that are not whole."""
    for server, document in _documents(found):
        for name, one in document["sets"].items():
            if one["error"]:
                yield f"{server}: {name}: {one['error']}"
            newest = one["snapshots"][-1]["certificate"] if one["snapshots"] else None
            if newest and newest["verdict"] != "ok":
                yield f"{server}: {name}: the newest backup is bad: {newest['text']}"
            ahead = (one for one in one["snapshots"] if one["time"] > document["time"])
            for snapshot in ahead:
                what = f"{server}: {name}: the snapshot {snapshot['id']} of {snapshot['time']}"
                yield f"{what} is from the future: the clock was wrong then, or is now"
            if (log := one.get("log")) and log["problem"]:
                yield f"{server}: {name}: {log['problem']}"


def reach(found: Reports) -> Iterator[str]:
    """The times that can be restored, where the write-ahead log is kept."""
    for server, document in _documents(found):
        for name, one in document["sets"].items():
            if (log := one.get("log")) and log["earliest"]:
                times = f"{log['earliest']} to {log['latest']}"
                yield f"{server}: {name}: fks restore {name} --to TIME reaches from {times}"


def results(found: Reports) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Server and result of each data set that `bin/backup --json` printed."""
    for server, document in _documents(found):
        yield from ((server, one) for one in document["sets"])


def result_line(server: str, one: Mapping[str, Any]) -> str:
    """Such as "api: api: ok, snapshot 1a2b3c4d, 40 rows in 5 tables ..., 12.5 s"."""
    made = one["certificate"]
    text = f"{server}: {one['set']}: {one['result']}"
    if not made:
        return f"{text}: {one['text']}"
    took = sum(made["seconds"].values())
    text = f"{text}: snapshot {made['snapshot']}, {one['text']}, {took:.0f} s"
    if made.get("clock") is False:
        text = f"{text}; the server's clock is not synchronized"
    problem = made.get("log", {}).get("problem")
    return f"{text}; {problem}" if problem else text


def _documents(found: Reports) -> Iterator[tuple[str, Document]]:
    for name, one in found.items():
        if not isinstance(one, Unreachable):
            yield name, one


def _row(server: str, name: str, snapshot: Mapping[str, Any], now: str) -> tuple[str, ...]:
    made = snapshot["certificate"]
    old = age(now, snapshot["time"])
    size = _size(snapshot["bytes"])
    if made is None:
        cells = (old, "-", size, "unproved", "-")
    else:
        took = f"{sum(made['seconds'].values()):.0f}"
        cells = (old, str(made["rows"]), size, made["verdict"], took)
    return (server, name, snapshot["id"], *cells)


def _size(count: int) -> str:
    """In the largest unit of which there is at least one."""
    power = max(0, (count.bit_length() - 1) // 10)
    return f"{count / 1024**power:.0f} {_UNITS[power]}"
