"""Static builds: files of an image that the edge serves, in one directory for each image and root.

`web/<id>` is complete: a build is made under another name and renamed at its end.
"""

import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import image_files, static_tree, variants
from .paths import Paths
from .shell import Shell

# Part of the id: a new number makes every build again, after a change of how it is made.
_FORMAT = 1


@dataclass(frozen=True)
class StaticBuild:
    """`image` is the variable of release.env that names the image, `root` a directory in it."""

    name: str
    image: str
    root: str

    @classmethod
    def parse(cls, entry: Mapping[str, Any]) -> "StaticBuild":
        """From release.json. Error: KeyError for a missing key."""
        return cls(entry["name"], entry["image"], entry["root"])


def identifier(image: str, root: str) -> str:
    """The name of its directory: the same for the same resolved image and root."""
    return hashlib.sha256(f"{_FORMAT}\n{image}\n{root}".encode()).hexdigest()[:16]


def make(shell: Shell, paths: Paths, build: StaticBuild, image: str) -> str:
    """Make the build from a resolved image unless it is complete; returns a note. Error:
    DeployError for an image without usable files."""
    target = paths.web / identifier(image, build.root)
    if target.is_dir():
        return f"{build.name} is present"
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        note = _fill(shell, partial, build, image)
        # After a power failure the new name must not have files without their content.
        os.sync()
        partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return note


def _fill(shell: Shell, directory: Path, build: StaticBuild, image: str) -> str:
    image_files.copy(shell, build.name, image, build.root, directory)
    files = static_tree.prepare(directory, f"{build.root} of {image}")
    left = variants.make(shell, directory, files)
    return ", ".join([f"{build.name}: {len(files)} files", *variants.note(left)])
