"""What a server's bundles hold: the host's own scripts, and the release of its roles."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fks_infra.config.schema import PROJECT_ROOT
from fks_infra.config.settings import Settings
from fks_infra.errors import OperatorError
from fks_infra.release.bundle import normalise, tree
from fks_infra.roles.services import EDGE, ROLES
from fks_infra.topology.planning import ServerSpec, Topology

POSTGRES_USER = "fks_user"
POSTGRES_DB = "fks_trading"

# Parts of compose/lib that only one role uses; a change in them concerns no other server.
LIB_OF: dict[str, tuple[str, ...]] = {
    "auth": ("blueprints",),
    "api": ("redis", "beat-health.py"),
    "web": ("web",),
}

# Whom the edge of a role passes requests on to, on other servers.
PROXIED: dict[str, tuple[str, ...]] = {"web": ("api",)}

# Parts of nginx/ that are built into the edge's image.
_IN_THE_IMAGE = ("Dockerfile", "edge-health", "pages", "README.md")


def host_files(root: Path = PROJECT_ROOT) -> dict[str, bytes]:
    """Everything below host/ except what only cloud-init uses."""
    return tree(root / "host", leave_out=("cloud-init.yaml.tmpl", "README.md"))


def release_files(
    topology: Topology, settings: Settings, server: ServerSpec, root: Path = PROJECT_ROOT
) -> dict[str, bytes]:
    """The server's release: compose files and nginx configuration of its roles, plain settings."""
    return {
        **_compose_files(server, root / "compose"),
        **_nginx_files(server, root / "nginx"),
        "release.json": _json(_manifest(topology, settings, server)),
        "release.env": _env(release_environment(topology, settings, server)),
    }


def _compose_files(server: ServerSpec, folder: Path) -> dict[str, bytes]:
    top = folder / f"{server.name}.yaml"
    if not top.is_file():
        raise OperatorError(
            f"compose/{server.name}.yaml is missing. Check out the whole repository."
        )
    files = {f"compose/{top.name}": normalise(top.read_bytes())}
    strangers = [
        name for role, names in LIB_OF.items() if role not in server.roles for name in names
    ]
    for part in (*server.roles, EDGE, "lib"):
        if (folder / part).is_dir():
            left_out = ("README.md", *(strangers if part == "lib" else ()))
            files |= tree(folder / part, prefix=f"compose/{part}/", leave_out=left_out)
    return files


def _nginx_files(server: ServerSpec, folder: Path) -> dict[str, bytes]:
    """All of nginx/ but the image's own files and the virtual hosts of roles that are not here."""
    others = tuple(set(ROLES) - set(server.roles))
    vhosts = tuple(f"{role}.conf*" for role in others)
    return tree(folder, prefix="nginx/", leave_out=(*_IN_THE_IMAGE, *vhosts))


def release_environment(
    topology: Topology, settings: Settings, server: ServerSpec
) -> dict[str, str]:
    """The plain variables compose files and virtual hosts may name."""
    web = [name.fqdn for name in server.names if name.role == "web"]
    ports = {s.key: s.port for s in server.services if s.port}
    values = {
        "FKS_MODE": topology.mode,
        "TZ": settings.timezone,
        "POSTGRES_USER": POSTGRES_USER,
        "POSTGRES_DB": POSTGRES_DB,
        "WEB_NAMES": " ".join(web) or topology.domains["web"],
        **{f"{role.upper()}_DOMAIN": domain for role, domain in topology.domains.items()},
        **{f"{key}_PORT": str(port) for key, port in ports.items() if key in ("API", "WEB")},
    }
    if "AUTH_SERVER" in ports:
        values["AUTH_PORT"] = str(ports["AUTH_SERVER"])
    if settings.low_memory:
        values |= {"API_WORKERS": "1", "WORKER_CONCURRENCY": "1"}
    for service in server.services:
        values[f"IMAGE_{service.key}"] = service.image
        values[f"MEMORY_{service.key}"] = f"{service.memory}m"
    return values


def _manifest(topology: Topology, settings: Settings, server: ServerSpec) -> dict[str, Any]:
    return {
        "project": "fks",
        "server": server.name,
        "mode": topology.mode,
        "roles": list(server.roles),
        "compose_file": f"compose/{server.name}.yaml",
        "domains": dict(topology.domains),
        "authority": {
            "server": settings.acme_server,
            "email": settings.acme_email,
            "dns_propagation_seconds": settings.dns_propagation_seconds,
        },
        "certificates": [
            {
                "name": role,
                "domains": [name.fqdn for name in server.names if name.role == role],
            }
            for role in server.roles
        ],
        "peers": {
            peer: topology.domains[peer] for role in server.roles for peer in PROXIED.get(role, ())
        },
        "probes": [
            probe for role in server.roles for probe in probes(role, topology.domains[role])
        ],
    }


def probes(role: str, domain: str) -> list[dict[str, Any]]:
    """How to see that a role serves: nginx itself, then the application through it."""
    healthy = {"status": ["healthy", "ok"]}
    deep: dict[str, Any] = {"status": 200, "json": healthy} if role == "api" else {"status": 200}
    return [
        {
            "name": f"{role}-edge",
            "host": domain,
            "path": "/health",
            "expect": {"status": 200, "json": {"status": ["healthy"], "role": [role]}},
        },
        {"name": role, "host": domain, "path": "/health/deep", "expect": deep},
    ]


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, indent=2, sort_keys=True) + "\n").encode()


def _env(values: Mapping[str, str]) -> bytes:
    return "".join(f"{name}={value}\n" for name, value in sorted(values.items())).encode()
