"""Copies of the files that `fks impact` compares, to be edited."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fks_infra.paths import PROJECT_ROOT

BEFORE = "  fks:plan: {web: g6-standard-1}\n  fks:acmeDnsToken: {secure: v1:one}\n"
_FOLDERS = ("fks_infra", "compose", "nginx", "host")
_FILES = ("Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.dev.yaml", "__main__.py", "requirements.txt")


def copy(target: Path) -> Path:
    """Copy the program into an existing folder."""
    ignore = shutil.ignore_patterns("__pycache__")
    for folder in _FOLDERS:
        shutil.copytree(PROJECT_ROOT / folder, target / folder, ignore=ignore)
    for name in _FILES:
        shutil.copy(PROJECT_ROOT / name, target / name)
    return target


def git(root: Path, *arguments: str) -> str:
    """Run git as somebody who has no settings."""
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    return subprocess.run(
        ["git", "-C", str(root), *identity, *arguments], check=True, capture_output=True, text=True
    ).stdout


def commit_all(root: Path) -> None:
    """Make the folder a repository, if it is none, with a commit of all its files."""
    git(root, "init", "--quiet")
    (root / ".gitignore").write_text("__pycache__/\n")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "x")


def repository(target: Path) -> Path:
    """A repository with one commit of the program, with settings that the pairs change."""
    root = copy(target)
    append(root, "Pulumi.prod.yaml", BEFORE)
    commit_all(root)
    return root


def restored(root: Path) -> Iterator[Path]:
    """Yield the repository, and undo all that was done to it since."""
    first = git(root, "rev-parse", "HEAD").strip()
    yield root
    git(root, "reset", "--quiet", "--hard", first)
    git(root, "clean", "--quiet", "-fd")


def inventory(root: Path, stack: str = "prod") -> dict[str, Any]:
    """The inventory that a checkout makes of itself."""
    command = [sys.executable, "-m", "fks_infra.impact.inventory", stack]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def append(root: Path, name: str, text: str) -> None:
    """Add lines to a file."""
    path = root / name
    path.write_text(path.read_text() + text)


def replace(root: Path, name: str, old: str, new: str) -> None:
    """Replace a text that is there."""
    path = root / name
    assert old in path.read_text(), old
    path.write_text(path.read_text().replace(old, new))


def stack(root: Path, line: str) -> None:
    """Add a setting to the stack prod."""
    append(root, "Pulumi.prod.yaml", f"  {line}\n")
