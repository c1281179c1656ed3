"""Which release each server serves, with the reason where that is not known."""

from pathlib import Path

import pytest

from fks_infra.delivery.serving import document, releases
from fks_infra.remote.inventory import DeployedServer

SSH = """#!/bin/sh
for last; do :; done
case "$*" in
  *deploy@100.64.0.1*) echo "releases/{digest}" ;;
  *) echo "connect to host: Connection refused" >&2; exit 255 ;;
esac
[ "$last" = "readlink /opt/fks/current" ]
"""


def server(name: str, address: str) -> DeployedServer:
    key = "ssh-ed25519 AAAA"
    return DeployedServer(name=name, roles=(name,), instance_id="1", address=address, host_key=key)


def test_releases_are_read_from_the_servers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = "ab" * 32
    ssh = tmp_path / "ssh"
    ssh.write_text(SSH.format(digest=digest))
    ssh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    servers = [server("auth", "100.64.0.1"), server("api", "100.64.0.2")]
    found = releases(servers, tmp_path / "key", 20)
    assert found == {
        "auth": digest,
        "api": "not known: connect to host: Connection refused",
    }


def test_the_table_shows_what_the_outputs_say_beside() -> None:
    text = document({"auth": "ab" * 32, "api": "not known: x"}, {"auth": "cd" * 32})
    assert text.splitlines()[2:] == [
        "| auth | abababababab | cdcdcdcdcdcd |",
        "| api | not known: x | none |",
    ]
