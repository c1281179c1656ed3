"""Builds the world's images from Debian packages, without an image registry."""

from __future__ import annotations

import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import docker
from docker.errors import APIError, BuildError, ImageNotFound

from rehearsal.world.authority import Authority
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
# Modification time (2020-01-01) of every file in a build context, for Docker's layer cache.
EPOCH = 1577836800


@dataclass(frozen=True)
class Image:
    """One image: its build context, and further files by their names in it (``dir/`` for trees)."""

    tag: str
    context: Path
    extra: dict[str, Path] = field(default_factory=dict)
    push: tuple[str, ...] = ()
    buildargs: dict[str, str] = field(default_factory=dict)


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


def infrastructure(programs: Mapping[str, Path]) -> list[Image]:
    """Return the images of the world's own containers, with ``programs``, in build order."""
    ca, client = authority(), _pick(programs, "tailscale", "tailscaled")
    return [
        Image(
            "fks-rehearsal/python",
            IMAGES / "python",
            {"machine-ca.crt": MACHINE_CA, "requirements.lock": ROOT / "requirements.lock"},
        ),
        Image("fks-rehearsal/server", IMAGES / "server", {"ca.crt": ca.certificate}),
        Image("fks-rehearsal/apt", IMAGES / "apt"),
        Image("fks-rehearsal/registry", IMAGES / "registry"),
        Image("fks-rehearsal/acme", IMAGES / "acme"),
        Image("fks-rehearsal/external-host", IMAGES / "external-host"),
        Image("fks-rehearsal/scanner", IMAGES / "scanner"),
        Image("fks-rehearsal/control", IMAGES / "control", _pick(programs, "headscale")),
        Image("fks-rehearsal/packages", IMAGES / "packages", client),
        Image("fks-rehearsal/cloud", IMAGES / "cloud", SOURCES),
        Image(
            "fks-rehearsal/operator",
            IMAGES / "operator",
            {"ca.crt": ca.certificate, **client, **_pick(programs, "pulumi"), **SOURCES},
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
    with step(f"build image {image.tag}") as current:
        for attempt in range(1, TRIES + 1):
            try:
                built, _ = client.images.build(
                    fileobj=_context(image),
                    custom_context=True,
                    tag=image.tag,
                    rm=True,
                    labels=IMAGE_LABELS,
                    buildargs=image.buildargs,
                )
                current.detail = str(built.short_id)
                return
            except (BuildError, APIError) as error:
                if attempt == TRIES:
                    raise RuntimeError(
                        f"cannot build image {image.tag}:\n{_log_of(error)}"
                    ) from error
                current.detail = f"attempt {attempt} failed"


def _log_of(error: BuildError | APIError) -> str:
    if isinstance(error, APIError):
        return str(error)
    lines = [str(row.get("stream") or row.get("error") or "").rstrip() for row in error.build_log]
    return "\n".join([line for line in lines if line][-30:])


def _context(image: Image) -> io.BytesIO:
    """Return the build context as a tar that depends only on file names, contents and modes."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, path in sorted([*_files_below(image.context), *_extras(image.extra)]):
            info = archive.gettarinfo(str(path), name)
            info.mtime, info.uid, info.gid, info.uname, info.gname = EPOCH, 0, 0, "", ""
            info.mode = 0o755 if info.mode & 0o100 else 0o644
            if info.isfile():
                with path.open("rb") as content:
                    archive.addfile(info, content)
            else:
                archive.addfile(info)
    buffer.seek(0)
    return buffer


def _extras(extra: dict[str, Path]) -> Iterable[tuple[str, Path]]:
    for name, path in extra.items():
        if name.endswith("/"):
            yield from ((name + inner, file) for inner, file in _files_below(path))
        else:
            yield name, path


def _files_below(directory: Path) -> Iterable[tuple[str, Path]]:
    for path in sorted(directory.rglob("*")):
        if "__pycache__" in path.parts or path.suffix == ".pyc":
            continue
        if path.is_file() or path.is_symlink():
            yield str(path.relative_to(directory)), path
