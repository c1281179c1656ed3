"""`fks upgrade-os`: the packages of the servers, one server after the other."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from fks_infra.cli.prompt import confirmed
from fks_infra.cli.reboot import accepted_problems, reboot
from fks_infra.cli.servers import (
    DONE,
    INCOMPLETE,
    Servers,
    code_of,
    connected,
    plain,
    show_unreached,
    unreached_errors,
)
from fks_infra.errors import OperatorError, raise_operator_errors
from fks_infra.operate import person
from fks_infra.operate.boots import Machine
from fks_infra.operate.reports import STATUS, Document, Reports
from fks_infra.operate.streaming import stream
from fks_infra.operate.table import plain_table
from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.command import CONNECT_SECONDS
from fks_infra.remote.host_scripts import host_program
from fks_infra.remote.ssh import command_line

_PROGRAM = "upgrade-os"
_KEYS = ("packages", "engine", "unconfigured", "reboot", "time")
# Seconds: the lists of all package sources, or a status while services start; all packages
_CHECK, _APPLY = 400.0, 3600.0
_SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The options of the command."""

    check: bool
    reboot: bool
    force: bool
    yes: bool


def run(stack: str, names: Sequence[str], choice: Choice) -> int:
    """Show what would change, prompt, and upgrade; returns the exit code."""
    with connected(stack, names) as found:
        reports = found.run(_KEYS, _PROGRAM, "check", seconds=_CHECK)
        plans = {name: one for name, one in reports.items() if not isinstance(one, Unreachable)}
        _show(plans)
        show_unreached(reports)
        if choice.check or len(plans) < len(reports):
            return code_of(reports)
        due = [name for name, one in reversed(plans.items()) if _due(one, choice)]
        if not due:
            sys.stdout.write("nothing to do\n")
            return DONE
        if not confirmed(_question(due, plans, choice), yes=choice.yes):
            raise OperatorError("nothing was changed")
        return _upgrade_all(found, due, choice)


def _due(plan: Document, choice: Choice) -> bool:
    return bool(plan["packages"] or plan["unconfigured"] or (plan["reboot"] and choice.reboot))


def _question(due: Sequence[str], plans: Reports, choice: Choice) -> str:
    engines = [name for name in due if plans[name]["engine"]]  # type: ignore[index]
    text = f"Upgrade {', then '.join(due)}?"
    if engines:
        text += f" The containers of {', '.join(engines)} may restart."
    return text + (" A server that needs it is rebooted." if choice.reboot else "")


def _upgrade_all(found: Servers, due: Sequence[str], choice: Choice) -> int:
    """One after the other; ends with 1 at the first that fails."""
    servers = {server.name: server for server in found.servers}
    for number, name in enumerate(due):
        machine = Machine(server=servers[name], stack=found.stack, key=found.ssh_key())
        try:
            code = _upgrade(found, machine, choice)
        except OperatorError as error:
            sys.stderr.write(f"{error}\n")
            code = INCOMPLETE
        except KeyboardInterrupt:
            text = f"interrupted: {name} goes on with what was begun"
            sys.stderr.write(f"{text}\nNext: fks status {name}; fks upgrade-os {name}\n")
            code = INCOMPLETE
        if code != DONE:
            rest = ", ".join(due[number + 1 :])
            sys.stderr.write(f"nothing was changed on {rest}\n" if rest else "")
            return code
    return DONE


def _upgrade(found: Servers, machine: Machine, choice: Choice) -> int:
    accepted = accepted_problems(machine, force=choice.force)
    command = host_program(_PROGRAM, "apply", "--who", person.name(os.environ))
    ssh = command_line(machine.server, machine.key, command, CONNECT_SECONDS)
    ended = stream(ssh, lambda line: _line(f"{machine.name}: {line}"), _APPLY)
    if ended.code != 0:
        raise OperatorError(
            f"{machine.name}: the upgrade failed: {ended.error}\n"
            f"Next: fks status {machine.name}; fks upgrade-os {machine.name} goes on where it ended"
        )
    pending = _pending_reboot(found, machine.name)
    if pending and choice.reboot:
        return reboot(machine, f"after an upgrade: {', '.join(pending)}", accepted)
    machine.wait_healthy(accepted, _line)
    rest = f", a reboot is pending: {', '.join(pending)}" if pending else ""
    _line(f"{machine.name}: upgraded and healthy{rest}")
    return DONE


def _pending_reboot(found: Servers, name: str) -> Sequence[str]:
    """By the status, because a check downloads the package lists again."""
    after = found.only(name).run(STATUS.keys, "status", seconds=_CHECK)
    raise_operator_errors(unreached_errors(after, "Its packages are upgraded"))
    return [reason for one in plain(after).values() for reason in one["reboot"] or ()]


def _show(plans: Reports) -> None:
    rows = [
        (name, _packages(one), ", ".join(one["reboot"]) or "not needed")
        for name, one in plans.items()
        if not isinstance(one, Unreachable)
    ]
    Console(highlight=False).print(plain_table(("server", "packages", "reboot"), rows))


def _packages(plan: Document) -> str:
    rows = [
        f"{one['package']} {one['installed'] or 'new'} -> {one['candidate']}"
        for one in plan["packages"]
    ]
    more = [f"{len(rows) - _SHOWN} more"] if len(rows) > _SHOWN else []
    left = [f"{name}: not configured" for name in plan["unconfigured"]]
    return "\n".join([*left, *rows[:_SHOWN], *more]) or "up to date"


def _line(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
