"""The auth server."""

from fks_infra.components.servers import ServerComponent


class AuthServer(ServerComponent):
    """Authentik with its database: who may come in."""

    TYPE = "fks:infra:AuthServer"
