"""The api server."""

from fks_infra.components.servers import ServerComponent


class ApiServer(ServerComponent):
    """The trading API, its workers, its database and queues."""

    TYPE = "fks:infra:ApiServer"
