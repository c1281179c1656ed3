"""The table of faults names the tests that cause them, and all of them."""

import re
from itertools import chain

from fks_infra.paths import PROJECT_ROOT

TESTS = PROJECT_ROOT / "tests"
ROWS = re.findall(
    r"^\| .+ \| .+ \| (`.+`) \|$", (PROJECT_ROOT / "docs/faults.md").read_text(), re.M
)
NAMED = set(chain.from_iterable(re.findall(r"`(\S+)::(\w+)`", row) for row in ROWS))
# Faults of a deploy and of the bootstrap have their own pages.
OTHERS = {"test_deploy_faults.py", "test_bootstrap_faults.py"}


def functions(file: str) -> list[str]:
    return re.findall(r"^def (test_\w+)\(", (TESTS / file).read_text(), re.M)


def test_every_row_names_tests_that_exist() -> None:
    assert all("::" in row for row in ROWS)
    assert [(file, name) for file, name in NAMED if name not in functions(file)] == []


def test_every_test_of_a_fault_is_in_the_table() -> None:
    modules = [path for path in TESTS.glob("world/test_*_faults.py") if path.name not in OTHERS]
    files = [path.relative_to(TESTS).as_posix() for path in modules]
    assert files
    assert {(file, name) for file in files for name in functions(file)} <= NAMED
