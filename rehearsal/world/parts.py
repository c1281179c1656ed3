"""Starts the parts of the world: clouds, tailnet, registry, package cache, operator."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import docker
from docker.models.containers import Container
from docker.types import LogConfig

from rehearsal.world import docker_api as api
from rehearsal.world import images, tailnet
from rehearsal.world.names import (
    ACME,
    ACME_NAME,
    APT,
    APT_NAME,
    CLOUD,
    CLOUD_NAMES,
    CONTROL,
    CONTROL_NAME,
    LABELS,
    NETWORK,
    OPERATOR,
    PREFIX,
    REGISTRY,
    WORLD,
    container_name,
)
from rehearsal.world.progress import step, wait_until
from rehearsal.world.requirements import Requirements, split_image

LOGS = LogConfig(type="json-file", config={"max-size": "20m", "max-file": "2"})
DOCKER_SOCKET = "/var/run/docker.sock"


def start_apt(client: docker.DockerClient) -> None:
    """Start the cache through which the servers get Debian's packages."""
    with step("start the package cache"):
        found = api.start(
            client,
            "apt",
            "fks-rehearsal/apt",
            APT,
            volumes={container_name("apt"): {"bind": "/var/cache/apt-cacher-ng", "mode": "rw"}},
            log_config=LOGS,
        )
        ready(found, ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/3142"], "package cache")


def start_registry(client: docker.DockerClient, names: tuple[str, ...]) -> None:
    """Start the registry that answers under all these names."""
    with step("start the image registry"):
        found = api.start(
            client,
            "registry",
            "fks-rehearsal/registry",
            REGISTRY,
            volumes={container_name("registry"): {"bind": "/var/lib/registry", "mode": "rw"}},
            log_config=LOGS,
            ports={"443/tcp": ("127.0.0.1", None)},
        )
        _certify(found, "registry", names)
        ready(found, ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/443"], "image registry")


def start_control(client: docker.DockerClient) -> Container:
    """Start the tailnet's control server."""
    with step("start the tailnet's control server"):
        found = api.start(
            client,
            "control",
            "fks-rehearsal/control",
            CONTROL,
            environment={"HEADSCALE_DERP_SERVER_IPV4": CONTROL},
            volumes={container_name("control"): {"bind": "/var/lib/headscale", "mode": "rw"}},
            log_config=LOGS,
        )
        _certify(found, "control", (CONTROL_NAME,))
        if found.status != "running":
            api.put_files(found, "/etc/headscale", {"policy.json": tailnet.headscale_policy()})
        ready(found, ["headscale", "users", "list"], "control server")
        tailnet.ensure_user(found)
        return found


def start_acme(client: docker.DockerClient) -> bytes:
    """Start the certificate authority of the world's names; return its root, new at each start."""
    with step("start the certificate authority (ACME)"):
        found = api.start(
            client,
            "acme",
            "fks-rehearsal/acme",
            ACME,
            command=["-dnsserver", f"{CLOUD}:53"],
            log_config=LOGS,
        )
        _certify(found, "acme", (ACME_NAME,))
        # On its own loopback, where it has no name.
        look = ["curl", "--silent", "--fail", "--insecure", "https://127.0.0.1:15000/roots/0"]
        ready(found, look, "certificate authority")
        return api.execute(found, look)[1].encode()


def start_cloud(
    client: docker.DockerClient, requirements: Requirements, control: Container, acme_root: bytes
) -> None:
    """Start the stand-in clouds with the zones they hold, and the control server behind them."""
    with step("start the stand-in clouds and the name server"):
        arguments = ["serve", "--world", WORLD, "--network", NETWORK, "--public-prefix", PREFIX]
        arguments += ["--self-address", CLOUD, "--name", f"{APT_NAME}={APT}"]
        arguments += ["--cert", "/etc/fks/cloud.crt", "--key", "/etc/fks/cloud.key"]
        arguments += [
            "--state",
            "/var/lib/fks/state.json",
            "--journal",
            "/var/lib/fks/journal.jsonl",
        ]
        arguments += ["--name", f"{CONTROL_NAME}={CONTROL}", "--headscale", CONTROL_NAME]
        arguments += ["--acme", ACME_NAME, "--trust", "/etc/fks/acme-root.crt"]
        arguments += ["--headscale-key", "/etc/fks/headscale.key", "--ca", "/etc/fks/ca.crt"]
        for zone in requirements.zones:
            arguments += ["--zone", zone]
        for name in requirements.registries:
            arguments += ["--name", f"{name}={REGISTRY}"]
        found = api.start(
            client,
            "cloud",
            "fks-rehearsal/cloud",
            CLOUD,
            command=arguments,
            volumes={
                DOCKER_SOCKET: {"bind": DOCKER_SOCKET, "mode": "rw"},
                container_name("cloud"): {"bind": "/var/lib/fks", "mode": "rw"},
            },
            # It serves the world's names and does not ask for any itself.
            extra_hosts={CONTROL_NAME: CONTROL, ACME_NAME: ACME},
            log_config=LOGS,
        )
        _certify(found, "cloud", (*CLOUD_NAMES, ACME_NAME))
        if found.status != "running":
            access = {
                "fks/headscale.key": tailnet.api_key(control),
                "fks/ca.crt": images.authority().certificate.read_bytes(),
                "fks/acme-root.crt": acme_root,
            }
            api.put_files(found, "/etc", access, mode=0o600)
        ready(found, ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/443"], "stand-in clouds")


def _certify(found: Container, part: str, names: tuple[str, ...]) -> None:
    """Give a container that does not run yet its certificate, in /etc/fks."""
    if found.status == "running":
        return
    certificate, key = images.authority().issue(part, names)
    files = {f"fks/{part}.crt": certificate.read_bytes(), f"fks/{part}.key": key.read_bytes()}
    api.put_files(found, "/etc", files)


def start_operator(client: docker.DockerClient, control: Container, acme_root: bytes) -> Container:
    """Start the operator's container, let it join the tailnet and trust the names' authority."""
    with step("start the operator") as current:
        found = api.start(
            client,
            "operator",
            "fks-rehearsal/operator",
            OPERATOR,
            dns=[CLOUD],
            cap_add=["NET_ADMIN", "NET_RAW"],
            devices=["/dev/net/tun:/dev/net/tun:rwm"],
            init=True,
            log_config=LOGS,
        )
        ready(found, ["tailscale", "status", "--json"], "the operator's tailnet client")
        trusted = {"fks-acme.crt": acme_root}
        api.put_files(found, "/usr/local/share/ca-certificates", trusted)
        api.execute(found, ["update-ca-certificates"])
        current.detail = tailnet.join(found, control, "operator", tailnet.OPERATOR_TAG)
        return found


def ensure_volumes(client: docker.DockerClient, names: Iterable[str]) -> None:
    """Make labelled volumes; Docker would make them without a label."""
    for name in names:
        client.volumes.create(name=name, labels=LABELS)


def ready(found: Container, command: list[str], what: str, timeout: float = 60) -> None:
    """Start a container and wait until ``command`` succeeds in it; show its log if it does not."""
    if found.status != "running":
        found.start()

    def probe() -> str | None:
        found.reload()
        if found.status != "running":
            return f"container is {found.status}: {found.logs(tail=20).decode(errors='replace')}"
        code, output = api.execute(found, command)
        return None if code == 0 else output.strip() or f"exit code {code}"

    wait_until(what, probe, timeout)


def push_applications(
    client: docker.DockerClient, built: list[images.Image], asked: Mapping[str, str]
) -> None:
    """Push the servers' images to the registry under the usual names and those that are asked for.

    Docker trusts a registry on loopback without a certificate, so this machine needs no setting.
    """
    with step("push the servers' images to the registry") as current:
        found = client.containers.get(container_name("registry"))
        bound = found.ports["443/tcp"]
        if not bound:
            raise RuntimeError(
                f"the registry's port is not published: see 'docker logs {found.name}'"
            )
        port = bound[0]["HostPort"]
        wanted = {name: image.tag for image in built for name in image.push}
        wanted |= {name: wanted[usual] for name, usual in asked.items() if name not in wanted}
        for name, tag in wanted.items():
            _, repository, version = split_image(name)
            _push(client, tag, f"127.0.0.1:{port}/{repository}", version)
        current.detail = f"{len(wanted)} names"


def _push(client: docker.DockerClient, tag: str, target: str, version: str) -> None:
    client.images.get(tag).tag(target, version)
    try:
        for row in client.images.push(target, version, stream=True, decode=True):
            if "error" in row:
                raise RuntimeError(f"pushing {target}:{version} failed: {row['error']}")
    finally:
        client.images.remove(f"{target}:{version}", noprune=True)


def journal(found: Container) -> list[dict[str, object]]:
    """Return the clouds' journal of requests."""
    _, text = api.execute(found, ["sh", "-c", "cat /var/lib/fks/journal.jsonl 2>/dev/null || true"])
    return [json.loads(line) for line in text.splitlines()]
