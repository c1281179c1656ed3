"""`fks recovery-sheet`: what it prints and writes, also while Cloudflare does not answer."""

import json
from pathlib import Path
from typing import Any

import pytest

from fks_infra.cli import recovery_sheet
from fks_infra.config import stack_files
from fks_infra.recovery import encryption, facts
from tests.fks_infra.cli.servers import run

KEY = "ssh-ed25519 AAAA fks-prod"
SERVER = {
    **{"roles": ["api"], "label": "fks-prod-api", "plan": "g6-standard-2", "instanceId": "7"},
    **{"address": "100.64.0.2", "hostKey": "ssh-ed25519 AAAA", "publicAddress": "198.51.100.2"},
    **{"publicIpv6Address": "2001:db8::2", "names": ["api.example.org"]},
}
OUTPUTS: dict[str, Any] = {"inventory": {"servers": {"api": SERVER}}, "adminPassword": "[secret]"}
SETTINGS: dict[str, Any] = {
    **{"domain": "example.org", "zone": "", "region": "ca-central", "tailnetTag": "tag:fks"},
    "deployPublicKey": KEY,
    "backup": {"repository": "s3:https://a.b/c", "s3KeyId": "key-1"},
}
RECIPIENT = "age1" + "q" * 58


def pulumi(*arguments: str) -> str:
    if arguments[0] == "whoami":
        return json.dumps({"url": "s3://canary:canary@bucket?region=x"})
    if arguments[:2] == ("stack", "output"):
        return json.dumps(OUTPUTS)
    return "prod\n"


@pytest.fixture(autouse=True)
def stack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for module in (facts, recovery_sheet):
        monkeypatch.setattr(module, "pulumi", pulumi)
    monkeypatch.setattr(facts, "run", lambda command: f"{command[-1]}\n")
    monkeypatch.setattr(stack_files, "read", lambda _, *keys: [SETTINGS[key] for key in keys])
    monkeypatch.delenv("CLOUDFLARE_API_TOKEN", raising=False)
    monkeypatch.setenv("TAILSCALE_OAUTH_CLIENT_ID", "client-1")
    monkeypatch.chdir(tmp_path)


def test_the_text_has_what_must_be_kept() -> None:
    result = run("recovery-sheet", columns=200)
    assert result.exit_code == 0, result.output
    rows = [line.split(maxsplit=1) for line in result.output.splitlines()]
    assert ["state", "s3://bucket?region=x"] in rows
    for text in (
        "Recovery sheet of stack prod",
        "zone example.org, id not read: CLOUDFLARE_API_TOKEN is not set",
        "its OAuth client       client-1",
        "fks-prod-api, id 7, plan g6-standard-2",
        "198.51.100.2, 2001:db8::2",
        "repository             s3:https://a.b/c; below it",
        "its key id             key-1; the key is fks:backupS3Key",
        "State lost\n  pulumi stack select --create prod\n  fks recover-state --stack prod",
    ):
        assert text in result.output
    assert "canary" not in result.output


@pytest.mark.parametrize(
    ("outputs", "place"),
    [
        ({"backupRepository": "s3:https://h.i/fks-b/fks"}, "s3:https://h.i/fks-b/fks; below it"),
        ({}, "in the bucket, not made yet; below it"),
    ],
)
def test_a_declared_bucket_can_be_reached_without_the_laptop(
    monkeypatch: pytest.MonkeyPatch, outputs: dict[str, str], place: str
) -> None:
    monkeypatch.setitem(SETTINGS, "backup", {"bucket": "us-ord/fks-b"})
    for name, value in outputs.items():
        monkeypatch.setitem(OUTPUTS, name, value)
    text = run("recovery-sheet", columns=200).output
    assert f"repository             {place}" in text
    assert "its bucket             us-ord/fks-b, of Linode Object Storage" in text
    assert "make one in Linode's Cloud Manager (Object Storage, Access Keys)" in text


def test_the_page_is_written(tmp_path: Path) -> None:
    result = run("recovery-sheet", "--html", "sheet.html")
    assert result.output == "sheet.html: print it, and keep it outside of this machine\n"
    assert "fks-prod-api" in (tmp_path / "sheet.html").read_text()


def test_a_page_that_cannot_be_written_is_an_error() -> None:
    result = run("recovery-sheet", "--html", "none/sheet.html")
    assert result.exit_code == 2
    assert "none/sheet.html cannot be written: No such file" in result.output


def test_secrets_are_only_added_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encryption, "secrets", lambda *_: {"passphrase": "canary"})
    monkeypatch.setattr(encryption, "encrypted", lambda *_: "-----BEGIN AGE-----\n")
    result = run("recovery-sheet", "--secrets", "--encrypt-to", RECIPIENT)
    assert result.output.endswith("secrets.age\n-----BEGIN AGE-----\n\n")
    assert "canary" not in result.output


@pytest.mark.parametrize("options", [["--secrets"], ["--encrypt-to", RECIPIENT]])
def test_secrets_need_a_recipient(options: list[str]) -> None:
    result = run("recovery-sheet", *options, columns=200)
    assert result.exit_code == 2
    assert "--secrets and --encrypt-to belong together" in result.output
