"""The command line of `bin/restore`."""

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from .. import caller, interrupts, stack_lock, stops
from ..errors import DeployError
from ..exit_codes import code_of
from ..output import Output
from ..paths import Paths
from ..redact import Redactor
from ..stack.session import Session, begin
from ..timeouts import Timeouts
from ..transfer import data_set, foreign_files
from . import exchange, prepare, state, target
from .source import Choice

_EPILOG = """\
prepare restores a dump into a second database, and of a snapshot also the files, while the present
ones serve; exchange puts them into service, and puts the present ones back if they are not healthy.
undo does so later, finish drops the data that are not in service. After an interruption the same
command goes on.
Exit 0: done. 1: failed; the last line says why and which data serve. 2: invalid option, nothing was
changed. 75: a deploy runs. Details: /var/log/fks/deploy.log."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    return code_of("restore", lambda: _run(options))


def _run(options: argparse.Namespace) -> None:
    paths = Paths(options.root)
    if options.command == "state":
        print(json.dumps(state.document(paths, options.set)))
    else:
        _change(options, paths)


def _change(options: argparse.Namespace, paths: Paths) -> None:
    os.umask(0o022)
    interrupts.catch()
    defaults = Timeouts()
    timeouts = replace(
        defaults, lock=options.lock_wait, healthy=options.healthy_wait, probe=options.probe_wait
    )
    who = caller.name(options.who)
    output = Output(paths.log, Redactor(()))
    with begin(paths, output, options.set, who, "", timeouts) as session:
        _check_started(session, options.set)
        _act(options, session)


def _check_started(session: Session, name: str) -> None:
    """Error: DeployError for a locked or stopped stack, with nothing changed."""
    stack_lock.check(session.paths)
    if name in stops.without_databases(session.paths):
        stop = stops.load(session.paths)[name]
        raise DeployError(
            f"the stack {name} is {stop}, so its database does not run. Nothing was changed: "
            f"fks start --{name}, then the same again"
        )


def _act(options: argparse.Namespace, session: Session) -> None:
    found = target.find(session.compose, options.set)
    if options.command == "prepare":
        choice = Choice(options.dump, options.snapshot, options.to, options.queue)
        prepare.prepare(session, found, choice)
    elif options.command == "exchange":
        exchange.exchange(session, found)
    elif options.command == "undo":
        exchange.undo(session, found)
    else:
        exchange.finish(session, found)
        foreign_files.discard(session.compose, *data_set.find(session.compose, [found.name]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="restore",
        description="Restore the data of a data set of this server.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("set", choices=("auth", "api"))
    commands = ("state", "prepare", "exchange", "undo", "finish")
    parser.add_argument("command", choices=commands)
    parser.add_argument("--dump", default="", help="prepare: a file of /var/backups/fks/postgres")
    parser.add_argument("--snapshot", default="", help="prepare: of the repository, or latest")
    parser.add_argument("--to", default="", help="prepare: a time in UTC, as 2026-11-27T14:03:00Z")
    queue = "prepare: the waiting tasks of the snapshot too"
    parser.add_argument("--queue", action="store_true", help=queue)
    parser.add_argument("--who", default="", help="who wants it; without it the user of sudo")
    defaults = Timeouts()
    waits = {"lock": defaults.lock, "healthy": defaults.healthy, "probe": defaults.probe}
    for name, default in waits.items():
        parser.add_argument(f"--{name}-wait", type=float, default=default, metavar="SECONDS")
    parser.add_argument("--root", type=Path, default=Path("/"), help="directory to use as /")
    return parser
