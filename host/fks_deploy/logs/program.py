"""Prints the logs of this server as lines of JSON; `fks logs` reads them."""

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from threading import Event, Thread
from typing import Any

from .. import known_secrets
from ..errors import DeployError
from ..paths import Paths
from ..redact import Redactor
from ..shell import Shell
from . import sources
from .reading import Filter, Following, past
from .sources import Container, Source, Units

_UNIT = "unit:"


def main(paths: Paths, shell: Shell, arguments: Sequence[str]) -> None:
    """One JSON document per line: {"sources": [name]} first, what can be selected; {"error"} if the
    containers cannot be listed; {"time", "source", "text"} for each line of a log, in the order of
    time; with --follow {"following": true}, then the lines that come until standard input ends.
    """
    options, units, now = _options(arguments), sources.units(paths), time.time()
    found, error = _containers(shell)
    _print({"sources": sources.names(found, units)})
    if error:
        _print({"error": error})
    keep = Filter(Redactor(known_secrets.values(paths)), re.compile(options.grep))
    select = partial(_select, options, units)
    for entry in past(select(found), keep, now - options.since, now):
        _print(asdict(entry))
    if options.follow:
        _follow(shell, select, keep, now)


def _follow(
    shell: Shell, select: Callable[[Sequence[Container]], list[Source]], keep: Filter, since: float
) -> None:
    _print({"following": True})

    def search() -> list[Source]:
        return select([one for one in _containers(shell)[0] if one.state == "running"])

    following = Following(keep, lambda entry: _print(asdict(entry)), since)
    following.run(search, _end_of_input())


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="logs", description=__doc__)
    parser.add_argument("--since", type=float, default=600.0, help="seconds before now")
    parser.add_argument("--grep", default="", help="a regular expression")
    parser.add_argument("--follow", action="store_true")
    parser.add_argument("--units", action="store_true", help="all units too")
    parser.add_argument("names", nargs="*", help="services, and units as unit:NAME")
    return parser.parse_args(arguments)


def _containers(shell: Shell) -> tuple[list[Container], str]:
    try:
        return sources.containers(shell), ""
    except DeployError as error:
        return [], f"containers cannot be listed: {error}"


def _select(
    options: argparse.Namespace, units: Sequence[str], found: Sequence[Container]
) -> list[Source]:
    """Without names all containers, and no unit."""
    names = {*options.names}
    chosen = [one for one in found if not names or {one.service, one.group} & names]
    named = tuple(name for name in units if options.units or f"{_UNIT}{name}" in names)
    return [*chosen, *([Units(named)] if named else [])]


def _end_of_input() -> Event:
    """Set when standard input ends: `fks` has ended, or the connection."""
    ended = Event()

    def read() -> None:
        sys.stdin.read()
        ended.set()

    Thread(target=read, daemon=True).start()
    return ended


def _print(document: Mapping[str, Any]) -> None:
    print(json.dumps(document), flush=True)
