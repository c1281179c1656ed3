"""Finds the real provider plugins of this machine, in the versions of the installed SDKs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

PROVIDERS = ("cloudflare", "command", "linode", "random", "tailscale")
# In the first lines of every launcher of a stand-in.
MARK = "Stand-in of the FKS rehearsal"


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """A plugin that was found or installed.

    `kind` is `real` or `stand-in`. `path` is the executable's; a stand-in has one when it is
    installed. `note` names real plugins that were found in other versions.
    """

    provider: str
    version: str
    kind: str
    path: str = ""
    note: str = ""

    def __str__(self) -> str:
        text = f"{self.provider} {self.version}".strip()
        return f"{text}: {self.kind}" + (f" ({self.note})" if self.note else "")


def sdk_version(provider: str) -> str:
    """The version of the installed SDK package; the engine requires the plugin of that version."""
    spec = find_spec(f"pulumi_{provider}")
    if spec is None or spec.origin is None:
        raise SystemExit(
            f"the SDK package pulumi-{provider} is not installed: run tools/venv.sh .venv"
        )
    about = json.loads((Path(spec.origin).parent / "pulumi-plugin.json").read_text())
    return str(about["version"])


def executable(plugins: Path, provider: str, version: str) -> Path:
    """The path of a plugin's executable in the directory `plugins` of a PULUMI_HOME."""
    return plugins / f"resource-{provider}-v{version}" / f"pulumi-resource-{provider}"


def directories() -> Iterator[Path]:
    """The directories of real plugins, best first."""
    if given := os.environ.get("FKS_PLUGIN_DIR"):
        yield Path(given)
    if home := os.environ.get("PULUMI_HOME"):
        yield Path(home) / "plugins"
    yield Path.home() / ".pulumi" / "plugins"


def find(provider: str) -> Plugin:
    """The real plugin of a provider in the SDK's version, or else a stand-in without a path."""
    version = sdk_version(provider)
    found = [
        path
        for directory in directories()
        for path in sorted(directory.glob(str(executable(Path(), provider, "*"))))
        if is_real(path)
    ]
    for path in found:
        if path == executable(path.parents[1], provider, version):
            return Plugin(provider=provider, version=version, kind="real", path=str(path))
    others = ", ".join(str(path) for path in found)
    note = f"found {others}, but the SDK needs version {version}" if found else ""
    return Plugin(provider=provider, version=version, kind="stand-in", note=note)


def is_real(path: Path) -> bool:
    """Whether a completely installed plugin that is not a stand-in has this executable."""
    # The engine deletes this file at the end of an installation.
    partial = path.parent.with_name(f"{path.parent.name}.partial")
    return os.access(path, os.X_OK) and not partial.exists() and not is_stand_in(path)


def is_stand_in(path: Path) -> bool:
    """Whether the executable is a launcher of a stand-in."""
    with path.open("rb") as file:
        return MARK.encode() in file.read(1000)
