"""The command line of the clouds, and what follows from it."""

import argparse
from pathlib import Path

from rehearsal.clouds.app import Options
from rehearsal.clouds.containers import Settings
from rehearsal.clouds.hosts import CLOUD_HOSTS, PACKAGES_HOST
from rehearsal.clouds.hypervisor import Hypervisor, NoServers
from rehearsal.clouds.linode.addresses import PREFIX
from rehearsal.clouds.tailscale.catalog import DEFAULT_TAG_OWNERS
from rehearsal.clouds.tailscale.headscale import Access

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
        _common(mode)
    return top


def _common(mode: argparse.ArgumentParser) -> None:
    mode.add_argument(
        "--zone", action="append", help="a DNS zone of the account; repeatable (fkstrading.xyz)"
    )
    mode.add_argument(
        "--tag-owner",
        action="append",
        help="a tag keys may carry, * allowed; repeatable (tag:fks*)",
    )
    mode.add_argument("--public-prefix", default=PREFIX, help=f"of the servers' IPv4 ({PREFIX})")
    mode.add_argument("--journal", type=Path, help="append every request here as a JSON line")
    mode.add_argument("--state", type=Path, help="keep what was made across restarts")


def _serve(mode: argparse.ArgumentParser) -> None:
    mode.add_argument("--cert", required=True, help="certificate of all the names, PEM")
    mode.add_argument("--key", required=True, help="its key, PEM")
    mode.add_argument("--address", default="0.0.0.0", help="where to listen (0.0.0.0)")
    mode.add_argument("--port", type=int, default=443, help="of HTTPS (443)")
    mode.add_argument("--dns-port", type=int, default=53, help="of the name server (53)")
    mode.add_argument(
        "--name", action="append", help="NAME=ADDRESS for the name server; repeatable"
    )
    mode.add_argument("--self-address", default=CLOUD_ADDRESS, help=f"ours ({CLOUD_ADDRESS})")
    mode.add_argument("--forward", help="resolver for all other names; none: they do not exist")
    mode.add_argument(
        "--packages", type=Path, default=PACKAGES, help=f"files of {PACKAGES_HOST} ({PACKAGES})"
    )
    mode.add_argument(
        "--headscale", help="NAME of the control server behind Tailscale's API; none: in memory"
    )
    mode.add_argument("--headscale-key", type=Path, help="file with the key of its API")
    mode.add_argument("--acme", help="NAME of the certificate authority to stand before")
    mode.add_argument("--ca", default="", help="CA of the certificates of these two, PEM")
    mode.add_argument("--trust", type=Path, help="a further CA the servers trust, PEM")
    mode.add_argument("--world", default="fks", help="value of the label fks.rehearsal (fks)")
    mode.add_argument("--network", default="fks-world", help="Docker network (fks-world)")
    mode.add_argument("--image", default="fks-rehearsal/server", help="image of the servers")


def options(asked: argparse.Namespace, hypervisor: Hypervisor | None = None) -> Options:
    """The clouds' settings."""
    return Options(
        zones=tuple(asked.zone or ("fkstrading.xyz",)),
        tag_owners=tuple(asked.tag_owner or DEFAULT_TAG_OWNERS),
        state=asked.state,
        journal=asked.journal,
        public_prefix=asked.public_prefix,
        headscale=_headscale(asked) if asked.mode == "serve" else None,
        acme=_acme(asked) if asked.mode == "serve" else None,
        hypervisor=hypervisor or NoServers(),
    )


def _headscale(asked: argparse.Namespace) -> Access | None:
    if not asked.headscale:
        return None
    api_key = asked.headscale_key.read_text(encoding="utf-8").strip()
    return Access(url=f"https://{asked.headscale}", api_key=api_key, ca=asked.ca)


def _acme(asked: argparse.Namespace) -> tuple[str, str] | None:
    return (f"https://{asked.acme}", asked.ca) if asked.acme else None


def server_settings(asked: argparse.Namespace) -> Settings:
    """How servers are made."""
    return Settings(
        world=asked.world,
        network=asked.network,
        image=asked.image,
        resolver=asked.self_address,
        trust=asked.trust.read_bytes() if asked.trust else b"",
    )


def names(asked: argparse.Namespace) -> dict[str, str]:
    """Fixed names: the clouds themselves, and those given as NAME=ADDRESS."""
    own = (*CLOUD_HOSTS, PACKAGES_HOST, *([asked.acme] if asked.acme else []))
    fixed = dict.fromkeys(own, asked.self_address)
    for pair in asked.name or ():
        name, equals, address = pair.partition("=")
        if not (name and equals and address):
            raise SystemExit(f"--name {pair}: write it as NAME=ADDRESS")
        fixed[name] = address
    return fixed
