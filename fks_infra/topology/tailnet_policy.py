"""Who may connect to whom in the tailnet: the servers' tags and the policy for them.

The program never applies a policy: Tailscale keeps one for the whole tailnet, and the servers'
part must be merged into it by whoever owns the rest.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fks_infra.limits import EDGE_PORT, SSH_PORT
from fks_infra.roles import ROLE_NAMES
from fks_infra.topology.flows import FLOWS

ADMINS = "autogroup:admin"

Policy = dict[str, Any]


def role_tag(tag: str, role: str) -> str:
    """The tag of a server that carries a role, e.g. `tag:fks-api`."""
    return f"{tag}-{role}"


def server_tags(tag: str, roles: Sequence[str]) -> list[str]:
    """The tags of a server, one for each of its roles."""
    return [role_tag(tag, role) for role in roles]


def policy(tag: str, operators: Sequence[str]) -> Policy:
    """The servers' part of a tailnet's policy, in Tailscale's own form (grants).

    `tag` is what the OAuth client carries; it owns the servers' tags. `operators` are policy
    sources: users, groups or tags.
    """
    servers = server_tags(tag, ROLE_NAMES)
    grants = [_grant(operators, servers, SSH_PORT, EDGE_PORT)]
    for source in dict.fromkeys(flow.source for flow in FLOWS):
        targets = [role_tag(tag, flow.target) for flow in FLOWS if flow.source == source]
        grants.append(_grant([role_tag(tag, source)], targets, EDGE_PORT))
    return {"tagOwners": _owners(tag, servers, operators), "grants": grants, "tests": _tests(tag)}


def _owners(tag: str, servers: Sequence[str], operators: Sequence[str]) -> dict[str, list[str]]:
    mine = {tag: [ADMINS], **{server: [tag] for server in servers}}
    return mine | {name: [ADMINS] for name in operators if name.startswith("tag:")}


def _grant(sources: Sequence[str], targets: Sequence[str], *ports: int) -> dict[str, list[str]]:
    return {"src": [*sources], "dst": [*targets], "ip": [f"tcp:{port}" for port in ports]}


def _tests(tag: str) -> list[dict[str, Any]]:
    """What Tailscale itself checks at every change of the policy, also of somebody else's part."""
    flows: Mapping[str, list[str]] = {
        role: [flow.target for flow in FLOWS if flow.source == role] for role in ROLE_NAMES
    }
    return [
        {
            "src": role_tag(tag, role),
            "proto": "tcp",
            "accept": [f"{role_tag(tag, peer)}:{EDGE_PORT}" for peer in flows[role]],
            "deny": [
                f"{role_tag(tag, peer)}:{port}"
                for peer in ROLE_NAMES
                if peer != role
                for port in (SSH_PORT, *(() if peer in flows[role] else (EDGE_PORT,)))
            ],
        }
        for role in ROLE_NAMES
    ]
