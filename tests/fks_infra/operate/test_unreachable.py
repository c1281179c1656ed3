import pytest

from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.inventory import DeployedServer

SERVER = DeployedServer(
    name="web", roles=("web",), instance_id="7", address="100.64.0.2", host_key="ssh-ed25519 AAAA"
)


@pytest.mark.parametrize(
    ("message", "reason", "command"),
    [
        (
            "Host key verification failed.",
            "another machine answers at 100.64.0.2, or the server was installed anew",
            "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
        ),
        (
            "deploy@100.64.0.2: Permission denied (publickey).",
            "the server does not accept fks:deployKey of this stack",
            "ssh-keygen -yf /dev/stdin",
        ),
        (
            "sudo: /usr/local/lib/fks/current/bin/status: command not found",
            "the host scripts on the server are not those of this checkout",
            "pulumi up --stack prod",
        ),
        (
            "the stack's outputs have no host key for it; run pulumi up",
            "the stack's outputs have no SSH host key for the server",
            "pulumi up --stack prod",
        ),
        (
            "ssh: connect to host 100.64.0.2 port 22: No route to host",
            "SSH to 100.64.0.2: No route to host",
            "tailscale status; fks doctor --stack prod",
        ),
    ],
)
def test_the_reason_and_what_to_type_next(message: str, reason: str, command: str) -> None:
    found = Unreachable.of(SERVER, message, "prod")
    assert found.reason.startswith(reason)
    assert command in found.command
