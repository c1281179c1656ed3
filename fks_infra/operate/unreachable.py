"""A server that did not report its state: why, and what to type next."""

import re
from dataclasses import dataclass

from fks_infra.remote.inventory import DeployedServer

# What ssh writes before the reason; the address is in ours.
_PREFIX = re.compile(r"^ssh: (connect to host \S+ port \d+: )?")
_OTHER_SCRIPTS = (
    "the host scripts on the server are not those of this checkout",
    "pulumi up --stack {stack}",
)
# What the last line of ssh or sudo, or our own message, contains; then the reason and the command.
_REASONS = (
    (
        "Host key verification failed",
        "another machine answers at {address}, or the server was installed anew: its SSH host key "
        "is not the one in the stack's outputs, so nothing was sent to it",
        "on Linode's Lish console: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub; compare with: "
        "pulumi stack output inventory --stack {stack}",
    ),
    (
        "Permission denied",
        "the server does not accept fks:deployKey of this stack",
        "pulumi config get fks:deployKey --stack {stack} | ssh-keygen -yf /dev/stdin; compare with "
        "/home/deploy/.ssh/authorized_keys on Linode's Lish console",
    ),
    ("command not found", *_OTHER_SCRIPTS),
    ("missing ", *_OTHER_SCRIPTS),
    (
        "no host key",
        "the stack's outputs have no SSH host key for the server",
        "pulumi up --stack {stack}",
    ),
)

# On the server itself
_OPERATOR = "pulumi up, on the operator's machine"
_HERE = "systemctl --failed; sudo tail -n 50 /var/log/fks/bootstrap.log"


@dataclass(frozen=True, kw_only=True)
class Unreachable:
    """`reason` is one sentence, `command` the one to type next."""

    reason: str
    command: str

    @classmethod
    def of(cls, server: DeployedServer, message: str, stack: str) -> "Unreachable":
        """From the message of ssh or of the program on the server."""
        for pattern, reason, command in _REASONS:
            if pattern in message:
                reason, command = reason.format(address=server.address), command.format(stack=stack)
                return cls(reason=reason, command=command if stack else _OPERATOR)
        if not server.address:
            return cls(reason=message, command=_HERE)
        reason = f"SSH to {server.address}: {_PREFIX.sub('', message)}"
        return cls(reason=reason, command=f"tailscale status; fks doctor --stack {stack}")
