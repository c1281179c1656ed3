"""Lists the resources in the stand-in clouds and in Docker that belong to stacks."""

from __future__ import annotations

from typing import Any, Protocol

import docker

from rehearsal.world import docker_api as api
from rehearsal.world.names import container_name
from rehearsal.world.tailnet import OPERATOR_TAG

# The world's own containers, which stay between scenarios.
PARTS = ("acme", "apt", "registry", "cloud", "control", "operator")


class CloudReader(Protocol):
    """Reads the stand-in clouds: everything in one of them, and answers of the Linode API."""

    def state(self, cloud: str, /) -> dict[str, Any]: ...

    def api(self, method: str, path: str, /) -> Any: ...


def cloud_counts(clouds: CloudReader) -> dict[str, int]:
    """Return how many instances, firewalls, servers' devices and records the clouds have."""
    tailnet, zones = clouds.state("tailscale"), clouds.state("cloudflare")
    return {
        "instances": len(clouds.api("GET", "linode/instances")["data"]),
        "firewalls": len(clouds.api("GET", "networking/firewalls")["data"]),
        "devices": len(_server_devices(tailnet["devices"])),
        "records": len(zones["records"]),
    }


def remaining_in_clouds(clouds: CloudReader) -> list[str]:
    """Return a line for each resource in the clouds."""
    tailnet, zones = clouds.state("tailscale"), clouds.state("cloudflare")
    return [
        *(f"instance {row['label']}" for row in clouds.api("GET", "linode/instances")["data"]),
        *(f"firewall {row['label']}" for row in clouds.api("GET", "networking/firewalls")["data"]),
        *(f"device {row['hostname']}" for row in _server_devices(tailnet["devices"])),
        *(f"auth key {row['id']}" for row in tailnet["keys"]),
        *(f"record {row['name']}" for row in zones["records"]),
    ]


def remaining_in_docker(client: docker.DockerClient) -> list[str]:
    """Return a line for each container and volume of a server."""
    parts = {container_name(part) for part in PARTS}
    containers = client.containers.list(all=True, filters=api.mine())
    volumes = client.volumes.list(filters=api.mine("fks.linode"))
    return [
        *(f"container {row.name}" for row in containers if row.name not in parts),
        *(f"volume {row.name}" for row in volumes),
    ]


def _server_devices(devices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in devices if OPERATOR_TAG not in row["tags"]]
