"""`fks rotate deploy-key`: a new SSH key beside the old one, then only the new one.

Each step can be interrupted. Until the new key is stored, a later run makes another one; from then
on it finishes this rotation. No server loses the key that is configured.
"""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace

from fks_infra.cli import pulumi_run, up
from fks_infra.cli.errors import exit_code
from fks_infra.cli.progress import waiting_for
from fks_infra.cli.servers import CANNOT_TELL, DONE, INCOMPLETE, Servers, unreached_errors
from fks_infra.config import deploy_key_pair, stack_files
from fks_infra.delivery.targets import ALL
from fks_infra.errors import OperatorError, raise_operator_errors
from fks_infra.operate import person
from fks_infra.operate.reports import Document
from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.inventory import DeployedServer
from fks_infra.remote.key_file import key_file
from fks_infra.remote.offered_keys import still_accepted
from fks_infra.rotate import deploy_keys

_AGAIN = "fks rotate deploy-key"
_OLD = "The configuration has the old key, which every server still accepts"
_NEW = (
    "The configuration has the new key, which every server accepts; the old one may not be removed "
    "everywhere"
)


def run(servers: Servers, confirm: Callable[[str], bool]) -> int:
    """Returns 0, 1 if it is not complete, 2 if nothing was changed."""
    key, file = servers.ssh_key(), stack_files.file_name(servers.stack)
    found = _call(servers, "Nothing was changed", "show")
    current = deploy_key_pair.fingerprint(key)
    _say(*deploy_keys.plan(found, current, file))
    if not confirm(f"Rotate deploy-key of stack {servers.stack}?"):
        return CANNOT_TELL
    with exit_code(INCOMPLETE):
        try:
            if deploy_keys.unfinished(found, current):
                return _finish(servers)
            return _new_key(servers)
        except KeyboardInterrupt:
            raise OperatorError(
                f"interrupted. Every server still accepts the configured key.\nNext: {_AGAIN}"
            ) from None


def _new_key(servers: Servers) -> int:
    pair = deploy_key_pair.new_pair(servers.stack)
    _change(servers, _OLD, "add", pair.public)
    _say("The new key is on every server.")
    with key_file(pair.private) as file:
        new = replace(servers, key=file)
        _check_newest(_call(new, _OLD, "show"), deploy_key_pair.fingerprint(file))
        _say("Every server accepts it.")
        deploy_key_pair.store(servers.stack, pair)
        _say(f"It is stored in {stack_files.file_name(servers.stack)}.")
        return _finish(new)


def _check_newest(found: Mapping[str, Document], fingerprint: str) -> None:
    raise_operator_errors(
        f"{name} has a newer key than the one that was added: another {_AGAIN} runs. {_OLD}.\n"
        f"Next: wait until it has ended, then {_AGAIN}"
        for name, one in found.items()
        if [*one["keys"]][-1] != fingerprint
    )


def _finish(servers: Servers) -> int:
    """With the key that is configured, which every server accepts."""
    public = deploy_key_pair.public_of(servers.ssh_key())
    _complete(servers.stack, public)
    _up(servers.stack)
    found = _change(servers, _NEW, "only", public)
    _say("No server has another key of deploy any more.")
    _prove(servers, found)
    _change(servers, "The removed keys are refused; only the record of them is left", "refused")
    _say(
        f"Commit {stack_files.file_name(servers.stack)}: from another checkout nothing can log in."
    )
    return DONE


def _complete(stack: str, public: str) -> None:
    """Store the public half where a run was killed between the two halves."""
    (stored,) = stack_files.read(stack, "deployPublicKey")
    if (stored or "").split()[:2] != public.split()[:2]:
        deploy_key_pair.store_public(stack, public)


def _up(stack: str) -> None:
    """The key is an input of all commands on servers, which run again and change nothing."""
    if pulumi_run.run(up.command(ALL, None, stack, ["--yes", "--skip-preview"])) != 0:
        raise OperatorError(
            f"pulumi up failed; its output says why. The configuration has the new key, and every "
            f"server accepts the old one as well.\nNext: mend the cause, then {_AGAIN}, which "
            f"finishes this rotation"
        )


def _prove(servers: Servers, found: Mapping[str, Document]) -> None:
    """OperatorError for a removed key that still opens a server."""
    for server in servers.servers:
        report = found[server.name]
        with waiting_for(f"offering the removed keys: {server.name}"):
            taken = _still_accepted(server, report)
        if taken:
            raise OperatorError(
                f"{server.name} still accepts {', '.join(taken)}, which is not in the files of "
                f"deploy any more. {_NEW}.\nNext: sudo sshd -T | grep -i authorizedkeys, on "
                f"{server.name}; then {_AGAIN}"
            )
        names = ", ".join(report["removed"]) or "no key, because none was removed"
        _say(f"{server.name} refuses {names}.")


def _still_accepted(server: DeployedServer, report: Document) -> list[str]:
    try:
        return still_accepted(server, report["keys"], report["removed"])
    except OSError as error:
        raise OperatorError(
            f"{server.name}: {error}. {_NEW}.\nNext: fks doctor; then {_AGAIN}"
        ) from None


def _change(servers: Servers, state: str, command: str, public: str = "") -> Mapping[str, Document]:
    who = person.name(os.environ)
    return _call(servers, state, command, "--who", who, *(["--key", public] if public else []))


def _call(servers: Servers, state: str, *arguments: str) -> Mapping[str, Document]:
    """Run the program on all servers; OperatorError with `state` where one did not do it."""
    found = servers.run(deploy_keys.KEYS, deploy_keys.PROGRAM, *arguments)
    raise_operator_errors(unreached_errors(found, state, _AGAIN))
    return {name: one for name, one in found.items() if not isinstance(one, Unreachable)}


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    # pulumi writes to the same place.
    sys.stdout.flush()
