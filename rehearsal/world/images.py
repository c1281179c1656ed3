"""Builds the world's images from Debian packages, without an image registry."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import docker
from docker.errors import APIError, BuildError, ImageNotFound

from rehearsal.world.authority import Authority
from rehearsal.world.build_context import Image, write_context
from rehearsal.world.names import ROOT, WORK
from rehearsal.world.progress import step
from rehearsal.world.shell import CommandError, run

BASE = "debian:trixie-slim"
IMAGES = ROOT / "rehearsal" / "images"
MACHINE_CA = Path(os.environ.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"))
SOURCES = {"rehearsal/": ROOT / "rehearsal"}
TRIES = 3
# Not a world's label: containers inherit an image's labels, and all worlds share the images.
IMAGE_LABELS = {"fks.rehearsal.image": "true"}


def ensure_base(client: docker.DockerClient) -> None:
    """Create the Debian 13 image with debootstrap (half a minute) unless it exists."""
    try:
        client.images.get(BASE)
    except ImageNotFound:
        with step("create the Debian 13 base image with debootstrap"):
            _debootstrap()


def _debootstrap() -> None:
    with tempfile.TemporaryDirectory(prefix="fks-base-", dir="/var/tmp") as directory:
        root = Path(directory) / "root"
        for attempt in range(1, TRIES + 1):
            try:
                run(["debootstrap", "--variant=minbase", "trixie", str(root)])
                break
            except CommandError:
                if attempt == TRIES:
                    raise
                run(["rm", "-rf", "--one-file-system", str(root)])
        run(["rm", "-rf", str(root / "var/cache/apt"), str(root / "var/lib/apt/lists")])
        (root / "var/lib/apt/lists").mkdir(parents=True)
        archive = Path(directory) / "base.tar"
        run(["tar", "-C", str(root), "-cf", str(archive), "."])
        run(["docker", "import", str(archive), BASE])


def authority() -> Authority:
    """Return the rehearsal's certificate authority; creates it on first use."""
    ca = Authority(WORK / "ca")
    ca.ensure()
    return ca


def python() -> Image:
    """Return the image with Python and the machine's CA bundle, from which others start."""
    return Image(
        "fks-rehearsal/python",
        IMAGES / "python",
        {
            "machine-ca.crt": MACHINE_CA,
            "requirements-rehearsal.txt": ROOT / "requirements-rehearsal.txt",
        },
    )


def server() -> Image:
    """Return the image of the servers, tagged by the CA that they trust.

    Another checkout has another CA, and may build its images while this one's world runs.
    """
    ca = authority()
    tag = f"fks-rehearsal/server:{ca.fingerprint}"
    return Image(tag, IMAGES / "server", {"ca.crt": ca.certificate})


def infrastructure() -> list[Image]:
    """Return the world's images without built programs, in build order."""
    return [
        server(),
        Image("fks-rehearsal/apt", IMAGES / "apt"),
        Image("fks-rehearsal/registry", IMAGES / "registry"),
        Image("fks-rehearsal/acme", IMAGES / "acme"),
        Image("fks-rehearsal/external-host", IMAGES / "external-host"),
        Image("fks-rehearsal/scanner", IMAGES / "scanner"),
        Image("fks-rehearsal/browser", IMAGES / "browser"),
        Image("fks-rehearsal/nvidia", IMAGES / "nvidia"),
    ]


def with_programs(programs: Mapping[str, Path], plugins: Path) -> list[Image]:
    """Return the world's images with built programs, in build order.

    ``programs`` are paths by name; ``plugins`` is a directory of real provider plugins.
    """
    client = _pick(programs, "tailscaled")
    return [
        Image("fks-rehearsal/control", IMAGES / "control", _pick(programs, "headscale")),
        Image("fks-rehearsal/packages", IMAGES / "packages", client),
        Image("fks-rehearsal/cloud", IMAGES / "cloud", SOURCES),
        Image(
            "fks-rehearsal/operator",
            IMAGES / "operator",
            {
                "ca.crt": authority().certificate,
                "plugins/": plugins,
                **client,
                **_pick(programs, "pulumi"),
                **SOURCES,
            },
        ),
    ]


def _pick(programs: Mapping[str, Path], *names: str) -> dict[str, Path]:
    return {name: programs[name] for name in names}


def applications() -> list[Image]:
    """Return the images that the servers pull, from ``images.json``, in build order."""
    rows = json.loads((IMAGES / "images.json").read_text())
    return [
        Image(
            row["tag"],
            ROOT / row["context"],
            push=tuple(row.get("push", ())),
            buildargs=row.get("buildargs", {}),
        )
        for row in rows
    ]


def build(client: docker.DockerClient, image: Image) -> None:
    """Build an image; an unchanged one takes a second thanks to Docker's layer cache."""
    # The context is in a file: real plugins are too large to hold in memory.
    with step(f"build image {image.tag}") as current, tempfile.TemporaryFile() as context:
        write_context(image, context)
        for attempt in range(1, TRIES + 1):
            context.seek(0)
            try:
                built, _ = client.images.build(
                    fileobj=context,
                    custom_context=True,
                    tag=image.tag,
                    rm=True,
                    labels=IMAGE_LABELS,
                    buildargs=image.buildargs,
                )
            except (BuildError, APIError) as error:
                if attempt == TRIES:
                    raise RuntimeError(
                        f"cannot build image {image.tag}:\n{_log_of(error)}"
                    ) from error
                current.detail = f"attempt {attempt} failed"
            else:
                current.detail = str(built.short_id)
                return


def _log_of(error: BuildError | APIError) -> str:
    if isinstance(error, APIError):
        return str(error)
    lines = [str(row.get("stream") or row.get("error") or "").rstrip() for row in error.build_log]
    return "\n".join([line for line in lines if line][-30:])
