"""The edge's configuration: rendered on the host, tested and reloaded in the container."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from . import file_tree
from .compose import Compose
from .errors import DeployError
from .shell import CommandFailedError

SERVICE = "edge"
COMMAND = ("nginx", "-c", "/etc/fks/nginx/nginx.conf")
TEMPLATE_SUFFIX = ".template"
_VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


def render(name: str, text: str, values: Mapping[str, str]) -> str:
    """Replace each `${NAME}` in the file `name`; nginx's own variables are in lower case and stay.
    Error: DeployError for an unknown NAME."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise DeployError(
                f"nginx/{name} uses {match[0]}, which is not in release.env. Known names: "
                f"{', '.join(sorted(values))}"
            )
        return values[match[1]]

    return _VARIABLE.sub(value, text)


def render_all(source: Path, values: Mapping[str, str]) -> dict[str, bytes]:
    """The edge's files by relative name: templates rendered and without their suffix, other files
    unchanged. Error: DeployError for an unknown NAME."""
    return dict(_rendered(name, text, values) for name, text in file_tree.read(source).items())


def _rendered(name: str, content: bytes, values: Mapping[str, str]) -> tuple[str, bytes]:
    if not name.endswith(TEMPLATE_SUFFIX):
        return name, content
    return name.removesuffix(TEMPLATE_SUFFIX), render(name, content.decode(), values).encode()


def trusted(addresses: Iterable[str]) -> str:
    """The directives that make nginx believe the client address that these addresses pass on."""
    return " ".join(f"set_real_ip_from {address};" for address in addresses)


def without_ports(files: Mapping[str, bytes], ports: Iterable[int]) -> dict[str, bytes]:
    """The rendered files, with the upstream servers on these ports of 127.0.0.1 marked as down."""
    numbers = "|".join(str(port) for port in ports)
    server = re.compile(rf"(server 127\.0\.0\.1:(?:{numbers})\b[^;]*);".encode())
    return {name: server.sub(rb"\1 down;", content) for name, content in files.items()}


def reload(compose: Compose) -> None:
    """Test the configuration, reload it together with the certificates, and delete the marker
    `reload-needed`. Error: CommandFailedError with nginx's message."""
    try:
        compose.execute(SERVICE, *COMMAND, "-t")
    except CommandFailedError as error:
        messages = [line for line in error.lines if "[emerg]" in line] or [str(error)]
        raise CommandFailedError(f"nginx rejects its configuration: {messages[0]}") from error
    compose.execute(SERVICE, *COMMAND, "-s", "reload")
    compose.paths.reload_needed.unlink(missing_ok=True)
