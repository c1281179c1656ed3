"""Prepares and starts the development stack: the files of a server's release, on this machine."""

import json
import os
import re
import secrets
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from fks_infra.config.default_settings import default_settings
from fks_infra.config.plans import SINGLE
from fks_infra.config.pulumi_cli import run
from fks_infra.config.settings import ServiceOverride, Settings
from fks_infra.dev import authority, place
from fks_infra.dev.compose import Compose
from fks_infra.dev.host_scripts import (
    Paths,
    Shell,
    errors,
    file_tree,
    images,
    nginx,
    releases,
    served_builds,
    static_builds,
)
from fks_infra.dev.host_scripts import secrets as secret_file
from fks_infra.errors import OperatorError
from fks_infra.paths import PROJECT_ROOT
from fks_infra.release.deploy_request import secret_files
from fks_infra.release.files import release_files
from fks_infra.roles import ROLES, api, web
from fks_infra.roles.images import FKS
from fks_infra.topology.planning import plan_topology

# Docker's own name server, for the names of containers
_RESOLVER = "127.0.0.11"
_ALPHABET = string.ascii_letters + string.digits
# Seconds to pull one image
_PULL = 1800.0
# The mount point of a front end that is built on this machine, below that of all builds
_SOURCE_BUILD = "source"
_OVERRIDE = "compose/dev/compose.yaml"
# On a server the upstreams of virtual hosts are published ports. Here they are containers, whose
# addresses may change.
_UPSTREAMS = {
    "127.0.0.1:${API_PORT}": "api:8000 resolve",
    "127.0.0.1:${API_2_PORT}": "api-2:8000 resolve",
    "127.0.0.1:${AUTH_PORT}": "auth-server:9000",
    "127.0.0.1:${AUTH_WORKER_PORT}": "auth-worker:9000",
}

# Docker's first version with `start_interval` in health checks, and its line in compose files
_START_INTERVAL = 25
_INTERVAL = re.compile(rb"^ *start_interval: \S+\n", re.MULTILINE)

Report = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Options:
    """`images` by service; `sources` has a directory of this machine for api or web: the API's
    Python files, and a built front end."""

    minimal: bool = False
    images: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Path] = field(default_factory=dict)


def settings(options: Options) -> Settings:
    """Those of a single server with every default."""
    services = {name: ServiceOverride(image=image) for name, image in options.images.items()}
    return default_settings(
        stack=place.PROJECT,
        mode=SINGLE,
        domain=place.DOMAIN,
        zone=place.DOMAIN,
        lowMemory=options.minimal,
        services=services,
    )


def start(root: Path, options: Options, engine: int, report: Report) -> dict[str, str]:
    """Start it, or bring a running one up to date; returns the name of each role. `engine` is the
    major version of Docker.

    OperatorError with the remedy, also for images that cannot be pulled."""
    chosen = settings(options)
    topology = plan_topology(chosen)
    (server,) = topology.servers
    paths, release = Paths(root), place.release(root)
    try:
        report("write the release, passwords and certificates")
        root.mkdir(parents=True, exist_ok=True)
        root.chmod(0o700)
        override = {_OVERRIDE: (PROJECT_ROOT / _OVERRIDE).read_bytes()}
        files = {**release_files(topology, chosen, server), **override}
        prepared = files if engine >= _START_INTERVAL else _without_start_interval(files)
        file_tree.sync(release, _with_upstreams(prepared))
        _write_secrets(root, paths)
        names = [name.fqdn for name in server.names]
        pem = authority.certificate(root, names)
        authority.trust(root)
        _pull(images.names(release).values(), report)
        report("copy the front end's files")
        _install(paths, releases.load(release), pem, options)
        restarted = _write_sources(root, options)
        report("start all containers, each healthy before those that need it")
        compose = Compose(root=root)
        compose.up(restarted)
        compose.reload()
    except errors.DeployError as error:
        raise OperatorError(str(error)) from None
    return dict(topology.domains)


def password_file(root: Path) -> Path:
    """The file with the password of Authentik's administrator akadmin."""
    return Paths(root).secrets / "auth" / "AUTHENTIK_BOOTSTRAP_PASSWORD"


def _with_upstreams(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {
        name: _replaced(content) if name.startswith("nginx/vhosts/") else content
        for name, content in files.items()
    }


def _without_start_interval(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Older engines know it not; health is then checked less often while a container starts."""
    return {
        name: _INTERVAL.sub(b"", content) if name.endswith("compose.yaml") else content
        for name, content in files.items()
    }


def _replaced(content: bytes) -> bytes:
    for published, container in _UPSTREAMS.items():
        content = content.replace(published.encode(), container.encode())
    return content


def _write_secrets(root: Path, paths: Paths) -> None:
    """Generate those that are missing; databases have stored the others."""
    file = root / "secrets.json"
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    for secret in (one for role in ROLES for one in role.secrets):
        text = "".join(secrets.choice(_ALPHABET) for _ in range(secret.length))
        known.setdefault(secret.name, text)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        json.dump(known, stream)
    secret_file.write(paths.secrets, {role.name: secret_files(role, known) for role in ROLES})


def _pull(names: Any, report: Report) -> None:
    """Those that are not on this machine."""
    shell = Shell.without_log()
    missing = [name for name in sorted(set(names)) if images.inspect(shell, name) is None]
    for number, name in enumerate(missing, 1):
        report(f"pull image {number} of {len(missing)}: {name}")
        run(["docker", "pull", "--quiet", name], seconds=_PULL)


def _install(paths: Paths, release: "releases.Release", pem: bytes, options: Options) -> None:
    """What containers have mounted."""
    scripts = file_tree.read(release.directory / "compose/lib")
    file_tree.sync(paths.lib, scripts, mode=0o755)
    # The last is the mount point of a local front end: the mount around it is read-only.
    for directory in (paths.deep, paths.maintenance, paths.web / _SOURCE_BUILD):
        directory.mkdir(parents=True, exist_ok=True)
    # Their parent directories are this user's alone; nginx runs as another one.
    tls = {f"{one.name}.pem": pem for one in release.certificates}
    file_tree.sync(paths.tls, tls, mode=0o444)
    builds = dict(_builds(paths, release, options))
    values = {
        **release.env,
        "LISTEN_ADDRESS": "0.0.0.0",
        "RESOLVERS": _RESOLVER,
        **{f"{role.upper()}_CALLERS": "" for role in release.callers},
        **builds,
    }
    file_tree.sync(paths.nginx, nginx.render_all(release.directory / "nginx", values))


def _builds(
    paths: Paths, release: "releases.Release", options: Options
) -> Iterator[tuple[str, str]]:
    """WEB_ROOT and WEB_PREVIOUS_ROOT."""
    for build in release.builds:
        image = release.env[build.image]
        static_builds.make(Shell.without_log(), paths, build, image)
        name = static_builds.identifier(image, build.root)
        if build.name in options.sources:
            name = _SOURCE_BUILD
        for variable in ("ROOT", "PREVIOUS_ROOT"):
            yield f"{build.name.upper()}_{variable}", f"{served_builds.MOUNT}/{name}"


def _write_sources(root: Path, options: Options) -> list[str]:
    """The compose file that mounts local sources; returns the services to restart."""
    services: dict[str, Any] = {}
    if api.ROLE.name in options.sources:
        mount = f"{options.sources[api.ROLE.name]}:/app/src:ro"
        own = [one for one in api.ROLE.services if not one.optional]
        python = [one.name for one in own if one.image.startswith(FKS)]
        services |= {name: {"volumes": [mount]} for name in python}
    if web.ROLE.name in options.sources:
        mount = f"{options.sources[web.ROLE.name]}:{served_builds.MOUNT}/{_SOURCE_BUILD}:ro"
        services["edge"] = {"volumes": [mount]}
    place.sources(root).write_text(yaml.safe_dump({"services": services}))
    return [name for name in services if name != "edge"]
