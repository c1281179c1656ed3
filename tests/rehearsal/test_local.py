"""A preview works in every place a checkout can be in, and its releases are the same everywhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from rehearsal.local import copy_program
from rehearsal.world.names import WORK

pytestmark = pytest.mark.contract

PRIVATE = 0o077
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
IDENTITY = ("-c", "user.name=test", "-c", "user.email=test@example.com")


def git(*arguments: str, umask: int = -1) -> None:
    subprocess.run(["git", *IDENTITY, *arguments], check=True, capture_output=True, umask=umask)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the present files as its only commit."""
    directory = tmp_path_factory.mktemp("repository")
    copy_program(directory)
    git("-C", str(directory), "init", "--quiet")
    git("-C", str(directory), "add", "--all")
    git("-C", str(directory), "commit", "--quiet", "--message", "present files")
    return directory


def clone(repository: Path, target: Path, options: Sequence[str] = (), umask: int = -1) -> Path:
    """A checkout that uses this one's virtual environment and engine by links."""
    git("clone", "--quiet", *options, str(repository), str(target), umask=umask)
    (target / ".venv").symlink_to(Path(sys.prefix))
    if (WORK / "bin").exists():
        (target / ".rehearsal").mkdir()
        (target / ".rehearsal" / "bin").symlink_to(WORK / "bin")
    return target


def digests(checkout: Path, umask: int = -1, **environment: str) -> set[str]:
    """The releases' and scripts' digests in the output of `make preview`."""
    done = subprocess.run(
        [str(checkout / ".venv" / "bin" / "python"), "-m", "rehearsal", "preview"],
        cwd=checkout,
        env={**os.environ, **environment},
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    assert "linode 6.8.0: stand-in" in done.stdout
    found = set(DIGEST.findall(done.stdout))
    assert len(found) == 4
    return found


@pytest.fixture(scope="module")
def usual(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The digests of a checkout without any peculiarity."""
    return digests(clone(repository, tmp_path_factory.mktemp("usual") / "checkout"))


def test_a_path_with_unusual_characters(repository: Path, usual: set[str], tmp_path: Path) -> None:
    assert digests(clone(repository, tmp_path / "it's my $HOME, 50% #1? bücher")) == usual


def test_a_link_to_private_files_with_a_home_that_cannot_be_written(
    repository: Path, usual: set[str], tmp_path: Path
) -> None:
    checkout, link = clone(repository, tmp_path / "checkout", umask=PRIVATE), tmp_path / "link"
    assert (checkout / "Pulumi.yaml").stat().st_mode & 0o777 == 0o600
    link.symlink_to(checkout)
    assert digests(link, umask=PRIVATE, HOME="/dev/null") == usual


def test_line_ends(repository: Path, usual: set[str], tmp_path: Path) -> None:
    checkout = clone(repository, tmp_path / "checkout", ("--config", "core.autocrlf=true"))
    assert b"\r" not in (checkout / "tools" / "venv.sh").read_bytes()
    for path in (checkout / folder for folder in ("host", "compose", "nginx")):
        for file in filter(Path.is_file, path.rglob("*")):
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert digests(checkout) == usual
