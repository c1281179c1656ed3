"""The command line of `bin/transfer`."""

import argparse
import ipaddress
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from .. import caller, compose_command, interrupts, server_addresses, stops
from ..compose import Compose
from ..errors import InputError
from ..exit_codes import code_of
from ..output import Output, now
from ..paths import Paths
from ..redact import Redactor
from ..stack.session import begin
from ..timeouts import Timeouts
from . import data_set, dumps, files, foreign_files, gate
from .data_set import DataSet

_EPILOG = """\
state prints sizes as JSON. close refuses writes: 503 at the edge, what makes tasks stopped, an
empty queue, read-only databases; open undoes it. hold is for the server that gets the data:
its databases run, and nothing uses them. dump makes a dump and prints its files as JSON; send and
receive copy one by standard output and input, send-files and receive-files the volumes of a set.
addresses records where the roles will be, as ROLE=ADDRESS, for the containers that an exchange
starts. Of a server that has no fks: receive-volume SET VOLUME puts a tar of files beside a volume's
own, for the next restore of the set; discard drops what arrived and is in no restore.
Exit 0: done. 1: failed; the last line says why. 2: invalid option, nothing was changed. 75: a
deploy runs."""
_GATE = ("close", "open", "hold")
_STREAMS = ("send", "receive", "send-files", "receive-files", "receive-volume")
_COMMANDS = (*_GATE, *_STREAMS, "discard", "state", "dump", "addresses")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    run = _change if options.command in _GATE else _copy
    return code_of("transfer", lambda: run(options, Paths(options.root)))


def _change(options: argparse.Namespace, paths: Paths) -> None:
    os.umask(0o022)
    interrupts.catch()
    who = caller.name(options.who)
    timeouts = replace(Timeouts(), lock=options.lock_wait)
    with begin(paths, Output(paths.log, Redactor(())), "", who, "", timeouts) as session:
        chosen = data_set.find(session.compose, options.names)
        if options.command == "close":
            gate.close(session, chosen, options.drain, leave_tasks=options.leave_tasks)
        elif options.command == "open":
            gate.open_again(session, chosen)
        else:
            gate.hold(session, chosen)


def _copy(options: argparse.Namespace, paths: Paths) -> None:
    os.umask(0o077)
    names = options.names
    if options.command == "send":
        dumps.send(paths, _only(names))
    elif options.command == "receive":
        print(dumps.receive(paths, _only(names), options.bytes, options.sha256))
    elif options.command == "addresses":
        server_addresses.record(paths, dict(_address(text) for text in names))
    elif options.command == "state":
        print(json.dumps(state(paths, names)))
    elif options.command == "receive-volume":
        name, *volumes = names or [""]
        compose, data = _found(paths, name)
        foreign_files.receive(compose, data, _only(volumes), options.bytes)
    else:
        _of_set(options.command, *_found(paths, _only(names)))


def _found(paths: Paths, name: str) -> tuple[Compose, DataSet]:
    compose = compose_command.of_current(paths)
    (data,) = data_set.find(compose, [name])
    return compose, data


def _of_set(command: str, compose: Compose, data: DataSet) -> None:
    if command == "dump":
        print(json.dumps(dumps.make(compose, data)))
    elif command == "send-files":
        files.send(compose, data)
    elif command == "receive-files":
        files.receive(compose, data)
    else:
        foreign_files.discard(compose, data)


def state(paths: Paths, names: list[str]) -> dict[str, Any]:
    """{"time", "closed": {"since", "maintenance"} or None, "free": bytes, "sets": {name: {as
    data_set.facts, "files": bytes of its volumes}}}, without those of stopped stacks.
    Error: InputError, CommandFailedError."""
    compose, stopped = compose_command.of_current(paths), stops.without_databases(paths)
    found = [one for one in data_set.find(compose, names) if one.name not in stopped]
    sets = {
        one.name: {**data_set.facts(compose, one), "files": files.size(compose, one)}
        for one in found
    }
    return {
        "time": now(),
        "closed": gate.read(paths),
        "free": shutil.disk_usage(paths.backups).free if paths.backups.exists() else 0,
        "sets": sets,
    }


def _address(text: str) -> tuple[str, str]:
    role, _, address = text.partition("=")
    try:
        return role, str(ipaddress.ip_address(address))
    except ValueError:
        raise InputError(f"{text!r} is no ROLE=ADDRESS, such as api=100.64.0.7") from None


def _only(names: list[str]) -> str:
    if len(names) != 1:
        raise InputError(f"one name is needed, and there are {len(names)}")
    return names[0]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="transfer",
        description="Close this server for writes, and copy its data as streams.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=_COMMANDS)
    parser.add_argument("names", nargs="*", metavar="NAME", help="data sets, or a file of a dump")
    parser.add_argument("--bytes", type=int, default=0, help="receive: the size of the file")
    parser.add_argument(
        "--sha256",
        default="",
        help="receive: the checksum of the file; end: the stream ends with it",
    )
    parser.add_argument("--drain", type=float, default=300, help="close: seconds for the queue")
    parser.add_argument(
        "--leave-tasks", action="store_true", help="close: tasks that wait then are not moved"
    )
    parser.add_argument("--who", default="", help="who wants it; without it the user of sudo")
    parser.add_argument("--lock-wait", type=float, default=Timeouts().lock, metavar="SECONDS")
    parser.add_argument("--root", type=Path, default=Path("/"), help="directory to use as /")
    return parser
