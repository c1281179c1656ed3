"""Two static builds, as host/fks_deploy makes them: the one in service and the one before."""

from collections.abc import Mapping
from pathlib import Path

PNG = b"\x89PNG\r\n" + bytes(3000)
WEBP = b"RIFF" + bytes(2000)
NEW = {
    "index.html": b"<p>new</p>" * 300,
    "index.html.gz": b"gzip of index",
    "assets/app-new.js": b"let version = 'new';",
    "assets/app-new.js.gz": b"gzip of app",
    "assets/module-new.mjs": b"export {}",
    "assets/logo-new.png": PNG,
    "assets/logo-new.png.webp": WEBP,
    "assets/photo-new.jpg": PNG,
    "assets/icon-new.svg": b"<svg/>",
    "static/js/main.new.js": b"main",
    "logo192.png": PNG,
    "logo192.png.webp": WEBP,
    "sw.js": b"self.onfetch = null",
    "manifest.webmanifest": b"{}",
    ".well-known/security.txt": b"Contact: mailto:security@fks.test\n",
}
OLD = {
    "index.html": b"<p>old</p>" * 300,
    "assets/app-old.js": b"let version = 'old';",
    "assets/logo-old.png": PNG,
    "assets/logo-old.png.webp": WEBP,
    "only-old.txt": b"old",
}
BUILDS = {"new": NEW, "old": OLD}


def write_build(directory: Path, files: Mapping[str, bytes]) -> None:
    """Write a build that the edge's user can read."""
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for path in (directory, *directory.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
