"""The command line of the clouds, and the settings that follow from it."""

import argparse
from pathlib import Path

from rehearsal.clouds.app import CloudOptions
from rehearsal.clouds.containers import ServerSettings
from rehearsal.clouds.hosts import CLOUD_HOSTS, PACKAGE_HOSTS
from rehearsal.clouds.hypervisor import Hypervisor
from rehearsal.clouds.linode.addresses import PREFIX
from rehearsal.clouds.tailscale.headscale import HeadscaleAccess

CLOUD_ADDRESS = "198.51.100.2"
PACKAGES = Path("/var/lib/fks-packages")


def parser() -> argparse.ArgumentParser:
    """`local` and `serve` with their options."""
    top = argparse.ArgumentParser(
        prog="python -m rehearsal.clouds",
        description="Stand-ins of the Linode, Cloudflare and Tailscale APIs.",
    )
    modes = top.add_subparsers(dest="mode", required=True)
    local = modes.add_parser("local", help="three loopback ports, no servers: for previews, tests")
    local.add_argument(
        "--ports-file",
        type=Path,
        required=True,
        help='written when ready: {"linode": port, "cloudflare": port, "tailscale": port}',
    )
    serve = modes.add_parser("serve", help="HTTPS by host name, DNS, and servers as containers")
    _serve(serve)
    for mode in (local, serve):
        mode.add_argument("--zone", action="append", help="a DNS zone; repeatable (fkstrading.xyz)")
    return top


def _serve(mode: argparse.ArgumentParser) -> None:
    add = mode.add_argument
    add("--cert", required=True, help="certificate of all host names, PEM")
    add("--key", required=True, help="its private key, PEM")
    add("--image", required=True, help="Docker image of the servers")
    add("--address", default="0.0.0.0", help="listen here (0.0.0.0)")
    add("--port", type=int, default=443, help="HTTPS port (443)")
    add("--dns-port", type=int, default=53, help="port of the name server (53)")
    add("--name", action="append", help="NAME=ADDRESS for the name server; repeatable")
    add("--self-address", default=CLOUD_ADDRESS, help=f"address of the clouds ({CLOUD_ADDRESS})")
    add("--packages", type=Path, default=PACKAGES, help=f"files of the apt sources ({PACKAGES})")
    add("--headscale", help="NAME of the control server behind Tailscale's API; none: in memory")
    add("--headscale-key", type=Path, help="file with headscale's API key")
    add("--acme", help="NAME of the certificate authority to proxy")
    add("--ca", default="", help="CA file for --headscale and --acme, PEM")
    add("--trust", type=Path, help="a root certificate for the servers' trust stores, PEM")
    add("--public-prefix", default=PREFIX, help=f"of the servers' IPv4 addresses ({PREFIX})")
    add("--journal", type=Path, help="append every request to this file as a JSON line")
    add("--state", type=Path, help="file that preserves the state across restarts")
    add("--objects", type=Path, help="directory for the objects of buckets (a temporary one)")
    add("--world", default="fks", help="value of the Docker label fks.rehearsal (fks)")
    add("--network", default="fks-world", help="Docker network of the servers (fks-world)")


def options(arguments: argparse.Namespace, hypervisor: Hypervisor) -> CloudOptions:
    """The clouds' settings in the mode `serve`."""
    headscale = None
    if arguments.headscale:
        api_key = arguments.headscale_key.read_text(encoding="utf-8").strip()
        url = f"https://{arguments.headscale}"
        headscale = HeadscaleAccess(url=url, api_key=api_key, ca=arguments.ca)
    return CloudOptions(
        zones=tuple(arguments.zone or CloudOptions.zones),
        state=arguments.state,
        objects=arguments.objects,
        journal=arguments.journal,
        public_prefix=arguments.public_prefix,
        headscale=headscale,
        acme=(f"https://{arguments.acme}", arguments.ca) if arguments.acme else None,
        hypervisor=hypervisor,
    )


def server_settings(arguments: argparse.Namespace) -> ServerSettings:
    """The settings of the servers' containers."""
    return ServerSettings(
        world=arguments.world,
        network=arguments.network,
        image=arguments.image,
        resolver=arguments.self_address,
        trust=arguments.trust.read_bytes() if arguments.trust else b"",
    )


def fixed_names(arguments: argparse.Namespace) -> dict[str, str]:
    """Name -> address of the clouds' own hosts and of every --name."""
    own = (*CLOUD_HOSTS, *PACKAGE_HOSTS, *([arguments.acme] if arguments.acme else []))
    fixed = dict.fromkeys(own, arguments.self_address)
    for pair in arguments.name or ():
        name, _, address = pair.partition("=")
        if not (name and address):
            raise SystemExit(f"--name {pair}: write it as NAME=ADDRESS")
        fixed[name] = address
    return fixed
