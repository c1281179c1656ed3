"""A clone of this checkout in which a contributor has changed one file, and commands in it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rehearsal.local import copy_program
from rehearsal.world.names import WORK
from tests.documented_commands.rows import Run
from tests.fks_infra.impact.checkout import append, git

FKS = f"#!{sys.executable}\nfrom fks_infra.cli.app import main\nmain()\n"


@dataclass(frozen=True)
class Checkout:
    """A clone with a virtual environment, and a directory of programs before the others."""

    root: Path
    programs: Path

    @classmethod
    def create(cls, directory: Path) -> "Checkout":
        """`origin/main` and the tag v1.4.0 are the commit; a vhost has changed since."""
        here = cls(directory / "checkout", directory / "bin")
        for created in (here.root, here.programs):
            created.mkdir()
        copy_program(here.root)
        git(here.root, "init", "--quiet")
        git(here.root, "add", "--all")
        git(here.root, "commit", "--quiet", "--message", "x")
        git(here.root, "remote", "add", "origin", "https://github.com/fks/infra.git")
        git(here.root, "update-ref", "refs/remotes/origin/main", "HEAD")
        git(here.root, "tag", "v1.4.0")
        append(here.root, "nginx/vhosts/web.conf.template", "# a change\n")
        here._install()
        return here

    def _install(self) -> None:
        """By links: `make` takes the environment as up to date, and writes nothing into it."""
        (self.root / ".venv").mkdir()
        for path in filter(lambda one: one.name != ".ready", Path(sys.prefix).iterdir()):
            (self.root / ".venv" / path.name).symlink_to(path)
        (self.root / ".venv" / ".ready").touch()
        (self.root / ".rehearsal").symlink_to(WORK)
        # The pattern of .gitignore is that of a directory.
        (self.root / ".git/info/exclude").write_text(".rehearsal\n")
        (self.programs / "fks").write_text(FKS)
        (self.programs / "fks").chmod(0o755)

    def run(self, row: Run, command: str, **variables: str) -> str:
        """What a documented command prints. AssertionError if it fails."""
        script = row.script(command)
        environment = {**self._environment(), **variables}
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        output = done.stdout + done.stderr
        assert done.returncode == 0, f"{script}\n{output}"
        assert row.output in output, output
        return output

    def _environment(self) -> Mapping[str, str]:
        """Nothing of this machine but its PATH, its Docker and its world."""
        kept = {key: os.environ[key] for key in ("DOCKER_HOST", "FKS_WORLD") if key in os.environ}
        return {
            **kept,
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "HOME": str(self.programs.parent),
            "PYTHONPATH": str(self.root),
            "GITHUB_STEP_SUMMARY": str(self.programs.parent / "summary"),
        }
