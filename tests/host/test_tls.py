"""What the edge reads: one file, only its own, and loaded when certbot renews."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from host.fks_deploy import tls

HOOK = Path(__file__).parents[2] / "host/bin/certificate-renewed"


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


def renew(tmp_path: Path, **environ: str) -> "subprocess.CompletedProcess[str]":
    """As certbot's timer calls it: by another name, and with a docker that notes its calls."""
    docker, hook = tmp_path / "bin/docker", tmp_path / "fks"
    docker.parent.mkdir()
    docker.write_text(f'#!/bin/sh\necho "$*" >>{tmp_path}/log\n[ "$1" != ps ] || echo edge-1\n')
    docker.chmod(0o755)
    hook.symlink_to(HOOK)
    env = {"PATH": f"{docker.parent}:{os.environ['PATH']}", **environ}
    return subprocess.run(
        [sys.executable, str(hook)], env=env, capture_output=True, text=True, check=False
    )


def test_a_renewed_certificate_is_handed_over_and_the_edge_reloaded(tmp_path: Path) -> None:
    lineage = tmp_path / "live/web"
    lineage.mkdir(parents=True)
    (lineage / "privkey.pem").write_text("KEY\n")
    (lineage / "fullchain.pem").write_text("CHAIN\n")
    done = renew(tmp_path, RENEWED_LINEAGE=str(lineage), FKS_TLS=str(tmp_path / "tls"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "tls/web.pem").read_text() == "KEY\nCHAIN\n"
    assert (tmp_path / "log").read_text().splitlines()[1:] == [
        "exec edge-1 nginx -t",
        "exec edge-1 nginx -s reload",
    ]


def test_without_certbots_word_it_says_how_it_is_called(tmp_path: Path) -> None:
    done = renew(tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: RENEWED_LINEAGE=")
