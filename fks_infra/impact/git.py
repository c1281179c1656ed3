"""The base of a comparison, taken from git's history."""

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from fks_infra.errors import OperatorError

_SECONDS = 60.0


def commit(root: Path, ref: str) -> str:
    """The full id of the commit that a ref names; OperatorError if there is none."""
    found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if found.returncode == 0:
        return found.stdout.decode().strip()
    readable = _git(root, "rev-parse", "--is-shallow-repository")
    if readable.returncode != 0:
        raise OperatorError(
            f"git cannot read {root}, and the base comes from its history: "
            f"{' '.join(readable.stderr.decode().split())}"
        )
    if readable.stdout == b"true\n":
        raise OperatorError(
            f"--base is {ref!r}, which this shallow clone does not have. Fetch it: git fetch "
            f"--depth=1 origin REF, then --base FETCH_HEAD; in a workflow: fetch-depth: 0 of "
            f"actions/checkout."
        )
    raise OperatorError(
        f"--base is {ref!r}, which names no commit of this clone. Write a branch, a tag or a "
        f"commit that git rev-parse knows, or run git fetch first."
    )


def description(root: Path) -> str:
    """What the work tree is: its commit, and how many files differ from that."""
    name = _git(root, "rev-parse", "--short", "HEAD").stdout.decode().strip()
    changes = _git(root, "status", "--porcelain").stdout.splitlines()
    return f"{name}, uncommitted files: {len(changes)}" if changes else name


@contextmanager
def tree(root: Path, commit_id: str) -> Iterator[Path]:
    """A temporary folder with the files of a commit."""
    archive = _git(root, "archive", "--format=tar", commit_id)
    if archive.returncode != 0:
        raise OperatorError(f"git archive {commit_id} failed: {archive.stderr.decode().strip()}")
    with TemporaryDirectory(prefix="fks-impact-") as folder:
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
            files.extractall(folder, filter="data")
        yield Path(folder)


def _git(root: Path, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(
            ["git", "-C", str(root), *arguments],
            check=False,
            capture_output=True,
            timeout=_SECONDS,
        )
    except FileNotFoundError:
        raise OperatorError(
            "git is not installed, or not on the PATH; on Debian: apt-get install git"
        ) from None
    except subprocess.TimeoutExpired:
        raise OperatorError(f"git {arguments[0]} did not end within {_SECONDS:g} s.") from None
