"""The web server."""

from fks_infra.components.servers import ServerComponent


class WebServer(ServerComponent):
    """The React application and the way from it to the other two."""

    TYPE = "fks:infra:WebServer"
