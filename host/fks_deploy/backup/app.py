"""The command line of `bin/backup`."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .. import caller, compose_command, disk_space, interrupts, journal, stops
from ..errors import DeployError, InterruptedDeployError, LockBusyError
from ..exit_codes import code_of
from ..lock import deploy_lock
from ..paths import Paths
from ..shell import Shell
from ..terminal import print_line
from . import data_set, listing
from .data_set import DataSet
from .run import Run, back_up
from .verify import verify

_NICE = 10
_EPILOG = """\
Exit 0: each backup is proved. 1: one failed or is bad; its line says why. 2: invalid option,
nothing was done. 75: another backup runs. With --json, 0 too when the document says "bad"."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    return code_of("backup", lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    paths = Paths(options.root)
    sets = data_set.chosen(paths, options.sets)
    if options.list:
        print(json.dumps(listing.document(paths, Shell.without_log(), options.sets)))
        return 0
    try:
        return _locked(options, paths, sets)
    except LockBusyError as error:
        if not options.json:
            raise
        return _end(options, [_result(one, "failed", str(error)) for one in sets])


def _locked(options: argparse.Namespace, paths: Paths, sets: Sequence[DataSet]) -> int:
    interrupts.catch()
    # For restic; Compose gives the containers a small weight of their own.
    os.nice(max(0, _NICE - os.nice(0)))
    who = caller.name(options.who)
    with deploy_lock(paths.backup_lock, "", who, 0, what="backup") as lock:
        results = [_one(options, paths, lock, who, data) for data in sets]
    return _end(options, results)


def _end(options: argparse.Namespace, results: list[dict[str, Any]]) -> int:
    if options.json:
        print(json.dumps({"sets": results}))
        return 0
    return 0 if all(one["result"] in ("ok", "skipped") for one in results) else 1


def _one(
    options: argparse.Namespace, paths: Paths, lock: int, who: str, data: DataSet
) -> dict[str, Any]:
    """{"set", "result": ok, bad, failed or skipped, "text", "certificate" or None}."""
    if not options.verify and data.name in stops.without_databases(paths):
        stop = stops.load(paths)[data.name]
        return _result(data, "skipped", f"{data.name} is {stop}: nothing changes in it")
    try:
        run = Run(compose_command.of_current(paths, (lock,)), data, _say)
        found = verify(run, deep=options.deep) if options.verify else back_up(run)
    except InterruptedDeployError:
        raise
    except (DeployError, OSError) as error:
        problem = disk_space.explained(error) if isinstance(error, OSError) else error
        _record(paths, who, data, "failed", str(problem))
        return _result(data, "failed", str(problem))
    _record(paths, who, data, found["verdict"], f"snapshot {found['snapshot']}: {found['text']}")
    return {**_result(data, found["verdict"], ""), "text": found["text"], "certificate": found}


def _record(paths: Paths, who: str, data: DataSet, result: str, text: str) -> None:
    journal.record(paths.journal, "backup", who, set=data.name, result=result, text=text)


def _result(data: DataSet, result: str, text: str) -> dict[str, Any]:
    if text:
        _say(f"{data.name} {result}: {text}")
    return {"set": data.name, "result": result, "text": text, "certificate": None}


def _say(line: str) -> None:
    print_line(line, sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="backup",
        description="Back up the data sets of this server, or prove the newest snapshots again.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("sets", nargs="*", metavar="SET", help="auth or api; without it all")
    parser.add_argument("--verify", action="store_true", help="prove the newest snapshots again")
    parser.add_argument("--deep", action="store_true", help="with --verify: read all data")
    parser.add_argument("--list", action="store_true", help="print the snapshots as JSON")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--who", default="", help="who wants it; without it the user of sudo")
    parser.add_argument("--root", type=Path, default=Path("/"), help="directory to use as /")
    return parser
