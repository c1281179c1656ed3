"""What the edge reads: one file, and only its own."""

import os
import stat
from pathlib import Path

import pytest

from host.fks_deploy import tls


def test_a_file_is_replaced_whole_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    assert tls.hand_over(tmp_path / "tls", "web", b"old") is True
    (tmp_path / "tls/.web.pem.new").write_text("left by a killed deploy")
    assert tls.hand_over(tmp_path / "tls", "web", b"new") is True
    assert tls.hand_over(tmp_path / "tls", "web", b"new") is False
    made = tmp_path / "tls/web.pem"
    assert made.read_bytes() == b"new"
    assert stat.S_IMODE(made.stat().st_mode) == 0o400
    assert [file.name for file in made.parent.iterdir()] == ["web.pem"]


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a file to the edge's user, which root may")
def test_the_file_is_the_edges_own(tmp_path: Path) -> None:
    tls.hand_over(tmp_path, "web", b"x")
    assert (tmp_path / "web.pem").stat().st_uid == tls.EDGE_USER
