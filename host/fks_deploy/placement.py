"""Which services and names of a server belong to which of its stacks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Placement:
    """`services` and `domains` are by role. The edge is in no stack: it serves all of them."""

    roles: tuple[str, ...] = ()
    services: Mapping[str, list[str]] = field(default_factory=dict)
    domains: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> "Placement":
        """From release.json; one of an older version of the program lacks `services`."""
        services, domains = document.get("services", {}), document.get("domains", {})
        return cls(tuple(document.get("roles", ())), services, domains)

    def all_stopped(self, stopped: Collection[str]) -> bool:
        """Whether the server runs nothing while the stacks of these roles are stopped."""
        return bool(self.roles) and set(self.roles) <= set(stopped)

    def is_stopped(self, service: str, stopped: Collection[str]) -> bool:
        """Whether a service is not to run while these are stopped; the edge while all are."""
        own = (self.services.get(role, ()) for role in stopped)
        return self.all_stopped(stopped) or any(service in names for names in own)

    def is_silent(self, host: str, stopped: Collection[str]) -> bool:
        """Whether nothing answers at a name while these are stopped."""
        return self.all_stopped(stopped) or host in (self.domains.get(role) for role in stopped)
