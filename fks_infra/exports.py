"""What the stack tells: for people, and the inventory for the command line."""

from typing import Any

from fks_infra.config.settings import Settings
from fks_infra.declare import Declared
from fks_infra.topology.planning import Topology


def exports(topology: Topology, settings: Settings, declared: Declared) -> dict[str, Any]:
    """Stack outputs by name; only `adminPassword` is secret."""
    urls = {role: f"https://{domain}" for role, domain in topology.domains.items()}
    return {
        "addresses": {server.server.name: server.address for server in declared.servers},
        "urls": urls,
        "healthUrls": {role: f"{url}/health" for role, url in urls.items()},
        "monthlyCost": declared.cost,
        "inventory": {
            "mode": topology.mode,
            "domain": settings.domain,
            "zone": settings.zone,
            "deployVia": settings.deploy_via,
            "servers": {s.server.name: _entry(s) for s in declared.servers},
        },
        "adminPassword": declared.secrets.admin_password,
    }


def _entry(component: Any) -> dict[str, Any]:
    server = component.server
    return {
        "roles": list(server.roles),
        "label": server.label,
        "plan": server.plan.id,
        "generation": server.generation,
        "instanceId": component.instance_id,
        "address": component.address,
        "publicAddress": component.public_address,
        "names": [host.fqdn for host in server.names],
        "release": component.release.digest,
    }
