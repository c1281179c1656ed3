"""The files of this checkout."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import yaml

from rehearsal.world.names import ROOT


def program_files() -> list[Path]:
    """Return the files of this checkout as git sees them: tracked, or new and not ignored."""
    listing = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    )
    return [
        ROOT / name for name in sorted(set(listing.stdout.split("\0"))) if (ROOT / name).is_file()
    ]


def zones_of(program: Path) -> list[str]:
    """Return the zones that the program's stacks live in."""
    found: set[str] = set()
    for path in sorted(program.glob("Pulumi.*.yaml")):
        config: dict[str, Any] = yaml.safe_load(path.read_text()).get("config", {})
        found.add(str(config.get("fks:zone") or config.get("fks:domain")))
    return sorted(found - {"None"})
