"""A server with a static build, and images that have one."""

import json
from collections.abc import Mapping
from pathlib import Path

from tests.host.server import EDGE, Server, image

WEB = "docker.io/example/fks:web-latest"
ROOT = "/usr/share/nginx/html"
# Compresses well, and is larger than what is not compressed.
SCRIPT = b"export const symbols = ['BTC', 'ETH'];\n" * 200
PNG = b"\x89PNG" + bytes(range(256)) * 8


def add_image(server: Server, number: int, files: Mapping[str, bytes], root: str = ROOT) -> None:
    """Let the tag WEB name an image with these files below `root`."""
    directory = server.root / f"image-{number}"
    for name, content in files.items():
        path = directory / root.strip("/") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    state = server.state
    server.change(
        registry={**state["registry"], WEB: image(number)},
        files={**state["files"], image(number)["id"]: str(directory)},
    )


def front_end(version: str) -> dict[str, bytes]:
    """The files of a small front end; the names of its assets have the version."""
    return {
        "index.html": f"<script src=/assets/app-{version}.js></script>".encode(),
        f"assets/app-{version}.js": SCRIPT,
        "assets/logo.png": PNG,
    }


def upload(server: Server, root: str = ROOT, **env: str) -> str:
    """Upload a release with a static build; its template shows both rendered values."""
    files = server.release({})
    document = json.loads(files["release.json"])
    document["builds"] = [{"name": "web", "image": "IMAGE_WEB", "root": root}]
    return server.upload(
        {
            "release.json": json.dumps(document),
            "nginx/vhosts/web.conf.template": "${WEB_ROOT} ${WEB_PREVIOUS_ROOT}\n",
        },
        **{"IMAGE_WEB": WEB, "IMAGE_EDGE": EDGE, **env},
    )


def roots(server: Server) -> list[str]:
    """The ids of the builds that nginx serves: the current one and the previous one."""
    return [Path(root).name for root in server.state["served"]["web.conf"].split()]


def builds(server: Server) -> set[str]:
    """The directories of static builds, complete or not."""
    return {path.name for path in server.paths.web.iterdir()}


def files(directory: Path) -> set[str]:
    return {str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()}
