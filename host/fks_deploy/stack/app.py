"""The command line of `bin/stack`."""

import argparse
import json
import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from .. import caller, interrupts
from ..exit_codes import code_of
from ..output import Output
from ..paths import Paths
from ..redact import Redactor
from ..shell import Shell
from ..timeouts import Timeouts
from . import cleanup
from .session import Session, begin
from .start import start
from .state import state
from .stop import stop

_EPILOG = """\
A stopped stack stays stopped, also after a boot and a deploy, until it is started.
Exit 0: done. 1: failed; the last line says why. 2: invalid option, nothing was changed.
75: a deploy runs. Details: /var/log/fks/deploy.log."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    return code_of("stack", lambda: _run(options))


def _run(options: argparse.Namespace) -> None:
    paths = Paths(options.root)
    if options.command == "state":
        print(json.dumps(state(paths, Shell.without_log())))
    elif options.command == "cleanup-list":
        print(json.dumps(cleanup.found(paths, Shell.without_log())))
    else:
        _change(options, paths)


def _change(options: argparse.Namespace, paths: Paths) -> None:
    os.umask(0o022)
    interrupts.catch()
    timeouts = replace(Timeouts(), lock=options.lock_wait, probe=options.probe_wait)
    output = Output(paths.log, Redactor(()))
    who = caller.name(options.who)
    reason = caller.one_line(options.reason)
    with begin(paths, output, options.roles, who, reason, timeouts) as session:
        if options.command != "cleanup":
            # A dump may take longer.
            signal.alarm(timeouts.deploy)
        _act(options, session)


def _act(options: argparse.Namespace, session: Session) -> None:
    if options.command == "start":
        start(session)
    elif options.command == "stop":
        stop(session, force=options.force)
    else:
        cleanup.clean_up(session, force=options.force)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stack",
        description="Start or stop the stacks of this server, or print their state as JSON.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = ("state", "start", "stop", "cleanup-list", "cleanup")
    parser.add_argument("command", choices=commands)
    parser.add_argument("--roles", default="", help="separated by commas; without it all")
    parser.add_argument("--who", default="", help="who wants it; without it the user of sudo")
    parser.add_argument("--reason", default="", help="why, for others to read")
    parser.add_argument("--force", action="store_true", help="stop and cleanup: kill at once")
    defaults = Timeouts()
    for name, default in (("lock", defaults.lock), ("probe", defaults.probe)):
        parser.add_argument(f"--{name}-wait", type=float, default=default, metavar="SECONDS")
    parser.add_argument("--root", type=Path, default=Path("/"), help="directory to use as /")
    return parser
