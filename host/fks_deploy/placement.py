"""Which services and names of a server belong to which of its stacks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .stops import Stop


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

    def all_stopped(self, stopped: Mapping[str, Stop]) -> bool:
        """Whether the server runs nothing while the stacks of these roles are stopped."""
        whole = {role for role, stop in stopped.items() if not stop.keeps}
        return bool(self.roles) and set(self.roles) <= whole

    def is_stopped(self, service: str, stopped: Mapping[str, Stop]) -> bool:
        """Whether a service is not to run while these are stopped; the edge while all are."""
        return self.all_stopped(stopped) or any(
            service in self.services.get(role, ()) and service not in stop.keeps
            for role, stop in stopped.items()
        )

    def is_silent(self, host: str, stopped: Mapping[str, Stop]) -> bool:
        """Whether nothing answers at a name while these are stopped."""
        return self.all_stopped(stopped) or host in (self.domains.get(role) for role in stopped)
