"""Which resources belong to one server, or to one part of it, as patterns for `pulumi --target`.

https://www.pulumi.com/docs/iac/cli/commands/pulumi_up/ (--target accepts * and **)
"""

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum

from fks_infra.errors import OperatorError
from fks_infra.roles import ROLE_NAMES
from fks_infra.topology.planning import servers_of

ALL = "all"
# What a deploy needs of the stack beside the server's own parts.
_SHARED = ("**fks:infra:Secrets**", "**fks:infra:BackupBucket**")
_RECORD, _DEPLOY = "cloudflare:index/dnsRecord:DnsRecord::", "-stack-deploy"


class Part(StrEnum):
    """MACHINE: firewall, tailnet key, instance, join. SETUP: the bootstrap over SSH. SERVICES: the
    deploy of the release, and the DNS records.
    """

    MACHINE = "machine"
    SETUP = "setup"
    SERVICES = "services"


_COMPONENTS = {
    Part.MACHINE: ("Machine", "Join"),
    Part.SETUP: ("Bootstrap",),
    Part.SERVICES: ("ComposeStack", "DnsRecords"),
}


def targets(server: str, part: Part | None, mode: str, state: str = "{}") -> list[str]:
    """The patterns for a server (or ALL), or for one part of it; none means the whole stack.

    In mode single every role is on one server. `state` is what `pulumi stack export` prints: the
    services of `first_deployed` servers are added. OperatorError for an unknown server.
    """
    if server not in (*ROLE_NAMES, ALL):
        raise OperatorError(
            f"SERVER is {server!r}, which no server is called. Nothing was changed.\n"
            f"Next: write one of {', '.join(ROLE_NAMES)}, or {ALL}"
        )
    if server == ALL and part is None:
        return []
    names = [name for name, roles in servers_of(mode).items() if server in (ALL, *roles)]
    found = [pattern for name in names for pattern in _patterns(name, part)]
    added = [name for name in first_deployed(state) if part is not None or name not in names]
    found += [pattern for name in added for pattern in _patterns(name, Part.SERVICES)]
    deploys = added or part in (None, Part.SERVICES)
    return list(dict.fromkeys([*_SHARED, *found] if deploys else found))


def with_first_deployed(urns: Sequence[str], state: str) -> list[str]:
    """These resources, and what the engine needs beside them: see `first_deployed`."""
    servers = first_deployed(state)
    added = [pattern for name in servers for pattern in _patterns(name, Part.SERVICES)]
    return [*(_SHARED if added else ()), *added, *urns]


def first_deployed(state: str) -> list[str]:
    """The servers that only one update has deployed so far, and those they depend on.

    A first deploy comes after the records that it depends on, a later one before them. An engine
    that leaves such a deploy out takes its records over from the state, and fails when the program
    declares them afterwards ("Duplicate resource URN", seen with 3.259.0).
    """
    found: dict[str, None] = {}
    for resource in (json.loads(state).get("deployment") or {}).get("resources") or ():
        records = [urn for urn in resource.get("dependencies") or () if _RECORD in urn]
        if resource["urn"].endswith(_DEPLOY) and records:
            found |= dict.fromkeys(_server_of(urn) for urn in (resource["urn"], *records))
    return list(found)


def _server_of(urn: str) -> str:
    """urn:pulumi:prod::fks::fks:infra:ApiServer$... is of the server api."""
    return urn.partition("::fks:infra:")[2].partition("Server")[0].lower()


def _patterns(server: str, part: Part | None) -> Iterator[str]:
    component = f"**fks:infra:{server.title()}Server"
    if part is None:
        yield f"{component}**"
        return
    # The parent of a part has to exist before it.
    yield f"{component}::{server}"
    for name in _COMPONENTS[part]:
        yield f"{component}$fks:infra:{name}**"
