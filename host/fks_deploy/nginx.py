"""The edge's configuration: rendered on the host, tested and reloaded in the container."""

import re
from collections.abc import Mapping
from pathlib import Path

from . import tree
from .compose import Compose
from .shell import CommandFailedError

SERVICE = "edge"
_NAME = re.compile(rb"\$\{([A-Z][A-Z0-9_]*)\}")


def render(text: bytes, values: Mapping[str, str]) -> bytes:
    """Fill `${NAME}` for the names in `values`. Anything else, nginx's own variables too, stays."""

    def value(match: re.Match[bytes]) -> bytes:
        name = match[1].decode()
        return values[name].encode() if name in values else match[0]

    return _NAME.sub(value, text)


def write(source: Path, target: Path, values: Mapping[str, str]) -> list[str]:
    """Render every file of `source` into `target`; returns the names that changed."""
    wanted = {name: render(text, values) for name, text in tree.read(source).items()}
    return tree.sync(target, wanted)


def reload(compose: Compose) -> None:
    """Test the configuration, then let nginx take it. Error: CommandFailedError, nginx's words."""
    try:
        compose.run_in(SERVICE, "nginx", "-t")
    except CommandFailedError as error:
        words = [line for line in error.lines if "emerg" in line] or error.lines[-1:]
        raise CommandFailedError(f"nginx refuses its configuration: {words[0]}", words) from error
    compose.run_in(SERVICE, "nginx", "-s", "reload")
