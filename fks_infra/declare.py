"""The topology as Pulumi resources."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from fks_infra.components.backup_bucket import BackupBucket, BackupBucketArgs
from fks_infra.components.destroy_guard import DestroyGuard
from fks_infra.components.secrets import Secrets, SecretsArgs
from fks_infra.components.servers import ServerArgs, ServerComponent, server_component
from fks_infra.components.verify import Verify, VerifyArgs
from fks_infra.config.settings import Credentials, Settings
from fks_infra.preflight.preflight import Preflight, run_preflight
from fks_infra.release import bundle
from fks_infra.release.files import host_files, release_files
from fks_infra.topology.cost import monthly_cost
from fks_infra.topology.flows import has_flow
from fks_infra.topology.servers import Topology


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What the stack outputs are made of."""

    servers: tuple[ServerComponent, ...]
    cost: Mapping[str, Any]
    secrets: Secrets
    bucket: BackupBucket | None


def declare(topology: Topology, settings: Settings, credentials: Credentials) -> Declared:
    """Declare every resource of the stack."""
    for notice in topology.notices:
        pulumi.log.warn(notice)
    preflight = run_preflight(topology, settings, credentials.ssh_key)
    secrets = Secrets("secrets", SecretsArgs(rotation=settings.rotation, protect=settings.protect))
    bucket = _bucket(settings, preflight)
    backup = _backup(credentials, secrets, bucket)
    scripts = bundle.write(host_files())
    servers: list[ServerComponent] = []
    for server in topology.servers:
        args = ServerArgs(
            spec=server,
            settings=settings,
            credentials=credentials,
            scripts=scripts,
            release=bundle.write(release_files(topology, settings, server)),
            secrets=secrets.by_role,
            backup=backup,
            preflight=preflight,
            # A role calls only roles that come before it.
            peers=[peer for peer in servers if has_flow(server.roles, peer.spec.roles)],
        )
        servers.append(server_component(args))
    guarded: list[pulumi.Resource] = [secrets, *([bucket] if bucket else []), *servers]
    if settings.deploy_via == "tailnet":
        guarded.append(Verify("verify", VerifyArgs(topology=topology, servers=servers)))
    else:
        pulumi.log.warn("fks:deployVia is public: nothing is verified from outside the tailnet.")
    DestroyGuard("destroy-guard", after=guarded, protect=settings.protect)
    cost = monthly_cost(topology, settings)
    return Declared(servers=tuple(servers), cost=cost, secrets=secrets, bucket=bucket)


def _bucket(settings: Settings, preflight: Preflight) -> BackupBucket | None:
    if settings.bucket is None:
        return None
    args = BackupBucketArgs(bucket=settings.bucket, settings=settings, preflight=preflight)
    return BackupBucket("backup", args)


def _backup(
    credentials: Credentials, secrets: Secrets, bucket: BackupBucket | None
) -> pulumi.Output[dict[str, str]]:
    """The repository as the deploy request has it, with its password."""
    access = bucket.access if bucket else pulumi.Output.from_input({})
    known = pulumi.Output.all(credentials.backup, access, secrets.backup_password)
    return known.apply(lambda found: {**found[0], **found[1], "password": found[2]})
