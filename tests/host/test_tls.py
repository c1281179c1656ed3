"""The edge's certificate files: which certificate they get, and how they are written."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from host.fks_deploy import tls
from host.fks_deploy.limits import EDGE_USER_ID
from host.fks_deploy.paths import Paths
from tests.host.certificate_server import OTHER_NAMES, WEB, CertificateServer


def test_a_file_is_replaced_atomically_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    assert tls.write_pem(paths, "web", b"old") is True
    (paths.tls / ".web.pem.new").write_text("left by a killed deploy")
    assert tls.write_pem(paths, "web", b"new") is True
    assert tls.write_pem(paths, "web", b"new") is False
    file = paths.tls / "web.pem"
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o400
    assert [path.name for path in file.parent.iterdir()] == ["web.pem"]


def test_the_marker_is_created_before_a_change_and_not_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths(tmp_path)
    tls.write_pem(paths, "web", b"old")
    paths.reload_needed.unlink()
    tls.write_pem(paths, "web", b"old")
    assert not paths.reload_needed.exists()
    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        tls.write_pem(paths, "web", b"new")
    assert paths.reload_needed.exists()
    assert (paths.tls / "web.pem").read_bytes() == b"old"


def interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may change a file's owner")
def test_the_file_belongs_to_the_edges_user(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    tls.write_pem(paths, "web", b"x")
    assert (paths.tls / "web.pem").stat().st_uid == EDGE_USER_ID


def test_key_and_chain_are_installed_once(certificate_server: CertificateServer) -> None:
    certificate_server.ensure(WEB)
    assert certificate_server.install(WEB) == ["web.pem"]
    key = certificate_server.live("privkey").read_text()
    chain = certificate_server.live("fullchain").read_text()
    assert certificate_server.edge_pem() == key + chain
    assert certificate_server.install(WEB) == []


@pytest.mark.parametrize("other", ["", "an older one"], ids=["no file", "an older file"])
def test_the_next_deploy_installs_what_a_failed_hook_did_not(
    certificate_server: CertificateServer, other: str
) -> None:
    certificate_server.ensure(WEB)
    certificate_server.install(WEB)
    installed = certificate_server.edge_pem()
    file = certificate_server.paths.tls / "web.pem"
    file.unlink()
    if other:
        file.write_text(other)
    assert certificate_server.install(WEB) == ["web.pem"]
    assert certificate_server.edge_pem() == installed


def test_a_rollback_installs_the_certificate_of_its_own_names(
    certificate_server: CertificateServer,
) -> None:
    certificate_server.ensure(WEB)
    certificate_server.install(WEB)
    before = certificate_server.edge_pem()
    certificate_server.ensure(OTHER_NAMES)
    assert certificate_server.install(OTHER_NAMES) == ["web.pem"]
    assert certificate_server.edge_pem() != before
    assert certificate_server.install(WEB) == ["web.pem"]
    assert certificate_server.edge_pem() == before


def test_without_a_valid_certificate_the_edges_file_stays(
    certificate_server: CertificateServer,
) -> None:
    certificate_server.ensure(WEB)
    certificate_server.install(WEB)
    before = certificate_server.edge_pem()
    assert certificate_server.install(OTHER_NAMES) == []
    assert certificate_server.edge_pem() == before
