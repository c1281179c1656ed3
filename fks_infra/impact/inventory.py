"""What a checkout puts on each server, as one JSON document.

`fks impact` runs this module of two checkouts and compares the documents, so a change of their
form raises FORMAT. Run as: python -m fks_infra.impact.inventory STACK
"""

import json
import sys
from pathlib import Path
from typing import Any

from fks_infra.config.plans import COPIED, PLANS, Plans
from fks_infra.config.settings import Settings
from fks_infra.errors import OperatorError, raise_operator_errors
from fks_infra.impact.digests import digest, digest_of
from fks_infra.impact.host_parts import host_parts
from fks_infra.impact.server_parts import server_parts
from fks_infra.impact.stack_file import StackFile, stack_file
from fks_infra.paths import PROJECT_ROOT
from fks_infra.release.files import host_files
from fks_infra.topology.planning import declared_servers, plan_topology
from fks_infra.topology.servers import Topology

FORMAT = 1
# Exit code: the stack file is invalid, and the error says how.
INVALID = 2
# What declares resources and is not described by the rest of the document.
_PROGRAM = (
    "__main__.py",
    "requirements.txt",
    "fks_infra/declare.py",
    "fks_infra/components/*.py",
    "fks_infra/preflight/*.py",
)


def inventory(stack: str) -> dict[str, Any]:
    """The document; OperatorError for a stack file that pulumi would reject too."""
    found = stack_file(stack)
    raise_operator_errors(_unknown_plans(found.settings))
    return inventory_of(found)


def inventory_of(found: StackFile, plans: Plans = PLANS) -> dict[str, Any]:
    """The document of settings whose plans are all in `plans`; OperatorError where one does not
    fit.
    """
    settings = found.settings
    topology, host = plan_topology(settings, plans), host_parts(host_files())
    return {
        "format": FORMAT,
        "stack": settings.stack,
        "mode": settings.mode,
        "priced": COPIED,
        "settings": found.values,
        "secrets": found.secrets,
        "missing": list(found.missing),
        "request": _request(found),
        "connection": digest_of([settings.deploy_via, found.secrets.get("deployKey")]),
        "program": _program(PROJECT_ROOT),
        "records": _records(topology, settings),
        "host": vars(host),
        "servers": {
            server.name: server_parts(topology, settings, server, host)
            for server in topology.servers
        },
    }


def empty(stack: str) -> dict[str, Any]:
    """The document of a checkout that does not have the stack."""
    nothing: dict[str, Any] = {"missing": [], "request": "", "connection": "", "priced": COPIED}
    keys = ("settings", "secrets", "program", "records", "host", "servers")
    return {"format": FORMAT, "stack": stack, "mode": "", **nothing, **{key: {} for key in keys}}


def _unknown_plans(settings: Settings) -> list[str]:
    return [
        f"fks:plan.{server} is {settings.plan[server]!r}, which the copy of Linode's plans of "
        f"{COPIED} does not have; fks impact uses no network. Add it to fks_infra/config/plans.py, "
        f"or let pulumi preview show the change."
        for server in declared_servers(settings)
        if settings.plan[server] not in PLANS
    ]


def _request(found: StackFile) -> str:
    """Of what every deploy request has beside generated secrets and addresses."""
    secrets = {name: value for name, value in found.secrets.items() if name != "deployKey"}
    return digest_of([secrets, found.values["acmeEabKeyId"], found.values["registries"]])


def _program(root: Path) -> dict[str, str]:
    paths = sorted(path for pattern in _PROGRAM for path in root.glob(pattern))
    return {path.relative_to(root).as_posix(): digest(path.read_bytes()) for path in paths}


def _records(topology: Topology, settings: Settings) -> dict[str, Any]:
    """Resource name to record, as components/dns_records.py declares them."""
    records: dict[str, Any] = {}
    for server in topology.servers:
        for host in server.records:
            common = {"name": host.fqdn, "zone": settings.zone}
            records[f"dns-{host.key}"] = {"type": "A", **common, "server": server.name}
            if host.is_apex and settings.caa_issuer:
                records["dns-caa"] = {"type": "CAA", **common, "issuer": settings.caa_issuer}
    return records


def main() -> int:
    """Print the document, or one paragraph with the error; returns the exit code."""
    try:
        document = inventory(sys.argv[1])
    except OperatorError as error:
        sys.stderr.write(f"{error}\n")
        return INVALID
    sys.stdout.write(json.dumps(document))
    return 0


if __name__ == "__main__":
    sys.exit(main())
