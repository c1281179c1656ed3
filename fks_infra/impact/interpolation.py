"""Docker Compose's variables in a value: ${NAME}, ${NAME:?text}, ${NAME:-default}, $$.

https://docs.docker.com/reference/compose-file/interpolation/
"""

import re
from collections.abc import Mapping
from typing import Any

# Set on the server: host/fks_deploy/server_addresses.py and host/fks_deploy/compose.py.
_ON_SERVER = re.compile(r"[A-Z0-9_]+_SERVER_IP|LISTEN_ADDRESS|FKS_SECRETS")
# A default may have variables of its own.
_VARIABLE = re.compile(
    r"\$\$|\$\{(?P<name>\w+)(?::?(?P<operator>[-?])(?P<text>(?:[^{}]|\$\{[^{}]*\})*))?\}"
)


def interpolate(value: Any, environment: Mapping[str, str]) -> Any:
    """The value with its variables replaced; those that only a server knows stay as ${NAME}."""
    if isinstance(value, str):
        return _VARIABLE.sub(lambda match: _replacement(match, environment), value)
    if isinstance(value, dict):
        return {key: interpolate(entry, environment) for key, entry in value.items()}
    if isinstance(value, list):
        return [interpolate(entry, environment) for entry in value]
    return value


def _replacement(match: re.Match[str], environment: Mapping[str, str]) -> str:
    name = match["name"]
    if name is None:
        return "$"
    if _ON_SERVER.fullmatch(name):
        return f"${{{name}}}"
    if match["operator"] == "-" and not environment.get(name):
        return str(interpolate(match["text"], environment))
    return environment.get(name, "")
