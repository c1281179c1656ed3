"""The logins of the world's image registry: a host without any asks for no password."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping

import docker

from rehearsal.world import docker_api as api
from rehearsal.world.names import container_name

# Host -> (user, password) of each login. A host with an empty collection refuses everything.
Logins = Mapping[str, Collection[tuple[str, str]]]

_NEW = "logins-new"
_EXCHANGE = (
    "cd /etc/fks && mkdir -p logins && mv -T --exchange logins-new logins && rm -r logins-new"
)


def set_logins(client: docker.DockerClient, logins: Logins) -> None:
    """Replace all logins at once, as the user does on the registry's pages."""
    container = client.containers.get(container_name("registry"))
    api.put_files(container, "/etc/fks", login_files(logins))
    code, output = api.execute(container, ["sh", "-c", _EXCHANGE])
    if code != 0:
        raise RuntimeError(f"cannot replace the registry's logins: {output}")


def login_files(logins: Logins) -> dict[str, bytes]:
    """The empty files that rehearsal/images/registry/nginx.conf looks for, by path."""
    names = [f"{_NEW}/hosts"]
    for host, accepted in logins.items():
        names.append(f"{_NEW}/{host}/logins")
        for user, password in accepted:
            header = base64.b64encode(f"{user}:{password}".encode()).decode()
            names.append(f"{_NEW}/{host}/{header}.login")
    return dict.fromkeys(names, b"")
