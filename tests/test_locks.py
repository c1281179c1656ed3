"""The two lock files agree, and the operator's one holds only what the program needs."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires

from fks_infra.paths import PROJECT_ROOT


def pinned(name: str) -> dict[str, str]:
    """Package to version."""
    text = (PROJECT_ROOT / name).read_text()
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, flags=re.M))


OPERATOR = pinned("requirements.txt")
REHEARSAL = pinned("requirements-rehearsal.txt")


def test_the_rehearsal_runs_the_operators_versions() -> None:
    assert OPERATOR.items() <= REHEARSAL.items()


def test_the_operator_installs_nothing_of_the_rehearsal() -> None:
    project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    assert names([*groups["rehearsal"], *groups["dev"]]) <= set(REHEARSAL)
    assert set(OPERATOR) <= needed_by(names(project["project"]["dependencies"]))


def needed_by(packages: set[str]) -> set[str]:
    """The packages, and all that they need on any platform."""
    found = set[str]()
    pending = set(packages)
    while pending:
        name = pending.pop()
        found.add(name)
        pending |= names(required_by(name)) - found
    return found


def required_by(name: str) -> list[str]:
    try:
        return [row for row in requires(name) or [] if "extra ==" not in row]
    except PackageNotFoundError:
        # A package for another platform.
        return []


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w.-]", row)[0].lower().replace("_", "-") for row in requirements}
