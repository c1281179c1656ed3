"""The program without the parts that need a running server: secrets, machines, records and bucket.

Replaces `__main__.py` in tests of the real engine's decisions.
"""

import pulumi

from fks_infra.components.backup_bucket import BackupBucket, BackupBucketArgs
from fks_infra.components.destroy_guard import DestroyGuard
from fks_infra.components.dns_records import DnsRecords, DnsRecordsArgs
from fks_infra.components.machine import Machine, MachineArgs
from fks_infra.components.secrets import Secrets, SecretsArgs
from fks_infra.components.servers import component_type, other_owners
from fks_infra.config import settings as configuration
from fks_infra.config.settings import Settings
from fks_infra.interrupt import exit_on_interrupt
from fks_infra.preflight.preflight import Preflight, run_preflight
from fks_infra.topology.keep import address_ttl
from fks_infra.topology.planning import plan_topology
from fks_infra.topology.servers import ServerSpec


class ThinServer(pulumi.ComponentResource):
    """A server component with the real one's type, name and URNs below it."""

    def __init__(self, server: ServerSpec, settings: Settings, preflight: Preflight) -> None:
        super().__init__(component_type(server.name), server.name, None, None)
        child = pulumi.ResourceOptions(parent=self)
        arguments = MachineArgs(server=server, settings=settings, preflight=preflight)
        machine = Machine(f"{server.name}-machine", arguments, child)
        address = pulumi.Config("test").get("address") or "100.64.0.9"
        records = DnsRecordsArgs(
            zone_id=preflight.zone_id,
            names=server.records,
            address=machine.instance_id.apply(lambda _: address),
            ttl=address_ttl(settings),
            caa_issuer=settings.caa_issuer,
            other_owners=other_owners(server.name),
            stack=settings.stack,
            state=preflight.state,
        )
        DnsRecords(f"{server.name}-dns", records, child).update_existing(machine)
        self.register_outputs({})


def main() -> None:
    exit_on_interrupt()
    settings, credentials = configuration.load()
    topology = plan_topology(settings)
    preflight = run_preflight(topology, settings, credentials.ssh_key)
    secrets = Secrets("secrets", SecretsArgs(rotation=settings.rotation, protect=settings.protect))
    if settings.bucket:
        bucket = BackupBucketArgs(bucket=settings.bucket, settings=settings, preflight=preflight)
        pulumi.export("access", BackupBucket("backup", bucket).access)
    servers = [ThinServer(server, settings, preflight) for server in topology.servers]
    DestroyGuard("destroy-guard", after=[secrets, *servers], protect=settings.protect)


if __name__ == "__main__":
    main()
