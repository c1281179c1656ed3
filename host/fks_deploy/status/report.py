"""The status of this server as one document."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .. import env_file, stops
from ..errors import DeployError
from ..paths import Paths
from ..shell import Shell
from ..watch import settings, state
from ..watch.context import Context
from ..watch.history import OVER_AFTER, Entry
from ..watch.problem import Problem
from ..watch.services import answer_key
from ..watch.settings import Settings
from ..watch.utc import iso
from .parts import PARTS, Found

# Seconds, for one command
_TIMEOUT = 5.0
# Without a release nothing has a limit.
_UNDEPLOYED = Settings(cpu=100, memory=100, project="", certificates=(), own=(), peers=())
_ERRORS = (DeployError, OSError, ValueError, LookupError, TypeError, AttributeError)
_COMMANDS = {"containers": "systemctl status docker; sudo journalctl -u docker"}


def report(paths: Paths, shell: Shell, now: float) -> dict[str, Any]:
    """Changes nothing. Times are in UTC as in ISO 8601; a part that cannot be read is None, and one
    of the problems says why.

    {"server", "roles": [role], "time",
    "release": {"digest", "since"} or None before the first deploy,
    "deploy": {"who", "since", "digest", "pid"} of a running deploy, or None,
    "last_deploy": {"time", "who", "digest", "result", "error"} or None,
    "lock": {"who", "since", "reason"} of `fks lock`, or None,
    "maintenance": {"who", "since", "message"} while it is on, or None,
    "stopped": {role: {"since", "who", "reason", "keeps"}} as stops.Stop has it,
    "containers", without those of stopped stacks: [{"service", "state", "health" or None,
    "restarts", "started", "memory" and "memory_limit" in bytes, None while it does not run}],
    "health": [{"url", "healthy"}], the own roles through the edge,
    "usage": [{"name", "value", "limits", "percent"}], the load in processes,
    "certificates": {name: days that it is valid},
    "failed_units": [unit], "clock": whether it is synchronized, None in a container,
    "backup": as `backup.newest` returns it, "reboot": [reason],
    "restores": {data set: {"state", "since", "aside" in bytes}} of those that are not finished,
    "updates": as watch/updates.py, or None,
    "drift": {"time", "age", "deviations" and "unknown": counts, "first": ["KIND NAME"], "reasons"}
    of the last check, or None,
    "watch": as watch/report.py, "problems": [{"text", "command": the one to type next, "since" or
    None when the watch has not seen it, "alerted"}]}"""
    role = env_file.parse(paths.role.read_text()) if paths.role.exists() else {}
    used, problems = _settings(paths)
    context = Context(paths, shell, used, state.load(paths.watch), now, _TIMEOUT)
    parts = _read(context)
    problems += [problem for found in parts.values() for problem in found.problems]
    problems += _peers(context)
    return {
        "server": role.get("SERVER", ""),
        "roles": [name for name in role.get("ROLES", "").split(",") if name],
        "time": iso(now),
        **{name: found.value for name, found in parts.items()},
        "problems": [_entry(context, problem) for problem in problems],
    }


def _settings(paths: Paths) -> tuple[Settings, list[Problem]]:
    command = "pulumi up"
    try:
        if found := settings.load(paths):
            return found, []
        text = "nothing is deployed"
        if stops.load(paths):
            text = f"{text} since fks stop --cleanup-all"
            command = f"{stops.deploy_again(paths)}; fks start"
    except DeployError as error:
        text = str(error)
    return _UNDEPLOYED, [Problem("release", text, command)]


def _read(context: Context) -> dict[str, Found]:
    """All parts at the same time: most of them wait for other programs."""
    with ThreadPoolExecutor(max_workers=len(PARTS)) as pool:
        futures = {name: pool.submit(_part, name, context) for name in PARTS}
        return {name: future.result() for name, future in futures.items()}


def _part(name: str, context: Context) -> Found:
    try:
        return PARTS[name](context)
    except _ERRORS as error:
        text = f"{name.replace('_', ' ')} cannot be read: {error or type(error).__name__}"
        command = _COMMANDS.get(name, "sudo /usr/local/lib/fks/current/bin/watch")
        return Found(None, (Problem(f"check {name}", text, command),))


def _peers(context: Context) -> Iterator[Problem]:
    """What the last run of the watch found: a server that does not answer would delay this one."""
    for probe in context.settings.peers:
        if entry := _known(context, answer_key(probe)):
            yield Problem(answer_key(probe), entry.text, entry.command)


def _entry(context: Context, problem: Problem) -> dict[str, Any]:
    known = _known(context, problem.key)
    return {
        "text": problem.text,
        "command": problem.command,
        "since": iso(known.since) if known else None,
        "alerted": known.alerted if known else False,
    }


def _known(context: Context, key: str) -> Entry | None:
    """The problem in the history of the watch, while it lasts."""
    entry = context.state.history.problems.get(key)
    return entry if entry and context.now - entry.seen < OVER_AFTER else None
