"""The names of a stack: in the DNS, in Linode (labels), in the tailnet (host names)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fks_infra.roles import ROLES, apex_role


@dataclass(frozen=True, kw_only=True)
class HostName:
    """A name in the DNS. `key` names the record in Pulumi and is the same in both modes."""

    key: str
    role: str
    fqdn: str

    @property
    def is_apex(self) -> bool:
        """Whether it is the domain itself."""
        return self.key == apex_role().name


def host_names(domain: str, extra_names: Sequence[str]) -> tuple[HostName, ...]:
    """Every name of a stack on this domain; the extra labels belong to the domain's own role."""
    return (
        *(HostName(key=role.name, role=role.name, fqdn=fqdn(role.label, domain)) for role in ROLES),
        *(
            HostName(key=f"extra-{label}", role=apex_role().name, fqdn=fqdn(label, domain))
            for label in extra_names
        ),
    )


def fqdn(label: str, domain: str) -> str:
    """The label below the domain; without a label the domain itself."""
    return f"{label}.{domain}" if label else domain


def server_label(stack: str, server: str) -> str:
    """The label of a server's Linode and firewall."""
    return f"fks-{stack}-{server}"


def host_prefix(server: str) -> str:
    """The first part of a server's host name in the tailnet."""
    return f"fks-{server}"


def instance_id_in(hostname: str) -> str | None:
    """The id of the Linode instance in a host name of `host_name`; None for any other name."""
    matched = re.fullmatch(rf"{host_prefix('[a-z]+')}-(\d+)", hostname)
    return matched[1] if matched else None


def host_name(server: str, instance_id: str) -> str:
    """The host name in the tailnet. It is unique, so Tailscale appends no `-1` after a rebuild."""
    return f"{host_prefix(server)}-{instance_id}"
