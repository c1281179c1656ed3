"""What differs between two unpacked releases: files, images, and settings by name."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import env_file, file_tree, images
from .release import ENV_FILE


def changes(before: Path, after: Path) -> dict[str, Any]:
    """{"files": [name], "images": [{"name", "before", "after": image or None}], "settings":
    [name of a variable of release.env or of a key of release.json]}. No value of a setting."""
    old, new = images.by_key(before), images.by_key(after)
    return {
        "files": _different(_files(before), _files(after)),
        "images": [
            {"name": key, "before": old.get(key), "after": new.get(key)}
            for key in _different(old, new)
        ],
        "settings": _different(_settings(before), _settings(after)),
    }


def _different(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return sorted(key for key in {*before, *after} if before.get(key) != after.get(key))


def _files(release: Path) -> dict[str, bytes]:
    return {
        f"{folder}/{name}": content
        for folder in ("compose", "nginx")
        for name, content in file_tree.read(release / folder).items()
    }


def _settings(release: Path) -> dict[str, Any]:
    env = env_file.parse((release / ENV_FILE).read_text())
    manifest: dict[str, Any] = json.loads((release / "release.json").read_text())
    return {name: env[name] for name in env if not name.startswith("IMAGE_")} | manifest
