"""Imports between the packages of `fks_infra` go down only, and never in a circle."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from fks_infra.paths import PROJECT_ROOT

# From bottom to top. A package imports from those before it, and modules of its own.
LAYERS = (
    "paths",
    "limits",
    "errors",
    "interrupt",
    "remote",
    "clouds",
    "roles",
    "config",
    "topology",
    "release",
    "preflight",
    "components",
    "declare",
    "exports",
    "steps",
    "doctor",
    "delivery",
    "impact",
    "plans",
    "explain",
    "operate",
    "migrate",
    "recovery",
    "rotate",
    "upgrade",
    "drift",
    "dev",
    "cli",
    "documents",
)
# What a layer does not import although it is below.
FORBIDDEN = {
    "steps": {"roles", "config", "topology", "release", "preflight", "components", "declare"},
    "doctor": {"components", "declare", "exports"},
    "delivery": {"preflight", "components", "declare", "exports"},
    "impact": {"preflight", "components", "declare", "exports", "steps", "doctor"},
    "explain": {"preflight", "components", "declare", "exports", "steps", "doctor", "delivery"},
    "plans": {
        *("preflight", "components", "declare", "exports", "steps", "doctor", "delivery", "impact")
    },
    "operate": {
        *("preflight", "components", "declare", "exports", "steps", "delivery", "impact", "plans")
    },
    "drift": {"preflight", "components", "declare", "exports", "steps", "impact", "plans"},
    "clouds": {"errors"},
}
FILES = sorted((PROJECT_ROOT / "fks_infra").rglob("*.py"))
MODULES = {
    ".".join(path.relative_to(PROJECT_ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in FILES
}


def imports(path: Path) -> set[str]:
    """The modules of the project that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in names}
    return {name for name in found if name.split(".")[0] in ("fks_infra", "rehearsal", "host")}


def layer(module: str) -> str:
    return module.split(".")[1]


@pytest.mark.parametrize("module", [name for name in MODULES if name != "fks_infra"])
def test_a_module_imports_from_lower_layers_only(module: str) -> None:
    own = LAYERS.index(layer(module))
    for name in imports(MODULES[module]):
        if name.startswith("host.") and layer(module) == "dev":
            # docs/decisions/0026-development-on-a-laptop.md
            continue
        assert name.startswith("fks_infra."), name
        assert LAYERS.index(layer(name)) <= own, name
        assert layer(name) not in FORBIDDEN.get(layer(module), set()), name


@pytest.mark.parametrize("package", ["fks_infra", "rehearsal", "host/fks_deploy"])
def test_there_is_no_import_circle(package: str) -> None:
    files = sorted((PROJECT_ROOT / package).rglob("*.py"))
    graph: dict[str, set[str]] = {}
    for path in files:
        parts = path.relative_to(PROJECT_ROOT).with_suffix("").parts
        name = ".".join(parts).removesuffix(".__init__")
        graph[name] = imports(path) - {name}
    list(TopologicalSorter(graph).static_order())
