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
    if found is not None:
        return found.decode().strip()
    if _git(root, "rev-parse", "--git-dir") is None:
        raise OperatorError(
            f"{root} is no git clone, and the base is read from git's history: clone the "
            f"repository."
        )
    if _git(root, "rev-parse", "--is-shallow-repository") == b"true\n":
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
    head = _git(root, "rev-parse", "--short", "HEAD")
    name = head.decode().strip() if head else "a clone without a commit"
    changes = (_git(root, "status", "--porcelain") or b"").splitlines()
    return f"{name}, uncommitted files: {len(changes)}" if changes else name


@contextmanager
def tree(root: Path, commit_id: str) -> Iterator[Path]:
    """A temporary folder with the files of a commit."""
    archive = _git(root, "archive", "--format=tar", commit_id)
    if archive is None:
        raise OperatorError(f"git archive {commit_id} failed: run git fsck.")
    with TemporaryDirectory(prefix="fks-impact-") as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        yield Path(folder)


def _git(root: Path, *arguments: str) -> bytes | None:
    """The output of git; None if it fails."""
    try:
        done = subprocess.run(
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
    return done.stdout if done.returncode == 0 else None
