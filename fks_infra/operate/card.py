"""What one server reports, as a card of a screen."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from fks_infra.operate import drift_flag
from fks_infra.operate.age import age, seconds
from fks_infra.operate.reports import Document
from fks_infra.operate.unreachable import Unreachable

_BAD, _GOOD = "bold red", ""
_NOT_READ = "not read"
# Seconds by which a clock may have been set back since a backup.
_CORRECTED = 60

# Label, text and style
Line = tuple[str, str, str]


def card(name: str, report: Document | Unreachable) -> RenderableType:
    """The card of a server; of one that was not reached: why, and what to type next."""
    if isinstance(report, Unreachable):
        reason = Text(f"not reached: {report.reason}", style=_BAD)
        return Group(_title(name), reason, Text(f"next: {report.command}"))
    title = name if report["roles"] == [name] else f"{name} ({', '.join(report['roles'])})"
    return Group(_title(title), _lines(report), _container_table(report))


def _title(text: str) -> Rule:
    return Rule(Text(text, style="bold"), align="left", characters="-", style="dim")


def _lines(report: Document) -> Table:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=12, overflow="fold")
    table.add_column(overflow="fold")
    for label, text, style in lines(report):
        table.add_row(Text(label), Text(text, style=style))
    return table


def lines(report: Document) -> Iterator[Line]:
    """What a card says of a server, without its containers."""
    for part in (_deploys, _stops, _services, _system, _restarts):
        yield from part(report)


def _deploys(report: Document) -> Iterator[Line]:
    release, deploy = report["release"], report["deploy"]
    if release:
        deployed = age(report["time"], release["since"])
        yield "release", f"{release['digest'][:12]}, {deployed} ago", _GOOD
    else:
        yield "release", "none", _BAD
    if deploy:
        running = f"{deploy['who']}, for {age(report['time'], deploy['since'])}"
        yield "deploy runs", running, "yellow"
    if lock := report["lock"]:
        yield "locked", f"since {lock['since']}", "yellow"
    if mode := report["maintenance"]:
        yield "maintenance", f"since {mode['since']}", "yellow"


def _stops(report: Document) -> Iterator[Line]:
    for role, stop in report["stopped"].items():
        duration = age(report["time"], stop["since"])
        text = f"{role}, for {duration}, by {stop['who']}"
        yield "stopped", f"{text}: {stop['reason']}" if stop["reason"] else text, "yellow"


def _services(report: Document) -> Iterator[Line]:
    if (health := report["health"]) is None:
        yield "health", _NOT_READ, _BAD
    elif not report["stopped"] or health:
        good = sum(one["healthy"] for one in health)
        style = _GOOD if good == len(health) else _BAD
        yield "health", f"{good} of {len(health)} URLs", style
    if (certificates := report["certificates"]) is None:
        yield "certificates", _NOT_READ, _BAD
    else:
        days = [f"{name} {left:.0f} days" for name, left in certificates.items()]
        yield "certificates", ", ".join(days) or "none", _GOOD


def _restarts(report: Document) -> Iterator[Line]:
    """Those by Docker, after a process ended."""
    counts = {one["service"]: one["restarts"] for one in report["containers"] or []}
    if text := ", ".join(f"{service} {count}" for service, count in counts.items() if count):
        yield "restarts", text, "yellow"


def _system(report: Document) -> Iterator[Line]:
    for one in report["usage"] or []:
        yield _usage(one)
    yield from _backups(report["backup"])
    yield from _restores(report)
    if report["clock"] is not None:
        good = report["clock"]
        yield "clock", "synchronized" if good else "not synchronized", _GOOD if good else _BAD
    pending = bool(report["reboot"])
    yield "reboot", "pending" if pending else "not needed", "yellow" if pending else _GOOD
    yield "updates", *_updates(report["updates"])
    text, good = drift_flag.shown(report["drift"])
    yield "drift", text, _GOOD if good else "yellow"
    yield _alerts(report["watch"])


def _restores(report: Document) -> Iterator[Line]:
    """Those that are not finished."""
    for name, one in (report["restores"] or {}).items():
        yield "restore", f"{name}: {one['state']}, {age(report['time'], one['since'])}", "yellow"


def _updates(found: dict[str, Any] | None) -> tuple[str, str]:
    """Text and style. Those of the Docker engine wait for a person."""
    if found is None:
        return "not known yet", _GOOD
    engine = ", Docker engine" if found["engine"] else ""
    text = f"{len(found['packages'])} pending{engine}" if found["packages"] else "none"
    return text, "yellow" if engine else _GOOD


def _usage(one: dict[str, Any]) -> Line:
    unit, digits = (" %", 0) if one["percent"] else ("", 1)
    value, limit = (f"{number:.{digits}f}{unit}" for number in (one["value"], one["limits"][0]))
    style = _BAD if one["value"] > one["limits"][0] else _GOOD
    return one["name"], f"{value}, limit {limit}", style


def _alerts(watch: dict[str, Any] | None) -> Line:
    if watch is None:
        return "alerts", _NOT_READ, _BAD
    if not watch["webhook"]:
        return "alerts", "no webhook", "yellow"
    if watch["delivery_error"]:
        return "alerts", "not delivered", _BAD
    checked = "not checked yet" if watch["age"] is None else f"checked {seconds(watch['age'])} ago"
    return "alerts", f"on, {checked}", _GOOD


def containers(report: Document) -> Iterator[list[str]]:
    """Name, state, memory and time of each container."""
    for one in report["containers"] or []:
        yield [text.plain for text in _container(one, report["time"])]


def _container_table(report: Document) -> RenderableType:
    if report["containers"] is None:
        return Text("containers: not read", style=_BAD)
    table = Table.grid(padding=(0, 1, 0, 0))
    for width in (14, 9, 6):
        table.add_column(width=width, overflow="fold")
    table.add_column(overflow="fold")
    if not report["containers"]:
        return Text()
    table.add_row(*(Text(name, style="dim") for name in ("container", "state", "memory", "up")))
    for one in report["containers"]:
        table.add_row(*_container(one, report["time"]))
    return table


def _container(one: dict[str, Any], now: str) -> Iterator[Text]:
    running = one["state"] == "running"
    good = running and one["health"] in (None, "healthy")
    yield Text(one["service"])
    yield Text((one["health"] if running else None) or one["state"], style=_GOOD if good else _BAD)
    yield Text(f"{100 * one['memory'] / one['memory_limit']:.0f} %" if one["memory"] else "-")
    yield Text(age(now, one["started"]) if running else "-")


def _backups(found: Mapping[str, Any] | None) -> Iterator[Line]:
    """A line for each data set, and one for a repository that does not survive the server."""
    if found is None:
        return
    for name, one in found["sets"].items():
        yield f"backup {name}", *_backup(one)
    if log := found.get("log"):
        good = not log["problem"]
        text = f"whole since {log['earliest'] or 'now'}" if good else f"BROKEN: {log['problem']}"
        yield "log", text, _GOOD if good else _BAD
    if not found["sets"]:
        yield "backup", "none yet", _GOOD
    elif not found["off_server"]:
        yield "repository", "only this server's disk", "yellow"


def _backup(backup: Mapping[str, Any]) -> tuple[str, str]:
    size = f"{seconds(backup['age'])} old, {backup['bytes'] >> 10} KiB"
    proof = backup["proof"]
    if backup["age"] < -_CORRECTED:
        return f"from the future, {backup['bytes'] >> 10} KiB", _BAD
    if proof is None:
        return f"{size}, unproved", "yellow"
    return (f"{size}, proved", _GOOD) if proof["verdict"] == "ok" else (f"{size}, BAD", _BAD)
