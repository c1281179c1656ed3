"""The addresses of the roles' servers, which containers get as <ROLE>_SERVER_IP.

The host resolves them, so that a new address changes no release. They are recorded: a rollback and
`bin/compose` use the same ones, and while a name does not resolve its last address stays.
"""

import socket
from collections.abc import Callable, Mapping

from . import atomic_file, env_file
from .paths import Paths

Resolve = Callable[[str], str]

_SUFFIX = "_DOMAIN"


def refresh(paths: Paths, env: Mapping[str, str], resolve: Resolve = socket.gethostbyname) -> None:
    """Resolve each <ROLE>_DOMAIN of release.env and record the addresses."""
    found = recorded(paths)
    for name, domain in env.items():
        if name.endswith(_SUFFIX):
            variable = f"{name.removesuffix(_SUFFIX)}_SERVER_IP"
            found[variable] = _address(domain, resolve) or found.get(variable, "")
    _write(paths, found)


def record(paths: Paths, addresses: Mapping[str, str]) -> None:
    """Role -> address, before the names resolve to them; the next `refresh` resolves again."""
    found = {f"{role.upper()}_SERVER_IP": address for role, address in addresses.items()}
    _write(paths, {**recorded(paths), **found})


def recorded(paths: Paths) -> dict[str, str]:
    """<ROLE>_SERVER_IP -> address; empty before the first deploy."""
    file = paths.server_addresses
    return env_file.parse(file.read_text()) if file.exists() else {}


def _write(paths: Paths, found: Mapping[str, str]) -> None:
    text = "".join(f"{name}={value}\n" for name, value in sorted(found.items()))
    atomic_file.write(paths.server_addresses, text.encode())


def _address(domain: str, resolve: Resolve) -> str:
    try:
        return resolve(domain)
    except OSError:
        return ""
