"""What is uploaded to a server: the host scripts, and the release of its roles.

A release has only the files that its roles refer to, so that a change of a file redeploys only the
servers that use it.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from fks_infra.config.settings import Settings
from fks_infra.errors import OperatorError
from fks_infra.paths import PROJECT_ROOT
from fks_infra.release.bundle import normalise, tree
from fks_infra.release.environment import release_environment
from fks_infra.release.manifest import compose_file, manifest
from fks_infra.release.server_modules import server_modules
from fks_infra.roles import data_sets, roles_named
from fks_infra.roles.edge import EDGE
from fks_infra.topology.servers import ServerSpec, Topology

# The names in a folder that a text refers to.
References = Callable[[bytes, Mapping[str, bytes]], list[str]]

_EXTERNAL = ("README.md",)
_NGINX = re.compile(rb"\s/etc/fks/nginx/((?:snippets|pages)/[\w.-]+);")
# compose/lib is mounted at /fks, and its directories below other paths.
_LIB = re.compile(rb"(?<![\w])/fks/([\w.-]+)|\{FKS_LIB:-[^}]*\}/([\w.-]+)")


def host_files(root: Path = PROJECT_ROOT) -> dict[str, bytes]:
    """The host scripts: everything below host/ except what only cloud-init uses, and `fks`."""
    scripts = tree(root / "host", leave_out=("cloud-init.yaml.tmpl", "README.md"))
    modules = server_modules(root)
    return {**scripts, **{name: normalise(content) for name, content in modules.items()}}


def release_files(
    topology: Topology, settings: Settings, server: ServerSpec, root: Path = PROJECT_ROOT
) -> dict[str, bytes]:
    """The server's release by archive name; OperatorError for a file that is missing."""
    return {
        **_compose_files(server, tree(root / "compose", leave_out=_EXTERNAL)),
        **_nginx_files(server, tree(root / "nginx", leave_out=_EXTERNAL)),
        "release.json": _json(manifest(topology, settings, server)),
        "release.env": _env(release_environment(topology, settings, server)),
    }


def _compose_files(server: ServerSpec, found: Mapping[str, bytes]) -> dict[str, bytes]:
    stacks = [role.name for role in roles_named(server.roles) if role.services] + [EDGE.name]
    chosen = _chosen("compose", found, [f"{stack}/compose.yaml" for stack in stacks])
    own = tuple(f"{stack}/" for stack in stacks)
    chosen |= {name: content for name, content in found.items() if name.startswith(own)}
    lib = {name: content for name, content in found.items() if name.startswith("lib/")}
    chosen = _with_references(chosen, lib, _lib_references)
    if data_sets(server.roles):
        # host/fks_deploy/upgrade runs them.
        chosen |= {name: lib[name] for name in lib if name.startswith("lib/upgrade/")}
    lines = "".join(f"  - {stack}/compose.yaml\n" for stack in stacks)
    return {
        compose_file(server.name): f"include:\n{lines}".encode(),
        **{f"compose/{name}": content for name, content in chosen.items()},
    }


def _nginx_files(server: ServerSpec, found: Mapping[str, bytes]) -> dict[str, bytes]:
    vhosts = [f"vhosts/{name}.conf.template" for name in ("default", *server.roles)]
    chosen = _chosen("nginx", found, ["nginx.conf.template", "edge-health", *vhosts])
    chosen = _with_references(chosen, found, _nginx_references)
    return {f"nginx/{name}": content for name, content in chosen.items()}


def _chosen(folder: str, found: Mapping[str, bytes], names: Iterable[str]) -> dict[str, bytes]:
    chosen = {}
    for name in names:
        if name not in found:
            raise OperatorError(f"{folder}/{name} is missing. Check out the whole repository.")
        chosen[name] = found[name]
    return chosen


def _with_references(
    chosen: Mapping[str, bytes], found: Mapping[str, bytes], references: References
) -> dict[str, bytes]:
    """The chosen files, and those in `found` that they refer to, directly or through others."""
    files = dict(chosen)
    pending = list(chosen.values())
    while pending:
        for name in references(pending.pop(), found):
            if name not in files:
                files[name] = found[name]
                pending.append(found[name])
    return files


def _nginx_references(content: bytes, found: Mapping[str, bytes]) -> list[str]:
    return [name for name in map(bytes.decode, _NGINX.findall(content)) if name in found]


def _lib_references(content: bytes, found: Mapping[str, bytes]) -> list[str]:
    """The files of compose/lib, or those of its directories, that a text names."""
    words = {(first or second).decode() for first, second in _LIB.findall(content)}
    return [name for name in found if name.split("/")[1] in words]


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, indent=2, sort_keys=True) + "\n").encode()


def _env(values: Mapping[str, str]) -> bytes:
    return "".join(f"{name}={value}\n" for name, value in sorted(values.items())).encode()
