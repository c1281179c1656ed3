"""`fks history`: what happened on all servers, as one timeline."""

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from functools import partial

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fks_infra.cli.servers import code_of, connected, plain, show_unreached, write_json
from fks_infra.doctor.background import begin
from fks_infra.errors import OperatorError
from fks_infra.operate.reports import Reports
from fks_infra.operate.since import seconds
from fks_infra.operate.timeline import KEYS, Event, damage, timeline
from fks_infra.operate.unreachable import Unreachable
from fks_infra.operate.updates import LAST, updates


def run(stack: str, names: Sequence[str], since: str, *, as_json: bool) -> int:
    """Print the timeline; returns 0, 1 if a server was not reached, 2 if none was."""
    first = start(since, datetime.now(UTC))
    with connected(stack, names) as servers:
        history = begin(partial(_operations, servers.stack))
        found = servers.run(KEYS, "history", *(["--since", first] if first else []))
    events, warnings = _merged(found, history, first)
    if as_json:
        write_json(_document(servers.stack, found, events, warnings))
    else:
        _show(Console(highlight=False), events)
        for warning in warnings:
            Console(stderr=True).print(warning, style="yellow", markup=False, soft_wrap=True)
        show_unreached(found)
    return code_of(found)


def _operations(stack: str) -> str:
    """What Pulumi did with the stack, as it prints it; nothing on a server."""
    if not stack:
        return "[]"
    # Servers do not have it.
    from fks_infra.config.pulumi_cli import pulumi

    last = ("--page-size", str(LAST), "--stack", stack)
    return pulumi("stack", "history", "--json", *last)


def _merged(
    found: Reports, history: "Future[str]", first: str
) -> tuple[Sequence[Event], Sequence[str]]:
    """The events of servers and of Pulumi, oldest first, and the warnings."""
    events, warnings = timeline(found), damage(found)
    try:
        events += updates(history.result(), first)
    except OperatorError as error:
        warnings.append(f"Pulumi's history is not shown: {error}")
    return sorted(events, key=lambda one: one.time), warnings


def start(since: str, now: datetime) -> str:
    """`since` as a time in UTC, "" for "": an age or a time, as operate/since.py reads it."""
    if not since:
        return ""
    time = now - timedelta(seconds=seconds(since, now))
    return time.astimezone(UTC).isoformat(timespec="seconds")


def _document(
    stack: str, found: Reports, events: Sequence[Event], warnings: Sequence[str]
) -> dict[str, object]:
    """{"stack", "events": [{"server", "time", "kind", ...}], "warnings": [text], "unreached":
    {server: {"reason", "command"}}}.

    An event is one of host/fks_deploy/history.py, or of the server "stack" and of Pulumi's history:
    {"who", "result", "message", "commit"}.
    """
    unreached = {name: one for name, one in found.items() if isinstance(one, Unreachable)}
    return {
        "stack": stack,
        "events": [{"server": one.server, **one.entry} for one in events],
        "warnings": warnings,
        "unreached": plain(unreached),
    }


def _show(console: Console, events: Sequence[Event]) -> None:
    """Each event in two columns, which fold in a narrow terminal."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in events:
        time = Text(f"{one.time:%Y-%m-%d %H:%M:%S}", style="dim")
        text = f"{one.server}: {one.kind}: {one.text}"
        table.add_row(time, Text(text, style="red" if one.failed else ""))
    console.print(table if events else "no events")
