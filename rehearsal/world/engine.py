"""Finds the real Pulumi engine: the installed CLI, or one built once from its Go module."""

from __future__ import annotations

import shutil
from pathlib import Path

from rehearsal.world.go_tools import GoTool
from rehearsal.world.names import WORK

PULUMI = GoTool(
    "pulumi",
    "v3.259.0",
    "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    stamps=("github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",),
    seconds=180,
)


def engine() -> Path:
    """Return the path of a ``pulumi`` CLI; builds one if there is none."""
    installed = shutil.which("pulumi")
    if installed and not (WORK / "bin" / f"{PULUMI.name}-{PULUMI.version}").exists():
        return Path(installed).resolve()
    return PULUMI.path()
