"""The two lock files agree, and the operator's one holds only what the program imports."""

import re
import tomllib

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
    only_there = {
        re.split(r"[>=<\[]", row)[0].lower() for row in (*groups["rehearsal"], *groups["dev"])
    }
    assert only_there <= set(REHEARSAL)
    assert not only_there & set(OPERATOR)
