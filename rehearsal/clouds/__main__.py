"""The clouds as a process: `python -m rehearsal.clouds {local,serve} --help`."""

import asyncio
import json
from argparse import Namespace

from rehearsal.clouds import cli, server
from rehearsal.clouds.app import NAMES, CloudOptions, Clouds
from rehearsal.clouds.dns import NameServer, ZoneResolver
from rehearsal.clouds.docker_servers import DockerServers
from rehearsal.clouds.hosts import HostRouter
from rehearsal.clouds.linode import watchdog
from rehearsal.clouds.negative_cache import NegativeCache
from rehearsal.clouds.simulated_servers import SimulatedServers


async def local(arguments: Namespace) -> None:
    """Three loopback ports, until SIGTERM or until the parent process is gone."""
    servers = SimulatedServers()
    zones = tuple(arguments.zone or CloudOptions.zones)
    clouds = Clouds(CloudOptions(zones=zones, hypervisor=servers))
    servers.join = clouds.register_in_memory
    clouds.bind(asyncio.get_running_loop())
    sockets = {name: server.listen("127.0.0.1", 0) for name in NAMES}
    ports = {name: opened.getsockname()[1] for name, opened in sockets.items()}

    def ready() -> None:
        new = arguments.ports_file.with_name(arguments.ports_file.name + ".new")
        new.write_text(json.dumps(ports) + "\n", encoding="utf-8")
        new.replace(arguments.ports_file)

    served = [(clouds.apps[name], sockets[name]) for name in NAMES]
    await server.run(served, follow_parent=True, ready=ready)


async def serve(arguments: Namespace) -> None:
    """HTTPS by host name, DNS, and server containers, until SIGTERM."""
    hypervisor = DockerServers(cli.server_settings(arguments))
    clouds = Clouds(cli.options(arguments, hypervisor))
    clouds.bind(asyncio.get_running_loop())
    account = clouds.linode
    hypervisor.remove_unknown(set(account.instances))
    hypervisor.watch(lambda number: account.post(lambda: watchdog.handle_stop(account, number)))
    watchdog.recover(account)
    resolver = ZoneResolver(
        clouds.cloudflare.zone_names,
        clouds.propagation.visible,
        cli.fixed_names(arguments),
        NegativeCache(clouds.clock, account.owner),
    )
    packages = arguments.packages if arguments.packages.is_dir() else None
    app = HostRouter(clouds.apps, clouds.journal, packages, acme=arguments.acme)
    opened = server.listen(arguments.address, arguments.port)
    with NameServer(resolver, arguments.address, arguments.dns_port):
        await server.run([(app, opened)], tls=(arguments.cert, arguments.key))


def main() -> None:
    """Run the mode of the command line."""
    arguments = cli.parser().parse_args()
    asyncio.run({"local": local, "serve": serve}[arguments.mode](arguments))


if __name__ == "__main__":
    main()
