"""Which resources belong to one server, or to one part of it, as patterns for `pulumi --target`.

https://www.pulumi.com/docs/iac/cli/commands/pulumi_up/ (--target accepts * and **)
"""

from collections.abc import Iterator
from enum import StrEnum

from fks_infra.errors import OperatorError
from fks_infra.roles import ROLE_NAMES
from fks_infra.topology.planning import servers_of

ALL = "all"


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


def targets(server: str, part: Part | None, mode: str) -> list[str]:
    """The patterns for a server (or ALL), or for one part of it; none means the whole stack.

    In mode single every role is on one server. OperatorError for an unknown server.
    """
    if server not in (*ROLE_NAMES, ALL):
        raise OperatorError(
            f"SERVER is {server!r}; write one of {', '.join(ROLE_NAMES)}, or {ALL}."
        )
    if server == ALL and part is None:
        return []
    names = [name for name, roles in servers_of(mode).items() if server in (ALL, *roles)]
    found = [pattern for name in names for pattern in _patterns(name, part)]
    needs_secrets = part in (None, Part.SERVICES)
    return ["**fks:infra:Secrets**", *found] if needs_secrets else found


def _patterns(server: str, part: Part | None) -> Iterator[str]:
    component = f"**fks:infra:{server.title()}Server"
    if part is None:
        yield f"{component}**"
        return
    # The parent of a part has to exist before it.
    yield f"{component}::{server}"
    for name in _COMPONENTS[part]:
        yield f"{component}$fks:infra:{name}**"
