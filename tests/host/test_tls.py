"""What the edge reads: one file, and only its own."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from host.fks_deploy import tls
from host.fks_deploy.paths import Paths


def test_a_file_is_replaced_whole_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    assert tls.hand_over(paths, "web", b"old") is True
    (paths.tls / ".web.pem.new").write_text("left by a killed deploy")
    assert tls.hand_over(paths, "web", b"new") is True
    assert tls.hand_over(paths, "web", b"new") is False
    made = paths.tls / "web.pem"
    assert made.read_bytes() == b"new"
    assert stat.S_IMODE(made.stat().st_mode) == 0o400
    assert [file.name for file in made.parent.iterdir()] == ["web.pem"]


def test_the_mark_is_there_before_the_file_changes_and_only_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths(tmp_path)
    tls.hand_over(paths, "web", b"old")
    paths.reload_needed.unlink()
    tls.hand_over(paths, "web", b"old")
    assert not paths.reload_needed.exists()
    monkeypatch.setattr(Path, "replace", dies)
    with pytest.raises(KeyboardInterrupt):
        tls.hand_over(paths, "web", b"new")
    assert paths.reload_needed.exists()
    assert (paths.tls / "web.pem").read_bytes() == b"old"


def dies(*_: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a file to the edge's user, which root may")
def test_the_file_is_the_edges_own(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    tls.hand_over(paths, "web", b"x")
    assert (paths.tls / "web.pem").stat().st_uid == tls.EDGE_USER
