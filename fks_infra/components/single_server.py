"""The single server."""

from fks_infra.components.servers import ServerComponent


class SingleServer(ServerComponent):
    """All three roles on one machine, each stack as it is on a server of its own."""

    TYPE = "fks:infra:SingleServer"
