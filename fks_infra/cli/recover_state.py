"""`fks recover-state`: puts into a new state what only the servers and the clouds still have.

It can be interrupted and run again: what the state has already is left out.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence

from fks_infra.cli.progress import waiting_for
from fks_infra.cli.prompt import confirmed
from fks_infra.cli.servers import CANNOT_TELL, DONE, INCOMPLETE
from fks_infra.clouds.cloudflare import Cloudflare
from fks_infra.components.dns_records import record_specs
from fks_infra.components.secrets import BACKUP_PASSWORD
from fks_infra.config import stack_files
from fks_infra.config.pulumi_cli import pulumi
from fks_infra.doctor import stack_info
from fks_infra.errors import OperatorError
from fks_infra.preflight.cloud_calls import cloud_call
from fks_infra.preflight.state import StateSnapshot, snapshot
from fks_infra.recovery import import_file, lost_servers, server_secrets, state_secrets
from fks_infra.recovery.import_file import Row
from fks_infra.recovery.text import fingerprint
from fks_infra.remote.inventory import DeployedServer
from fks_infra.remote.key_file import key_file
from fks_infra.roles import ROLES

_SECRETS = [*(secret.name for role in ROLES for secret in role.secrets), BACKUP_PASSWORD.name]
# The program's own settings decide about the protection; until then nothing deletes the records.
_OPTIONS = ("--generate-code=false", "--yes", "--skip-preview", "--protect")


def run(stack: str, *, yes: bool) -> int:
    """Returns 0, 1 if the import ended halfway, 2 if nothing was changed."""
    stack = stack or pulumi("stack", "--show-name").strip()
    state = snapshot(json.loads(pulumi("stack", "export", "--stack", stack)))
    if all(state.has_resource(f"secrets-{name}") for name in _SECRETS):
        sys.stdout.write(_complete(stack))
        return DONE
    mode, tag = stack_files.read(stack, "mode", "tailnetTag")
    with waiting_for("looking for the servers"):
        servers = lost_servers.find(stack.rpartition("/")[2], mode, tag, os.environ)
    _show(servers)
    if not confirmed(f"Read their secrets into the state of stack {stack}?", yes=yes):
        return CANNOT_TELL
    return _import(stack, servers, state)


def _complete(stack: str) -> str:
    return (
        f"The state of stack {stack} has every generated secret; nothing was changed.\n"
        f"Next: pulumi preview --stack {stack}\n"
    )


def _show(servers: Sequence[DeployedServer]) -> None:
    for one in servers:
        key = fingerprint(one.host_key)
        sys.stdout.write(f"{one.name}: Linode {one.instance_id}, {one.address}, host key {key}\n")
    sys.stdout.write(
        "The recovery sheet has the host keys; a key that differs is another machine.\n"
    )


def _import(stack: str, servers: Sequence[DeployedServer], state: StateSnapshot) -> int:
    with waiting_for("reading secrets and records"):
        with key_file(pulumi("config", "get", "fks:deployKey", "--stack", stack)) as key:
            secrets = server_secrets.read(servers, key)
        records = _records(stack, state)
    with waiting_for("writing the state"):
        try:
            _write(stack, secrets, records)
        except OperatorError as error:
            sys.stderr.write(_failed(stack, str(error), secrets))
            return INCOMPLETE
    sys.stdout.write(
        f"{len(secrets)} secrets and {len(records)} DNS records are in the state of stack {stack}. "
        f"pulumi up imports instances and firewalls, and runs bootstrap and deploy again.\n"
        f"Next: pulumi preview --stack {stack}; then pulumi up --stack {stack}\n"
    )
    return DONE


def _records(stack: str, state: StateSnapshot) -> list[Row]:
    info = stack_info.read(stack)
    cloudflare, names = Cloudflare.from_environ(os.environ), [host.fqdn for host in info.names]
    zone = cloud_call(lambda: cloudflare.zone_records(info.zone, names))
    specs = record_specs(info.names, info.short_name, info.caa_issuer)
    return import_file.record_rows(zone.id, zone.records, specs, state)


def _write(stack: str, secrets: Mapping[str, str], records: Sequence[Row]) -> None:
    """The values go through a pipe: no file and no command line has them unencrypted."""
    of_stack = ("--stack", stack)
    text = json.dumps(import_file.document(records))
    pulumi("import", "--file", "/dev/stdin", *of_stack, *_OPTIONS, stdin=text)
    export = json.loads(pulumi("stack", "export", *of_stack))
    pulumi("stack", "import", *of_stack, stdin=json.dumps(state_secrets.add(export, secrets)))


def _failed(stack: str, message: str, secrets: Mapping[str, str]) -> str:
    for value in secrets.values():
        message = message.replace(value, "***")
    return f"{message}\nThe servers are unchanged.\nNext: fks recover-state --stack {stack}\n"
