"""Damaged, encrypted and mismatched SSH keys are errors."""

import subprocess
from pathlib import Path

from fks_infra.config.ssh_keys import private_key_error, public_key_error
from tests.conftest import KeyPair


def made(directory: Path, *options: str) -> KeyPair:
    path = directory / "key"
    subprocess.run(["ssh-keygen", "-q", "-f", str(path), *options], check=True)
    return KeyPair(private=path.read_text(), public=path.with_suffix(".pub").read_text().strip())


def test_a_matching_pair_is_fine(key_pair: KeyPair) -> None:
    assert public_key_error(key_pair.public) is None
    assert private_key_error(key_pair.private, key_pair.public) is None


def test_an_rsa_pair_is_fine(tmp_path: Path) -> None:
    pair = made(tmp_path, "-t", "rsa", "-b", "2048", "-N", "")
    assert public_key_error(pair.public) is None
    assert private_key_error(pair.private, pair.public) is None


def test_a_key_with_a_passphrase_is_an_error(tmp_path: Path) -> None:
    pair = made(tmp_path, "-t", "ed25519", "-N", "open sesame", "-a", "1")
    assert "passphrase" in str(private_key_error(pair.private, pair.public))


def test_a_private_key_of_another_pair_is_an_error(key_pair: KeyPair, tmp_path: Path) -> None:
    other = made(tmp_path, "-t", "ed25519", "-N", "")
    assert "does not belong" in str(private_key_error(other.private, key_pair.public))


def test_a_truncated_private_key_is_an_error(key_pair: KeyPair) -> None:
    lines = key_pair.private.strip().splitlines()
    cut = "\n".join([lines[0], lines[1][:40], lines[-1]])
    assert private_key_error(cut, key_pair.public) == "is damaged"


def test_text_that_is_not_a_key_is_an_error(key_pair: KeyPair) -> None:
    assert "not an OpenSSH" in str(private_key_error("hello", key_pair.public))
    assert "not a public key" in str(public_key_error("ssh-ed25519 hello"))


def test_a_comment_that_would_break_cloud_init_is_an_error(key_pair: KeyPair) -> None:
    kind, blob = key_pair.public.split()[:2]
    assert "comment" in str(public_key_error(f'{kind} {blob} me"'))
