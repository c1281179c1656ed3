"""The edge's configuration: rendered on the host, tested and reloaded in the container."""

import re
from collections.abc import Mapping
from pathlib import Path

from . import tree
from .compose import Compose
from .errors import DeployError
from .shell import CommandFailedError

SERVICE = "edge"
TEMPLATE = ".template"
_NAME = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


def render(name: str, text: str, values: Mapping[str, str]) -> str:
    """Fill `${NAME}`; nginx's own variables are written small and stay. Error: DeployError."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise DeployError(
                f"nginx/{name} names {match[0]}, which is not in release.env: "
                f"known are {', '.join(sorted(values))}"
            )
        return values[match[1]]

    return _NAME.sub(value, text)


def wanted(source: Path, values: Mapping[str, str]) -> dict[str, bytes]:
    """What the edge is to read: templates rendered and without their ending, the rest as it is."""
    return dict(_wanted(name, text, values) for name, text in tree.read(source).items())


def _wanted(name: str, content: bytes, values: Mapping[str, str]) -> tuple[str, bytes]:
    if not name.endswith(TEMPLATE):
        return name, content
    return name.removesuffix(TEMPLATE), render(name, content.decode(), values).encode()


def reload(compose: Compose) -> None:
    """Test the configuration, then let nginx take it, and with it all else that it reads. Error:
    CommandFailedError, nginx's words."""
    try:
        compose.run_in(SERVICE, "nginx", "-t")
    except CommandFailedError as error:
        words = [line for line in error.lines if "[emerg]" in line] or [str(error)]
        raise CommandFailedError(f"nginx refuses its configuration: {words[0]}") from error
    compose.run_in(SERVICE, "nginx", "-s", "reload")
    compose.paths.reload_needed.unlink(missing_ok=True)
