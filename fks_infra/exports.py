"""The stack outputs: addresses and URLs for people, the inventory for `fks`."""

from typing import Any

from fks_infra.components.servers import ServerComponent
from fks_infra.config.settings import Settings
from fks_infra.declare import Declared
from fks_infra.topology.servers import Topology


def exports(topology: Topology, settings: Settings, declared: Declared) -> dict[str, Any]:
    """Stack outputs by name; only those of `Secrets` are secret."""
    urls = {role: f"https://{domain}" for role, domain in topology.domains.items()}
    return {
        "addresses": {server.spec.name: server.address for server in declared.servers},
        "urls": urls,
        "healthUrls": {role: f"{url}/health" for role, url in urls.items()},
        "monthlyCost": declared.cost,
        "inventory": {
            "mode": topology.mode,
            "domain": settings.domain,
            "zone": settings.zone,
            "deployVia": settings.deploy_via,
            "servers": {server.spec.name: _entry(server) for server in declared.servers},
        },
        **({"backupRepository": declared.bucket.repository} if declared.bucket else {}),
        **declared.secrets.outputs,
    }


def _entry(component: ServerComponent) -> dict[str, Any]:
    server = component.spec
    return {
        "roles": list(server.roles),
        "label": server.label,
        "plan": server.plan.id,
        "generation": server.generation,
        "instanceId": component.instance_id,
        "address": component.address,
        "hostKey": component.host_key,
        "publicAddress": component.public_address,
        "publicIpv6Address": component.public_ipv6_address,
        "names": [host.fqdn for host in server.names],
        "release": component.digest,
        "serves": server.serves,
    }
