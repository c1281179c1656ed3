import os
import stat
import time
from pathlib import Path

import pytest

from host.fks_deploy.errors import DeployError
from host.fks_deploy.static_tree import prepare


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A directory with a front end, with the modes and times of a careless image."""
    for name in ("index.html", "assets/app.js", ".well-known/security.txt"):
        path = tmp_path / "html" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
        path.chmod(0o600)
        os.utime(path, (1, 1))
    (tmp_path / "html/assets").chmod(0o700)
    return tmp_path / "html"


def modes(directory: Path) -> dict[str, int]:
    return {
        str(path.relative_to(directory)): stat.S_IMODE(path.stat().st_mode)
        for path in directory.rglob("*")
    }


def test_modes_are_set_and_not_inherited(tree: Path) -> None:
    (tree / "assets/app.js").chmod(0o4777)
    prepare(tree, "the image")
    assert modes(tree) == {
        "index.html": 0o644,
        "assets": 0o755,
        "assets/app.js": 0o644,
        ".well-known": 0o755,
        ".well-known/security.txt": 0o644,
    }
    assert stat.S_IMODE(tree.stat().st_mode) == 0o755


def test_the_time_of_a_reproducible_image_is_replaced(tree: Path) -> None:
    """nginx would make the same ETag for an index.html of the same size."""
    before = int(time.time())
    prepare(tree, "the image")
    assert (tree / "index.html").stat().st_mtime >= before


def test_hidden_files_are_left_out_except_well_known(tree: Path) -> None:
    (tree / ".git/objects").mkdir(parents=True)
    for name in (".env", "assets/.env", ".git/config", ".well-known/.env"):
        (tree / name).write_text("secret")
    files = prepare(tree, "the image")
    names = {str(path.relative_to(tree)) for path in files}
    assert names == {"index.html", "assets/app.js", ".well-known/security.txt"}
    assert not (tree / ".git").exists()


def test_a_link_within_the_files_stays(tree: Path) -> None:
    (tree / "app.js").symlink_to("assets/app.js")
    assert tree / "app.js" not in prepare(tree, "the image")
    assert (tree / "app.js").read_text() == "x"


@pytest.mark.parametrize("target", ["/etc/passwd", "../../outside", "gone.js", "loop"])
def test_a_link_that_leaves_the_files_is_an_error(tree: Path, target: str) -> None:
    (tree.parent / "outside").write_text("x")
    (tree / "loop").symlink_to(target)
    with pytest.raises(DeployError, match="/html of a@b: the symbolic link loop leaves it or has"):
        prepare(tree, "/html of a@b")


def test_a_pipe_is_an_error(tree: Path) -> None:
    os.mkfifo(tree / "pipe")
    with pytest.raises(DeployError, match="pipe is neither a file nor a directory nor a link"):
        prepare(tree, "the image")


@pytest.mark.parametrize("content", [None, ""])
def test_without_an_index_it_is_not_a_front_end(tree: Path, content: str | None) -> None:
    (tree / "index.html").unlink()
    if content is not None:
        (tree / "index.html").write_text(content)
    with pytest.raises(DeployError, match=r"has no index\.html, or an empty one"):
        prepare(tree, "the image")
