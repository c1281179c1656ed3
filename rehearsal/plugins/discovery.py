"""Finds the real provider plugins of this machine, in the versions of the installed SDKs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

PROVIDERS = ("cloudflare", "command", "linode", "random", "tailscale")
# In the first lines of every launcher of a stand-in.
MARK = "Stand-in of the FKS rehearsal"


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """One provider's plugin: `real` is the directory of the real one, `others` has the paths of
    real plugins in other versions.
    """

    provider: str
    version: str
    real: Path | None = None
    others: tuple[Path, ...] = ()

    @property
    def directory_name(self) -> str:
        """The name of its directory in a PULUMI_HOME."""
        return f"resource-{self.provider}-v{self.version}"

    @property
    def kind(self) -> str:
        """`real` or `stand-in`."""
        return "real" if self.real else "stand-in"

    @property
    def note(self) -> str:
        """Why a stand-in takes the place of a real plugin that was found, or an empty text."""
        if self.real or not self.others:
            return ""
        found = ", ".join(str(path) for path in self.others)
        return f"found {found}, but the SDK needs version {self.version}"


def sdk_version(provider: str) -> str:
    """The version of the installed SDK package; the engine requires the plugin of that version."""
    spec = find_spec(f"pulumi_{provider}")
    if spec is None or spec.origin is None:
        raise SystemExit(f"the SDK package pulumi-{provider} is not installed: run `make install`")
    about = json.loads((Path(spec.origin).parent / "pulumi-plugin.json").read_text())
    return str(about["version"])


def directories() -> Iterator[Path]:
    """Where real plugins may be, best first: the layout is that of `plugins` in a PULUMI_HOME."""
    if given := os.environ.get("FKS_PLUGIN_DIR"):
        yield Path(given)
    if home := os.environ.get("PULUMI_HOME"):
        yield Path(home) / "plugins"
    yield Path.home() / ".pulumi" / "plugins"


def find(provider: str) -> Plugin:
    """The plugin of one provider."""
    plugin = Plugin(provider=provider, version=sdk_version(provider))
    installed = [
        path
        for directory in directories()
        for path in sorted(directory.glob(f"resource-{provider}-v*"))
        if is_real(path, provider)
    ]
    exact = [path.resolve() for path in installed if path.name == plugin.directory_name]
    others = tuple(path for path in installed if path.name != plugin.directory_name)
    return replace(plugin, real=exact[0] if exact else None, others=others)


def is_real(directory: Path, provider: str) -> bool:
    """Whether the directory has a completely installed plugin that is not a stand-in."""
    binary = directory / f"pulumi-resource-{provider}"
    # The engine deletes this file at the end of an installation.
    partial = directory.with_name(f"{directory.name}.partial")
    return os.access(binary, os.X_OK) and not partial.exists() and not is_stand_in(binary)


def is_stand_in(launcher: Path) -> bool:
    """Whether the file is a launcher of a stand-in."""
    with launcher.open("rb") as file:
        return MARK.encode() in file.read(1000)
