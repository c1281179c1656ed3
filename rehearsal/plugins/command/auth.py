"""Keys and the ways to log in, tried in the real plugin's order: key, password, agent."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from functools import partial

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
    password = connection.get("privateKeyPassword")
    for kind in KEY_TYPES:
        try:
            return kind.from_private_key(io.StringIO(text), password)
        except paramiko.PasswordRequiredException as error:
            raise ProviderError("ssh: this private key is passphrase protected") from error
        except (paramiko.SSHException, ValueError):
            continue
    raise ProviderError("ssh: this private key cannot be read: wrong passphrase or unknown kind")


def authenticate(
    transport: paramiko.Transport, connection: Values, key: paramiko.PKey | None
) -> None:
    """Log in with what the connection offers, or raise `SSHException` in Go's words."""
    user = connection["user"]
    tried = ["none"]
    for method, attempt in _methods(transport, user, connection, key):
        tried.append(method)
        try:
            if not attempt():
                return
        except paramiko.AuthenticationException:
            continue
    attempted = " ".join(dict.fromkeys(tried))
    raise paramiko.SSHException(
        f"ssh: unable to authenticate, attempted methods [{attempted}], no supported methods remain"
    )


def _methods(
    transport: paramiko.Transport, user: str, connection: Values, key: paramiko.PKey | None
) -> list[tuple[str, Callable[[], list[str]]]]:
    methods: list[tuple[str, Callable[[], list[str]]]] = []
    if key is not None:
        methods.append(("publickey", partial(transport.auth_publickey, user, key)))
    password = connection.get("password")
    if password is not None:
        methods.append(("password", partial(transport.auth_password, user, password)))
    for agent_key in _agent_keys(connection):
        methods.append(("publickey", partial(transport.auth_publickey, user, agent_key)))
    return methods


def _agent_keys(connection: Values) -> tuple[paramiko.AgentKey, ...]:
    path = connection.get("agentSocketPath") or os.environ.get("SSH_AUTH_SOCK")
    if not path:
        return ()
    if path != os.environ.get("SSH_AUTH_SOCK"):
        raise ProviderError(f"agentSocketPath {path}: the stand-in reads SSH_AUTH_SOCK only")
    return paramiko.Agent().get_keys()
