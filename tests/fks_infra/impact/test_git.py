"""The base from git's history."""

from pathlib import Path

import pytest

from fks_infra.errors import OperatorError
from fks_infra.impact.git import commit, description, tree
from tests.fks_infra.impact import checkout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits of one file."""
    root = tmp_path / "repository"
    root.mkdir()
    for text in ("one", "two"):
        (root / "file").write_text(text)
        checkout.commit_all(root)
    return root


def error(root: Path, ref: str) -> str:
    with pytest.raises(OperatorError) as caught:
        commit(root, ref)
    return str(caught.value)


def test_a_ref_has_its_files(repository: Path) -> None:
    with tree(repository, commit(repository, "HEAD~1")) as folder:
        assert (folder / "file").read_text() == "one"
    assert not folder.exists()


def test_a_tag_means_its_commit(repository: Path) -> None:
    checkout.git(repository, "tag", "--annotate", "--message", "x", "v1")
    assert commit(repository, "v1") == checkout.git(repository, "rev-parse", "HEAD").strip()


@pytest.mark.parametrize("ref", ["nosuch", "", "--all", "HEAD:file"])
def test_an_unknown_ref(repository: Path, ref: str) -> None:
    assert error(repository, ref).startswith(f"--base is {ref!r}, which names no commit")


def test_a_shallow_clone_says_how_to_fetch(repository: Path, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    checkout.git(tmp_path, "clone", "--quiet", "--depth=1", repository.as_uri(), str(shallow))
    assert commit(shallow, "HEAD") == commit(repository, "HEAD")
    assert "git fetch --depth=1 origin REF" in error(shallow, commit(repository, "HEAD~1"))


def test_a_folder_without_git(tmp_path: Path) -> None:
    message = error(tmp_path, "HEAD")
    assert message.startswith(f"git cannot read {tmp_path}, and the base comes from its history: ")
    assert "not a git repository" in message


def test_a_machine_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert error(repository, "HEAD").startswith("git is not installed")


def test_the_description_counts_uncommitted_files(repository: Path) -> None:
    name = checkout.git(repository, "rev-parse", "--short", "HEAD").strip()
    assert description(repository) == name
    (repository / "file").write_text("three")
    (repository / "new").write_text("new")
    assert description(repository) == f"{name}, uncommitted files: 2"
