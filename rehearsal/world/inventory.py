"""Reads a stack's outputs as one row per server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def server_rows(outputs: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return one row per server of the outputs of `pulumi stack output --json`.

    Keys: name, plan, roles, serves (the names point to it), public_ip, tailnet_ip, names, urls,
    health_urls, monthly_cost ($). The health URLs are those of the application, not of nginx.
    """
    return [
        {
            "name": name,
            "plan": server["plan"],
            "roles": server["roles"],
            "serves": server["serves"],
            "public_ip": server["publicAddress"],
            "tailnet_ip": server["address"],
            "names": server["names"],
            "urls": [outputs["urls"][role] for role in server["roles"]],
            "health_urls": [f"{outputs['healthUrls'][role]}/deep" for role in server["roles"]],
            "monthly_cost": float(outputs["monthlyCost"]["servers"][name]),
        }
        for name, server in outputs["inventory"]["servers"].items()
    ]
