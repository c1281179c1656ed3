"""The modules of `fks` that servers have start there, where no other package is."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from fks_infra.paths import PROJECT_ROOT
from fks_infra.release.files import host_files
from fks_infra.release.server_modules import FIRST, server_modules

# What Debian's packages python3-rich and python3-typer bring, with their dependencies
PACKAGES = (
    *("annotated_doc", "click", "markdown_it", "mdurl", "pygments", "rich", "shellingham", "typer"),
    # Typer's newest versions need pydantic.
    *("annotated_types", "pydantic", "pydantic_core", "typing_extensions.py", "typing_inspection"),
)
START = """
import sys
sys.path[:0] = {paths!r}
sys.argv = ["fks", *{words!r}]
from fks_infra.cli.on_server import main
main()
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the modules of a server alone."""
    root = tmp_path_factory.mktemp("server")
    for name, content in server_modules(PROJECT_ROOT).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    packages = Path(sysconfig.get_path("purelib"))
    (root / "packages").mkdir()
    for name in filter(lambda one: (packages / one).exists(), PACKAGES):
        (root / "packages" / name).symlink_to(packages / name)
    return root


def fks(server: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    code = START.format(paths=[str(server), str(server / "packages")], words=list(words))
    # Without this machine's packages
    command = [sys.executable, "-I", "-S", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["status"],
        ["logs"],
        ["drift"],
        ["repair"],
        ["history"],
        ["start"],
        ["maintenance", "on"],
    ],
    ids=" ".join,
)
def test_the_help_of_a_command_needs_nothing_else(server: Path, words: list[str]) -> None:
    done = fks(server, *words, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage: fks" in done.stdout


def test_a_command_of_the_operators_machine_says_where_to_type_it(server: Path) -> None:
    done = fks(server, "deploy", "api")
    assert (done.returncode, done.stdout) == (2, "")
    text = " ".join(done.stderr.split())
    assert "fks deploy: a server has no such command; nothing was changed" in text
    assert "Next, on the operator's machine: fks deploy" in text


def test_another_stack_needs_pulumi(server: Path) -> None:
    done = fks(server, "history", "--stack", "prod")
    assert done.returncode == 2
    assert "this server has neither Pulumi nor the state of a stack" in " ".join(
        done.stderr.split()
    )


def test_the_host_scripts_have_them() -> None:
    files = host_files()
    assert "fks_infra/cli/on_server.py" in files
    assert {"fks_infra/__init__.py", "fks_infra/cli/__init__.py", "bin/fks"} < set(files)
    assert not [name for name in files if name.startswith(("fks_infra/components/", "rehearsal"))]


def test_without_the_first_module_there_are_none(tmp_path: Path) -> None:
    assert (server_modules(tmp_path), FIRST.startswith("fks_infra.")) == ({}, True)
