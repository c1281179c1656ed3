"""Credentials in the environment: whole ones, and broken ones that are never shown."""

import subprocess

import pytest

from fks_infra.clouds.cloudflare import Zone
from fks_infra.clouds.credentials import read, repair
from fks_infra.clouds.http import RefusedError
from fks_infra.clouds.tailscale import Credentials

QUOTED = "\u201ccanary\u201d"
BROKEN = ["canary-token\n", "canary token", " canary", "canary\u200btoken", QUOTED, "canary\r"]


def test_a_whole_one_is_read_and_a_missing_one_is_empty() -> None:
    assert read({"LINODE_TOKEN": "a1_-.="}, "LINODE_TOKEN") == "a1_-.="
    assert read({}, "LINODE_TOKEN") == ""


@pytest.mark.parametrize("value", BROKEN)
def test_a_broken_one_is_refused_by_its_name(value: str) -> None:
    with pytest.raises(RefusedError) as raised:
        Zone.read("zone", {"CLOUDFLARE_API_TOKEN": value})
    text = str(raised.value)
    assert text.startswith("CLOUDFLARE_API_TOKEN (hidden) has a blank, a line break or another")
    assert "canary" not in text


@pytest.mark.parametrize(
    "name", ["TAILSCALE_API_KEY", "TAILSCALE_OAUTH_CLIENT_ID", "TAILSCALE_OAUTH_CLIENT_SECRET"]
)
def test_every_credential_of_the_tailnet_is_looked_at(name: str) -> None:
    good = {"TAILSCALE_OAUTH_CLIENT_ID": "id", "TAILSCALE_OAUTH_CLIENT_SECRET": "secret"}
    with pytest.raises(RefusedError, match=f"^{name} "):
        Credentials.read({**good, name: "canary\n"})


@pytest.mark.parametrize("value", BROKEN)
def test_the_remedy_mends_it(value: str) -> None:
    script = f'{repair("TOKEN")}; printf %s "$TOKEN"'
    done = subprocess.run(
        ["sh", "-c", script], env={"TOKEN": value, "PATH": "/usr/bin:/bin"}, capture_output=True
    )
    assert read({"TOKEN": done.stdout.decode()}, "TOKEN").startswith("c")
