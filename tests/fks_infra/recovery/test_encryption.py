"""The secrets of a stack, encrypted: who can read them, and what is in no message."""

import json
import stat
import subprocess
from pathlib import Path

import pytest

from fks_infra.errors import OperatorError
from fks_infra.recovery import encryption

# Of the right form; nobody has its key.
RECIPIENT = "age1" + "q" * 58
STATE = {
    "deployment": {
        "resources": [
            {"type": "pulumi:pulumi:Stack", "urn": "urn::prod"},
            {
                "type": "random:index/randomPassword:RandomPassword",
                "urn": "urn:pulumi:prod::fks::x::secrets-jwt-secret",
                "outputs": {"result": {"4dabf": "1b470", "plaintext": '"canary-jwt"'}},
            },
        ]
    }
}
CONFIG = {
    "fks:domain": {"value": "example.org"},
    "fks:deployKey": {"value": "canary-key", "secret": True},
}


def pulumi(*arguments: str) -> str:
    assert "--show-secrets" in arguments and arguments[-1] == "prod"
    return json.dumps(CONFIG if arguments[0] == "config" else STATE)


def test_the_secrets_are_those_of_passphrase_settings_and_state(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(encryption, "pulumi", pulumi)
    assert encryption.secrets("prod", {"PULUMI_CONFIG_PASSPHRASE": "canary-pass"}) == {
        "stack": "prod",
        "passphrase": "canary-pass",
        "config": {"fks:deployKey": "canary-key"},
        "generated": {"secrets-jwt-secret": "canary-jwt"},
    }


def test_the_passphrase_may_be_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_text("canary\n")
    assert encryption.passphrase({"PULUMI_CONFIG_PASSPHRASE_FILE": str(file)}) == "canary"
    assert encryption.passphrase({}) == ""
    with pytest.raises(OperatorError, match="cannot be read: No such file"):
        encryption.passphrase({"PULUMI_CONFIG_PASSPHRASE_FILE": str(tmp_path / "none")})


def test_only_public_keys_are_recipients() -> None:
    encryption.check_recipients([RECIPIENT, "ssh-ed25519 AAAA someone"])
    with pytest.raises(OperatorError) as raised:
        encryption.check_recipients([RECIPIENT, "AGE-SECRET-KEY-1CANARY"])
    assert "--encrypt-to, value 2, is neither" in str(raised.value)
    assert "CANARY" not in str(raised.value)


def test_age_gets_the_document_by_its_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "age"
    program.write_text(f'#!/bin/sh\necho "$@" >{tmp_path}/arguments\nexec rev\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    armor = encryption.encrypted({"passphrase": "canary"}, [RECIPIENT])
    turned = subprocess.run(["rev"], input=armor, capture_output=True, text=True, check=True)
    assert json.loads(turned.stdout) == {"passphrase": "canary"}
    arguments = (tmp_path / "arguments").read_text()
    assert arguments == f"--encrypt --armor --recipient {RECIPIENT}\n"


def test_without_age_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(OperatorError, match="apt-get install age"):
        encryption.encrypted({}, [RECIPIENT])
