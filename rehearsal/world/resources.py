"""Lists the resources in the stand-in clouds and in Docker that belong to stacks."""

from __future__ import annotations

from typing import Any

import docker

from rehearsal.world import docker_api as api
from rehearsal.world.cloud_control import CloudControl
from rehearsal.world.names import container_name
from rehearsal.world.tailnet import OPERATOR_TAG

# The world's own containers, which stay between scenarios.
PARTS = ("acme", "apt", "registry", "cloud", "control", "operator")


def cloud_counts(control: CloudControl) -> dict[str, int]:
    """Return how many instances, firewalls, servers' devices and records the clouds have."""
    tailnet, zones = control.state("tailscale"), control.state("cloudflare")
    return {
        "instances": len(control.api("GET", "linode/instances")["data"]),
        "firewalls": len(control.api("GET", "networking/firewalls")["data"]),
        "devices": len(_server_devices(tailnet["devices"])),
        "records": len(zones["records"]),
    }


def remaining(control: CloudControl, client: docker.DockerClient) -> list[str]:
    """Return a line for each resource in the clouds, and for each container and volume of one."""
    tailnet, zones = control.state("tailscale"), control.state("cloudflare")
    parts = {container_name(part) for part in PARTS}
    containers = client.containers.list(all=True, filters=api.mine())
    volumes = client.volumes.list(filters=api.mine("fks.linode"))
    return [
        *(f"instance {row['label']}" for row in control.api("GET", "linode/instances")["data"]),
        *(f"firewall {row['label']}" for row in control.api("GET", "networking/firewalls")["data"]),
        *(f"device {row['hostname']}" for row in _server_devices(tailnet["devices"])),
        *(f"auth key {row['id']}" for row in tailnet["keys"]),
        *(f"record {row['name']}" for row in zones["records"]),
        *(f"container {row.name}" for row in containers if row.name not in parts),
        *(f"volume {row.name}" for row in volumes),
    ]


def _server_devices(devices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in devices if OPERATOR_TAG not in row["tags"]]
