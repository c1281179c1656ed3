"""The command line of the clouds."""

from pathlib import Path

import pytest

from rehearsal.clouds import cli
from rehearsal.clouds.hypervisor import NoServers
from rehearsal.clouds.linode import catalog
from rehearsal.clouds.linode.object_storage import endpoint

SERVE = ["serve", "--cert", "c.pem", "--key", "k.pem", "--image", "server:1"]


def test_the_options_of_serve_become_settings(tmp_path: Path) -> None:
    key, trust = tmp_path / "headscale.key", tmp_path / "root.pem"
    key.write_text("canary-key\n")
    trust.write_bytes(b"PEM")
    more = ["--headscale", "control.test", "--headscale-key", str(key), "--ca", "ca.pem"]
    more += [
        "--acme",
        "acme.test",
        "--trust",
        str(trust),
        "--zone",
        "a.test",
        "--zone",
        "b.test",
    ]
    arguments = cli.parser().parse_args([*SERVE, *more])
    options = cli.options(arguments, NoServers())
    assert options.zones == ("a.test", "b.test")
    assert options.acme == ("https://acme.test", "ca.pem")
    assert options.headscale is not None
    access = options.headscale
    assert (access.url, access.api_key, access.ca) == (
        "https://control.test",
        "canary-key",
        "ca.pem",
    )
    settings = cli.server_settings(arguments)
    assert (settings.trust, settings.image) == (b"PEM", "server:1")


def test_the_names_of_the_clouds_and_of_the_authority_are_fixed() -> None:
    more = ["--self-address", "192.0.2.1", "--acme", "acme.test", "--name", "apt.test=192.0.2.9"]
    assert cli.fixed_names(cli.parser().parse_args([*SERVE, *more])) == {
        "api.linode.com": "192.0.2.1",
        "api.cloudflare.com": "192.0.2.1",
        "api.tailscale.com": "192.0.2.1",
        "discord.com": "192.0.2.1",
        "hooks.rehearsal.internal": "192.0.2.1",
        "pkgs.tailscale.com": "192.0.2.1",
        "nvidia.github.io": "192.0.2.1",
        **{endpoint(row["id"]): "192.0.2.1" for row in catalog.rows("regions")},
        "acme.test": "192.0.2.1",
        "apt.test": "192.0.2.9",
    }


def test_a_name_without_an_address_is_rejected() -> None:
    arguments = cli.parser().parse_args([*SERVE, "--name", "apt.test"])
    with pytest.raises(SystemExit, match=r"--name apt.test: write it as NAME=ADDRESS"):
        cli.fixed_names(arguments)
