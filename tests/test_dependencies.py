"""Every package that a module imports is declared in pyproject.toml, not only installed."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution, packages_distributions

import pytest

from fks_infra.paths import PROJECT_ROOT

PROJECT = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())
OWN = {"fks_infra", "host", "rehearsal", "tests"}
# Programs for images, which have their own packages.
IMAGES = PROJECT_ROOT / "rehearsal" / "images"
# Runs in a worker's container, whose image has Celery.
INSPECT = PROJECT_ROOT / "host" / "fks_deploy" / "queues" / "inspect_workers.py"
DISTRIBUTIONS = packages_distributions()


def names(requirements: list[str]) -> set[str]:
    """The names of the distributions that these requirements need."""
    return {normal(re.split(r"[>=<\[; ]", row)[0]) for row in requirements}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


RUNTIME = names(PROJECT["project"]["dependencies"])
GROUPS = {name: names(rows) for name, rows in PROJECT["dependency-groups"].items()}
DECLARED = {
    "__main__.py": RUNTIME,
    "fks_infra": RUNTIME,
    "host": set[str](),
    "rehearsal": RUNTIME | GROUPS["rehearsal"],
    "tests": RUNTIME | GROUPS["rehearsal"] | GROUPS["dev"],
}


def imported(folder: str) -> Iterator[str]:
    """The modules that the files of a folder import, without Python's and the project's own."""
    path = PROJECT_ROOT / folder
    files = [path] if path.is_file() else sorted(path.rglob("*.py"))
    for file in files:
        if not file.is_relative_to(IMAGES) and file != INSPECT:
            for node in ast.walk(ast.parse(file.read_text())):
                yield from filter(is_foreign, modules(node))


def modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []


def is_foreign(module: str) -> bool:
    top = module.split(".")[0]
    return top not in sys.stdlib_module_names and top not in OWN


def distribution_of(module: str) -> str:
    """The distribution with the module's files; several share a namespace such as `google`."""
    found = DISTRIBUTIONS[module.split(".")[0]]
    if len(found) > 1:
        path = f"{module.replace('.', '/')}/"
        found = [name for name in found if has_files(name, path)]
    return normal(found[0])


def has_files(name: str, path: str) -> bool:
    return any(str(file).startswith(path) for file in distribution(name).files or [])


@pytest.mark.parametrize("folder", DECLARED)
def test_what_is_imported_is_declared(folder: str) -> None:
    needed = {distribution_of(module) for module in imported(folder)}
    assert needed <= DECLARED[folder], needed - DECLARED[folder]


def test_what_is_declared_for_the_rehearsal_is_imported() -> None:
    needed = {distribution_of(module) for module in imported("rehearsal")}
    assert GROUPS["rehearsal"] <= needed


def test_a_namespace_that_packages_share_is_told_apart() -> None:
    assert distribution_of("google.protobuf") == "protobuf"
