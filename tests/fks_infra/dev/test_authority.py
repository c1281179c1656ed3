"""The local authority: real openssl, names below fks.localhost only."""

import subprocess
from pathlib import Path

import pytest

from fks_infra.dev import authority, place

NAMES = ("fks.localhost", "api.fks.localhost")


def openssl(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = ["openssl", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def verified(root: Path, name: str) -> "subprocess.CompletedProcess[str]":
    leaf = str(root / "authority/leaf.pem")
    store = str(place.trust(root) / "ca-certificates.crt")
    return openssl("verify", "-CAfile", store, "-verify_hostname", name, leaf)


def test_a_certificate_is_valid_for_its_names(tmp_path: Path) -> None:
    pem = authority.certificate(tmp_path, NAMES)
    authority.trust(tmp_path)
    assert pem.count(b"BEGIN CERTIFICATE") == 2
    assert b"PRIVATE KEY" in pem
    for name in NAMES:
        assert verified(tmp_path, name).returncode == 0
    assert verified(tmp_path, "other.fks.localhost").returncode != 0


def test_the_authority_is_for_no_other_domain(tmp_path: Path) -> None:
    authority.certificate(tmp_path, ["bank.example.org"])
    authority.trust(tmp_path)
    done = verified(tmp_path, "bank.example.org")
    assert done.returncode != 0
    assert "permitted subtree violation" in done.stderr + done.stdout


def test_it_stays_until_its_names_change(tmp_path: Path) -> None:
    first = authority.certificate(tmp_path, NAMES)
    own = place.authority(tmp_path).read_text()
    assert authority.certificate(tmp_path, NAMES) == first
    assert authority.certificate(tmp_path, [*NAMES, "auth.fks.localhost"]) != first
    assert place.authority(tmp_path).read_text() == own


def test_it_is_made_anew_before_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authority, "_DAYS", 10)
    first = authority.certificate(tmp_path, NAMES)
    assert authority.certificate(tmp_path, NAMES) != first


def test_keys_are_private(tmp_path: Path) -> None:
    authority.certificate(tmp_path, NAMES)
    directory = tmp_path / "authority"
    assert directory.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in directory.glob("*.key")} == {0o600}
