"""The command line of `bin/upgrade-data`."""

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .. import caller, interrupts
from ..compose import Compose
from ..compose_command import of_current
from ..errors import InputError
from ..exit_codes import code_of
from ..output import Output, now
from ..paths import Paths
from ..redact import Redactor
from ..stack.session import Session, begin
from ..timeouts import Timeouts
from . import back, databases, finish, record, rehearse, trains
from .copy import copy
from .record import Record

_EPILOG = """\
status prints JSON. rehearse copies beside the running services, migrates the copy with the image
--authentik, and removes it. copy fills a new volume from the old one, with maintenance on and the
clients stopped, and waits for the deploy that declares it; back undoes that; finish removes the old
volume.
Exit 0: done. 1: failed, the old data is in service; the last line says why. 2: invalid option or
state, nothing was changed. 75: a deploy runs. Details: /var/log/fks/deploy.log."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    return code_of("upgrade-data", lambda: _run(options))


def _run(options: argparse.Namespace) -> None:
    paths = Paths(options.root)
    if options.command == "status":
        print(json.dumps(status(paths, options.service, options.to)))
        return
    os.umask(0o022)
    interrupts.catch()
    who = caller.name(options.who)
    output = Output(paths.log, Redactor(()))
    with begin(paths, output, "", f"{who} (fks upgrade)", "", Timeouts()) as session:
        _act(options, session)


def _act(options: argparse.Namespace, session: Session) -> None:
    if options.command == "copy":
        copy(session, options.service, options.image, options.volume, options.authentik)
    elif options.command == "rehearse":
        text = rehearse.rehearse(session, options.service, options.image, options.authentik)
        session.output.show(text)
    elif options.command == "finish":
        session.output.show(finish.finish(session, options.service))
    else:
        session.output.show(_go_back(session, options.service))


def _go_back(session: Session, service: str) -> str:
    entry = record.load(session.paths, service)
    if entry is None:
        return f"{service}: there is nothing to undo"
    if not entry.pending:
        raise InputError(
            f"{service} serves with {entry.target.volume} since an upgrade at {entry.since}: what "
            f"was written since would be lost. Nothing was changed. To go back all the same, "
            f"restore a backup (fks restore)"
        )
    back.go_back(session.compose, entry, session.who, session.timeouts)
    return back.sentence(entry)


def status(paths: Paths, service: str, to: str = "") -> dict[str, Any]:
    """{"service", "data": {"volume", "image", "version"}, "clients": [service], "upgrade": the
    record or null, "authentik": {"image", "version", "next": the train after it or "", "refusal":
    why the version `to` cannot follow, or ""} or null, "time"}. Error: InputError for another
    service."""
    compose = of_current(paths)
    found = databases.find(compose, service)
    entry = record.load(paths, service)
    return {
        "authentik": _authentik(compose, entry, to) if service == trains.DATABASE else None,
        "service": service,
        "data": asdict(found.data),
        "clients": list(found.clients),
        "upgrade": asdict(entry) if entry else None,
        "time": now(),
    }


def _authentik(compose: Compose, entry: Record | None, to: str) -> dict[str, str]:
    """While an upgrade is pending the database that runs may be the copy: its version is not
    read."""
    version = entry.authentik if entry and entry.pending else trains.read(compose)
    return {
        "image": trains.image(compose),
        "version": version,
        "next": trains.following(version) if version else "",
        "refusal": trains.refusal(version, to) if version and to else "",
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="upgrade-data",
        description="Copy a PostgreSQL's data for another version of it, or of Authentik; run by "
        "`fks upgrade`.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=("status", "rehearse", "copy", "back", "finish"))
    parser.add_argument("service", help="as in compose.yaml: api-postgres, auth-postgres")
    parser.add_argument("--image", default="", help="rehearse, copy: the new image")
    parser.add_argument("--volume", default="", help="copy: the new volume, as in compose.yaml")
    parser.add_argument("--authentik", default="", help="rehearse, copy: Authentik's new image")
    parser.add_argument("--to", default="", help="status: the version of Authentik to check")
    parser.add_argument("--who", default="", help="who wants it; without it the user of sudo")
    parser.add_argument("--root", type=Path, default=Path("/"), help="directory to use as /")
    return parser
