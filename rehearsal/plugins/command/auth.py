"""Keys and login methods, tried in the real plugin's order: private key, then SSH agent."""

from __future__ import annotations

import io
import os

import paramiko

from rehearsal.plugins.base import ProviderError
from rehearsal.plugins.values import Values

KEY_TYPES = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


def load_key(connection: Values) -> paramiko.PKey | None:
    """The connection's private key, if it has one; read before any connection is made."""
    text = connection.get("privateKey")
    if text is None:
        return None
    if "-----BEGIN" not in text:
        raise ProviderError("ssh: no key found")
    for kind in KEY_TYPES:
        try:
            return kind.from_private_key(io.StringIO(text))
        except paramiko.PasswordRequiredException as error:
            raise ProviderError("ssh: this private key is passphrase protected") from error
        except (paramiko.SSHException, ValueError):
            continue
    raise ProviderError("ssh: this private key is damaged or of an unknown kind")


def authenticate(
    transport: paramiko.Transport, connection: Values, key: paramiko.PKey | None
) -> None:
    """Log in with the connection's key or a key of the agent.

    Raises `SSHException` with the text of Go's SSH client.
    """
    keys = [*([] if key is None else [key]), *_agent_keys()]
    for candidate in keys:
        try:
            if not transport.auth_publickey(connection["user"], candidate):
                return
        except paramiko.AuthenticationException:
            continue
    attempted = "none publickey" if keys else "none"
    raise paramiko.SSHException(
        f"ssh: unable to authenticate, attempted methods [{attempted}], no supported methods remain"
    )


def _agent_keys() -> tuple[paramiko.AgentKey, ...]:
    return paramiko.Agent().get_keys() if os.environ.get("SSH_AUTH_SOCK") else ()
