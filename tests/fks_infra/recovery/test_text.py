"""Keys, addresses of backends and the passphrase's place, as the sheet writes them."""

import subprocess
from pathlib import Path

import pytest

from fks_infra.recovery.text import fingerprint, passphrase_place, without_credentials
from tests.conftest import KeyPair


def test_a_fingerprint_is_that_of_ssh_keygen(key_pair: KeyPair) -> None:
    shown = subprocess.run(
        ["ssh-keygen", "-lf", "-"],
        input=key_pair.public,
        capture_output=True,
        text=True,
        check=True,
    )
    assert fingerprint(key_pair.public) == shown.stdout.split()[1]
    assert fingerprint("") == fingerprint("ssh-ed25519 %") == "no key"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:canary@git.example.org/x.git", "https://git.example.org/x.git"),
        ("git@example.org:x/y.git", "git@example.org:x/y.git"),
        ("file:///srv/state?metadata=skip", "file:///srv/state?metadata=skip"),
        (
            "s3://bucket/p?region=us&endpoint=https://a.b/c&secret_access_key=canary",
            "s3://bucket/p?region=us&endpoint=https://a.b/c",
        ),
    ],
)
def test_an_address_has_no_credentials(url: str, shown: str) -> None:
    assert without_credentials(url) == shown


@pytest.mark.parametrize(
    ("settings", "environ", "place"),
    [
        ("encryptionsalt: v1:x\n", {"PULUMI_CONFIG_PASSPHRASE": "canary"}, "variable"),
        ("encryptionsalt: v1:x\n", {"PULUMI_CONFIG_PASSPHRASE_FILE": "/k/p"}, "the file /k/p"),
        ("encryptionsalt: v1:x\n", {}, "empty: anyone"),
        ("secretsprovider: awskms://alias/x?awssdk=v2\n", {}, "none: awskms://alias/x?awssdk=v2"),
        ("config: {}\n", {}, "Pulumi Cloud"),
        (None, {}, "Pulumi Cloud"),
    ],
)
def test_the_place_of_the_passphrase(
    tmp_path: Path, settings: str | None, environ: dict[str, str], place: str
) -> None:
    file = tmp_path / "Pulumi.prod.yaml"
    if settings is not None:
        file.write_text(settings)
    found = passphrase_place(file, environ)
    assert place in found and "canary" not in found
