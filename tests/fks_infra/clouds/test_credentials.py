"""Credentials in the environment: missing ones, and malformed ones that are never shown."""

import subprocess

import pytest

from fks_infra.clouds.cloudflare import Cloudflare
from fks_infra.clouds.credentials import (
    CredentialError,
    MissingCredential,
    malformed,
    missing,
    read,
    repair_command,
    required,
)

QUOTED = "\u201ccanary\u201d"
MALFORMED = ["canary-token\n", "canary token", " canary", "canary\u200btoken", QUOTED, "canary\r"]
COMPLETE = {
    "LINODE_TOKEN": "a",
    "CLOUDFLARE_API_TOKEN": "b",
    "TAILSCALE_OAUTH_CLIENT_ID": "c",
    "TAILSCALE_OAUTH_CLIENT_SECRET": "d",
}


def test_nothing_is_missing_with_a_key_or_an_oauth_client() -> None:
    assert missing(COMPLETE) == []
    key = {"LINODE_TOKEN": "a", "CLOUDFLARE_API_TOKEN": "b", "TAILSCALE_API_KEY": "c"}
    assert missing(key) == []


def test_each_provider_without_credentials_is_one_entry() -> None:
    linode, cloudflare, tailscale = missing({"TAILSCALE_OAUTH_CLIENT_ID": "c"})
    assert linode.names == ("LINODE_TOKEN",)
    assert "Events read only" in linode.purpose
    assert cloudflare.names == ("CLOUDFLARE_API_TOKEN",)
    assert tailscale.names == ("TAILSCALE_OAUTH_CLIENT_SECRET",)
    assert tailscale.alternative == "TAILSCALE_API_KEY"


def test_the_message_has_names_purpose_and_alternative() -> None:
    credential = MissingCredential(names=("A", "B"), purpose="a client", alternative="C")
    assert credential.message == (
        "A and B is not in the environment; export it before pulumi runs (a client), or export C."
    )


def test_malformed_credentials_are_listed_by_name() -> None:
    environ = {**COMPLETE, "LINODE_TOKEN": "canary\n", "TAILSCALE_API_KEY": "canary token"}
    assert malformed(environ) == ["LINODE_TOKEN", "TAILSCALE_API_KEY"]
    assert malformed(COMPLETE) == []


def test_a_value_is_read_and_a_missing_one_is_empty() -> None:
    assert read({"LINODE_TOKEN": "a1_-.="}, "LINODE_TOKEN") == "a1_-.="
    assert read({}, "LINODE_TOKEN") == ""


def test_a_required_one_that_is_missing_is_an_error() -> None:
    with pytest.raises(CredentialError, match="LINODE_TOKEN is not set"):
        required({}, "LINODE_TOKEN")


@pytest.mark.parametrize("value", MALFORMED)
def test_a_malformed_one_is_named_and_sent_nowhere(value: str) -> None:
    cloudflare = Cloudflare.from_environ(
        {"CLOUDFLARE_API_TOKEN": value, "CLOUDFLARE_BASE_URL": "http://127.0.0.1:1"}
    )
    with pytest.raises(CredentialError) as raised:
        cloudflare.zone("shop.example")
    text = str(raised.value)
    assert text.startswith("CLOUDFLARE_API_TOKEN (hidden) has a blank, a line break or another")
    assert "canary" not in text


@pytest.mark.parametrize("value", MALFORMED)
def test_the_repair_command_makes_it_well_formed(value: str) -> None:
    script = f'{repair_command("TOKEN")}; printf %s "$TOKEN"'
    done = subprocess.run(
        ["sh", "-c", script], env={"TOKEN": value, "PATH": "/usr/bin:/bin"}, capture_output=True
    )
    assert read({"TOKEN": done.stdout.decode()}, "TOKEN").startswith("c")
