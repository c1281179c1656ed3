"""A server as it is planned, and all of them together."""

from collections.abc import Mapping
from dataclasses import dataclass

from fks_infra.clouds.linode_types import Plan
from fks_infra.topology.builds import BuildSpec
from fks_infra.topology.names import HostName, host_prefix
from fks_infra.topology.services import ServiceSpec


@dataclass(frozen=True, kw_only=True)
class ServerSpec:
    """One server. `mode` is the one that has it; `serves` is whether the records of its `names`
    point to it. `zram` is the compressed swap it gets, in MiB; `label` is unique in Linode;
    `nvidia_key` is empty on a server that uses no GPU.
    """

    name: str
    mode: str
    serves: bool
    roles: tuple[str, ...]
    plan: Plan
    label: str
    names: tuple[HostName, ...]
    services: tuple[ServiceSpec, ...]
    builds: tuple[BuildSpec, ...]
    zram: int
    nvidia_key: str
    protect: bool
    generation: int

    @property
    def records(self) -> tuple[HostName, ...]:
        """The names whose records point to it."""
        return self.names if self.serves else ()

    @property
    def memory_limit(self) -> int:
        """The sum of its containers' limits, in MiB."""
        return sum(service.memory for service in self.services)

    @property
    def host_prefix(self) -> str:
        """The first part of its host name in the tailnet; the instance's id follows."""
        return host_prefix(self.name)


@dataclass(frozen=True, kw_only=True)
class Topology:
    """All servers, the domain of each role, and what the operator should know before paying."""

    mode: str
    servers: tuple[ServerSpec, ...]
    domains: Mapping[str, str]
    notices: tuple[str, ...]

    @property
    def serving(self) -> tuple[ServerSpec, ...]:
        """The servers that the records point to: one for each role."""
        return tuple(server for server in self.servers if server.serves)
