"""The clouds as a process: `python -m rehearsal.clouds {local,serve} --help`."""

import asyncio
import json
from argparse import Namespace

from rehearsal.clouds import cli, server
from rehearsal.clouds.negative_cache import Absence
from rehearsal.clouds.app import Clouds
from rehearsal.clouds.dns import Names, NameServer
from rehearsal.clouds.docker_servers import DockerServers
from rehearsal.clouds.hosts import ByHost
from rehearsal.clouds.linode import power


async def local(asked: Namespace) -> None:
    """Three loopback ports until SIGTERM or until the parent is gone."""
    clouds = Clouds(cli.options(asked))
    clouds.bind(asyncio.get_running_loop())
    sockets = {name: server.listen("127.0.0.1", 0) for name in clouds.apps}
    ports = {name: opened.getsockname()[1] for name, opened in sockets.items()}

    def ready() -> None:
        new = asked.ports_file.with_name(asked.ports_file.name + ".new")
        new.write_text(json.dumps(ports) + "\n", encoding="utf-8")
        new.replace(asked.ports_file)

    served = [(clouds.apps[name], sockets[name]) for name in clouds.apps]
    await server.run(served, follow_parent=True, ready=ready)


async def serve(asked: Namespace) -> None:
    """HTTPS by host name, DNS, and real server containers, until SIGTERM."""
    hypervisor = DockerServers(cli.server_settings(asked))
    clouds = Clouds(cli.options(asked, hypervisor))
    loop = asyncio.get_running_loop()
    clouds.bind(loop)
    hypervisor.remove_strangers(set(clouds.linode.instances))
    account = clouds.linode
    hypervisor.watch(lambda number: account.post(lambda: power.went_off(account, number)))
    power.recover(account)
    names = Names(
        clouds.cloudflare.zone_names,
        clouds.propagation.visible,
        cli.names(asked),
        asked.forward,
        Absence(clouds.clock, clouds.linode.owner),
    )
    packages = asked.packages if asked.packages.is_dir() else None
    app = ByHost(clouds.apps, clouds.journal, packages, acme=asked.acme)
    opened = server.listen(asked.address, asked.port)
    with NameServer(names, asked.address, asked.dns_port):
        await server.run([(app, opened)], tls=(asked.cert, asked.key))


def main() -> None:
    """Run the mode the command line names."""
    asked = cli.parser().parse_args()
    asyncio.run({"local": local, "serve": serve}[asked.mode](asked))


if __name__ == "__main__":
    main()
