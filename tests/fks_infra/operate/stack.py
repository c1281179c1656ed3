"""Deployed stacks for tests."""

from fks_infra.operate.deployed_stack import DeployedStack
from fks_infra.remote.inventory import DeployedServer


def server(name: str, *roles: str) -> DeployedServer:
    """A server with these roles, without one with the role of its name."""
    return DeployedServer(
        name=name,
        roles=roles or (name,),
        instance_id="7",
        address="100.64.0.2",
        host_key="ssh-ed25519 AA",
    )


MULTI = DeployedStack(
    name="prod", servers=tuple(map(server, ("auth", "api", "web"))), deploy_key="canary-key"
)
SINGLE = DeployedStack(
    name="dev", servers=(server("single", "auth", "api", "web"),), deploy_key="canary-key"
)
