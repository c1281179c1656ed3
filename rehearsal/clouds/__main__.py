"""The clouds as a process: `python -m rehearsal.clouds {local,serve} --help`."""

import argparse
import asyncio
import json
from pathlib import Path

from rehearsal.clouds import server
from rehearsal.clouds.app import Clouds, Options
from rehearsal.clouds.tailscale.catalog import DEFAULT_TAG_OWNERS


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m rehearsal.clouds", description=__doc__)
    modes = top.add_subparsers(dest="mode", required=True)
    local = modes.add_parser("local", help="three loopback ports, no servers: for previews, tests")
    local.add_argument(
        "--ports-file",
        type=Path,
        required=True,
        help='written when ready: {"linode": port, "cloudflare": port, "tailscale": port}',
    )
    _common(local)
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
    mode.add_argument("--journal", type=Path, help="append every request here as a JSON line")
    mode.add_argument("--state", type=Path, help="keep what was made across restarts")


def options(asked: argparse.Namespace) -> Options:
    """From the command line to the clouds' settings."""
    return Options(
        zones=tuple(asked.zone or ("fkstrading.xyz",)),
        tag_owners=tuple(asked.tag_owner or DEFAULT_TAG_OWNERS),
        state=asked.state,
        journal=asked.journal,
    )


async def local(asked: argparse.Namespace) -> None:
    """Three loopback ports until SIGTERM or until the parent is gone."""
    clouds = Clouds(options(asked))
    clouds.bind(asyncio.get_running_loop())
    sockets = {name: server.listen("127.0.0.1", 0) for name in clouds.apps}
    ports = {name: opened.getsockname()[1] for name, opened in sockets.items()}

    def ready() -> None:
        new = asked.ports_file.with_name(asked.ports_file.name + ".new")
        new.write_text(json.dumps(ports) + "\n", encoding="utf-8")
        new.replace(asked.ports_file)

    served = [(clouds.apps[name], sockets[name]) for name in clouds.apps]
    await server.run(served, follow_parent=True, ready=ready)


def main() -> None:
    """Run the mode the command line names."""
    asked = parser().parse_args()
    asyncio.run(local(asked))


if __name__ == "__main__":
    main()
