"""The DNS names of a stack."""

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
