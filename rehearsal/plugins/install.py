"""Installs the provider plugins and the language host for a rehearsal: real ones, else stand-ins.

    python -m rehearsal.plugins.install --home DIR --bin DIR [--python PATH] [--json]

`--home` is PULUMI_HOME, `--bin` a directory on PATH for the language host.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import sys
from dataclasses import asdict, replace
from pathlib import Path

from rehearsal.plugins.discovery import (
    MARK,
    PROVIDERS,
    Plugin,
    executable,
    find,
    is_real,
    is_stand_in,
)

ROOT = Path(__file__).resolve().parents[2]
LANGUAGE_HOST = "pulumi-language-python"


def launcher(python: str, module: str, *arguments: str) -> str:
    """A script that calls `main` of a module here; PYTHONPATH would reach its children.

    The shell finds an interpreter in any path; a shebang line ends at a blank or after 255 bytes.
    """
    # The launcher's own path becomes sys.argv[0], and lists of processes show it.
    code = (
        f"import sys; sys.argv.pop(0); sys.path.insert(0, {str(ROOT)!r}); "
        f"from {module} import main; main({', '.join(map(repr, arguments))})"
    )
    command = shlex.join([python, "-P", "-c", code])
    return f'#!/bin/sh\n# {MARK}\nexec {command} "$0" "$@"\n'


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # A path may have bytes that are no text.
    path.write_bytes(os.fsencode(text))
    path.chmod(0o755)


def install_plugin(home: Path, plugin: Plugin, python: str) -> Plugin:
    """Link a real plugin, or write the launcher of its stand-in."""
    path = executable(home / "plugins", plugin.provider, plugin.version)
    if is_real(path) and not path.is_symlink():
        return replace(plugin, kind="real", path=str(path), note="")
    source = Path(plugin.path).resolve().parent
    shutil.rmtree(path.parent, ignore_errors=True)
    if plugin.kind == "stand-in":
        arguments = ("rehearsal.plugins.server", plugin.provider, plugin.version)
        _write(path, launcher(python, *arguments))
    else:
        path.parent.mkdir(parents=True)
        # The engine ignores a plugin directory that is itself a link.
        for entry in source.iterdir():
            (path.parent / entry.name).symlink_to(entry)
    return replace(plugin, path=str(path))


def install_language_host(directory: Path, python: str) -> Plugin:
    """Write the language host's launcher, unless a real one is on PATH or in the directory."""
    path = directory / LANGUAGE_HOST
    for found in (shutil.which(LANGUAGE_HOST), str(path)):
        if found and Path(found).exists() and not is_stand_in(Path(found)):
            return Plugin(provider=LANGUAGE_HOST, version="", kind="real", path=found)
    _write(path, launcher(python, "rehearsal.plugins.language_host"))
    return Plugin(provider=LANGUAGE_HOST, version="", kind="stand-in", path=str(path))


def install(home: Path, directory: Path, python: str) -> list[Plugin]:
    """Install all provider plugins and the language host."""
    plugins = [install_plugin(home, find(name), python) for name in PROVIDERS]
    return [*plugins, install_language_host(directory, python)]


def stage(directory: Path) -> None:
    """Copy this machine's real plugins into a directory, emptied first.

    A Linux container uses the directory as FKS_PLUGIN_DIR; other systems' plugins do not run there.
    """
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    # An image's build context has no empty directories.
    (directory / ".keep").touch()
    for plugin in map(find, PROVIDERS) if sys.platform == "linux" else ():
        if plugin.kind == "real":
            source = Path(plugin.path).resolve().parent
            name = executable(directory, plugin.provider, plugin.version).parent
            shutil.copytree(source, name)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m rehearsal.plugins.install", description=__doc__
    )
    parser.add_argument("--home", type=Path, required=True, help="PULUMI_HOME of the rehearsal")
    parser.add_argument("--bin", type=Path, required=True, help="a directory on PATH")
    parser.add_argument("--python", default=sys.executable, help="interpreter of the stand-ins")
    parser.add_argument("--json", action="store_true", help="print JSON: one object a plugin")
    options = parser.parse_args()
    installed = install(options.home, options.bin, options.python)
    rows = json.dumps([asdict(item) for item in installed], indent=1)
    sys.stdout.write((rows if options.json else "\n".join(map(str, installed))) + "\n")


if __name__ == "__main__":
    main()
