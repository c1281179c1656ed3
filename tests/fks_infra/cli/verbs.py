"""The commands of `fks` that talk to the servers of a stack, and how each is called by tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import typer

from fks_infra.cli.app import app


@dataclass(frozen=True, kw_only=True)
class Verb:
    """`words`: a call for all servers it works on; `one`: for the server {server}, empty if it has
    no such argument. `bad`: exit code for a wrong stack or server; `away`: of `words` if the server
    web does not answer, or api where only that is asked (`asks`).

    `lasting`: what the call changes on servers that answer stays, so that a test has to undo it.
    """

    words: str
    one: str = ""
    bad: int = 2
    away: int = 1
    asks: str = "web"
    lasting: bool = False


# By the command's name.
VERBS = {
    # It cannot decide what such a server would report, which is no problem.
    "doctor": Verb(words="doctor", away=0),
    "status": Verb(words="status", one="status {server}"),
    "start": Verb(words="start --status"),
    "stop": Verb(words="stop --status"),
    "drift": Verb(words="drift --no-clouds", one="drift {server} --no-clouds", away=2),
    "repair": Verb(
        words="repair --no-clouds --yes", one="repair {server} --no-clouds --yes", away=2
    ),
    "logs": Verb(words="logs edge --since 1h", one="logs {server}/edge"),
    "ssh": Verb(words="ssh web", one="ssh {server}", bad=255, away=255),
    "exec": Verb(words="exec web/edge -- true", one="exec {server}/x -- true", bad=255, away=255),
    "psql": Verb(words="psql api -- -c 'SELECT 1'", bad=255, away=255, asks="api"),
    "redis": Verb(words="redis cache -- PING", bad=255, away=255, asks="api"),
    "celery": Verb(words="celery", away=2, asks="api"),
    "history": Verb(words="history", one="history {server}"),
    "releases": Verb(words="releases", one="releases {server}"),
    "rollback": Verb(words="rollback web --yes", one="rollback {server} --yes", away=2),
    "rotate": Verb(words="rotate jwt --yes", away=2, asks="api", lasting=True),
    "backup": Verb(words="backup", asks="api"),
    "backups": Verb(words="backups", asks="api"),
    "verify-backup": Verb(words="verify-backup", asks="api"),
    "restore": Verb(
        words="restore api --status", one="restore api --into {server} --status", away=2, asks="api"
    ),
    "lock": Verb(words="lock --reason test", lasting=True),
    "unlock": Verb(words="unlock"),
    "reboot": Verb(words="reboot web --yes", one="reboot {server} --yes", away=2),
    "upgrade postgres": Verb(words="upgrade postgres --role api --yes", away=2, asks="api"),
    # It reads the server auth only.
    "upgrade authentik": Verb(words="upgrade authentik --yes", away=2, asks="auth"),
    "upgrade-os": Verb(words="upgrade-os --check", one="upgrade-os {server} --check"),
    "fit": Verb(words="fit", one="fit {server}"),
    "support-bundle": Verb(words="support-bundle --since 1m", one="support-bundle {server}"),
    "maintenance on": Verb(words="maintenance on", one="maintenance on {server}", lasting=True),
    "maintenance off": Verb(words="maintenance off", one="maintenance off {server}"),
    "migrate single-to-multi": Verb(words="migrate single-to-multi --yes", away=2),
    "migrate multi-to-single": Verb(words="migrate multi-to-single", away=2, asks="api"),
    "migrate status": Verb(words="migrate status", away=0),
    "migrate back": Verb(words="migrate back --yes", away=2),
    "migrate finish": Verb(words="migrate finish --yes", away=2),
}
# They read the stack; the engine talks to the servers, or nobody.
WITHOUT_LOGIN = {
    "up": Verb(words="up web", one="up {server}", bad=1),
    "deploy": Verb(words="deploy web", one="deploy {server}"),
    "scale": Verb(words="scale web g6-standard-1", one="scale {server} g6-standard-1"),
    "open": Verb(words="open", bad=1),
    "adopt-dns": Verb(words="adopt-dns", bad=1),
    "recovery-sheet": Verb(words="recovery-sheet"),
    # Its other server is none of the stack's.
    "migrate from": Verb(words="migrate from ssh://old.example.org --look"),
    # It reads servers that the stack's outputs do not have.
    "recover-state": Verb(words="recover-state"),
    "tailnet policy": Verb(words="tailnet policy", bad=1),
}
# They need no stack but its file, or belong to the workflows (tests/workflows).
OTHERS = ("init", "impact", "github ", "cost", "explain")


def commands() -> Iterator[str]:
    """The names of all commands of the application."""
    yield from _below(typer.main.get_command(app), "")


def _below(command: Any, path: str) -> Iterator[str]:
    """`command` is one of click's, which Typer brings along."""
    if not hasattr(command, "commands"):
        yield path
        return
    for name, one in command.commands.items():
        yield from _below(one, f"{path} {name}".strip())
