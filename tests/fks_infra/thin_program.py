"""The program without what needs a running server: secrets, machines and records, as in declare.py.

Takes the place of `__main__.py` where a test wants to see the real engine decide.
"""

import pulumi

from fks_infra.components.dns_records import DnsRecords, DnsRecordsArgs
from fks_infra.components.machine import Machine, MachineArgs
from fks_infra.components.secrets import Secrets
from fks_infra.config import settings as configuration
from fks_infra.config.settings import Settings
from fks_infra.declare import COMPONENTS, other_owner
from fks_infra.preflight.preflight import Preflight, run_preflight
from fks_infra.topology.planning import ServerSpec, plan_topology


class Thin(pulumi.ComponentResource):
    """A server component with the real one's type, name and URNs below it."""

    def __init__(self, server: ServerSpec, settings: Settings, preflight: Preflight) -> None:
        super().__init__(COMPONENTS[server.name].TYPE, server.name, None, None)
        child = pulumi.ResourceOptions(parent=self)
        arguments = MachineArgs(server=server, settings=settings, preflight=preflight)
        machine = Machine(f"{server.name}-machine", arguments, child)
        address = pulumi.Config("test").get("address") or "100.64.0.9"
        records = DnsRecordsArgs(
            zone_id=preflight.zone_id,
            names=server.names,
            address=machine.instance_id.apply(lambda _: address),
            caa_issuer=settings.caa_issuer,
            other_owner=other_owner(server.name),
            stack=settings.stack,
            state=preflight.state,
        )
        DnsRecords(f"{server.name}-dns", records, child).settle(machine)
        self.register_outputs({})


def main() -> None:
    settings, _ = configuration.load()
    topology = plan_topology(settings)
    preflight = run_preflight(topology, settings)
    Secrets("secrets", protect=settings.protect)
    for server in topology.servers:
        Thin(server, settings, preflight)


if __name__ == "__main__":
    main()
