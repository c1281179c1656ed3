"""Puts the stand-in plugins where the engine looks; what is really installed stays.

    python -m rehearsal.plugins.install --home DIR --bin DIR [--python PATH]

`--home` is PULUMI_HOME, `--bin` a directory on PATH for the language host.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

PROVIDERS = ("cloudflare", "command", "linode", "random", "tailscale")
ROOT = Path(__file__).resolve().parents[2]
MARK = "Stand-in of the FKS rehearsal"


def sdk_version(name: str) -> str:
    """The version of the installed SDK package: the engine asks for a plugin of just that."""
    spec = find_spec(f"pulumi_{name}")
    if spec is None or spec.origin is None:
        raise SystemExit(f"the SDK package pulumi-{name} is not installed: run `make install`")
    about = json.loads((Path(spec.origin).parent / "pulumi-plugin.json").read_text())
    return str(about["version"])


def launcher(python: str, module: str, *arguments: str) -> str:
    """A script that calls `main` of a module here; PYTHONPATH would leak into its children."""
    return (
        f"#!{python}\n"
        f"# {MARK}\n"
        "import sys\n\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        f"from {module} import main\n\n"
        f"main({', '.join(map(repr, arguments))})\n"
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def _is_real(path: Path) -> bool:
    return path.exists() and MARK.encode() not in path.read_bytes()[:1000]


def install_plugin(home: Path, name: str, python: str) -> str:
    """Write one provider's launcher; returns the line that says what was done."""
    version = sdk_version(name)
    path = home / "plugins" / f"resource-{name}-v{version}" / f"pulumi-resource-{name}"
    if _is_real(path):
        return f"{name} {version}: the real plugin is installed, kept"
    _write(path, launcher(python, "rehearsal.plugins.server", name, version))
    return f"{name} {version}: stand-in"


def install_language_host(directory: Path, python: str) -> str:
    """Write the language host's launcher, unless the engine's distribution brought the real one."""
    path = directory / "pulumi-language-python"
    for found in (shutil.which(path.name), str(path)):
        if found and _is_real(Path(found)):
            return f"language host: {found} is the real one, kept"
    _write(path, launcher(python, "rehearsal.plugins.language_host"))
    return "language host: stand-in"


def install(home: Path, directory: Path, python: str) -> list[str]:
    """Install everything that is missing; returns a line for each part."""
    lines = [install_plugin(home, name, python) for name in PROVIDERS]
    return [*lines, install_language_host(directory, python)]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m rehearsal.plugins.install", description=__doc__
    )
    parser.add_argument("--home", type=Path, required=True, help="PULUMI_HOME of the rehearsal")
    parser.add_argument("--bin", type=Path, required=True, help="a directory on PATH")
    parser.add_argument(
        "--python", default=sys.executable, help="the interpreter that runs the stand-ins"
    )
    options = parser.parse_args()
    for line in install(options.home, options.bin, options.python):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
