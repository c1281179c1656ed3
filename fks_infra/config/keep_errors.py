"""Rules of `fks:keep` and `fks:serve`: servers of both modes beside each other."""

from collections.abc import Iterator, Mapping
from typing import Any

from fks_infra.config.config_errors import config_error
from fks_infra.config.plans import SERVER_NAMES, mode_of


def keep_errors(values: Mapping[str, Any]) -> Iterator[str]:
    """The errors of both settings, whose values are valid each by itself."""
    mode, keep, serve = values["mode"], values["keep"], values["serve"] or values["mode"]
    own = [server for server in keep if mode_of(server) == mode]
    if own:
        yield config_error(
            "keep",
            keep,
            f"fks:mode {mode} has {', '.join(own)} anyway; leave out {', '.join(own)}.",
        )
    needed = [server for server in SERVER_NAMES if mode_of(server) == serve]
    missing = [server for server in needed if server not in keep]
    if serve != mode and missing:
        yield config_error(
            "serve",
            serve,
            f"fks:mode is {mode}, and without {', '.join(missing)} in fks:keep nobody serves every "
            f"name; write fks:keep: [{', '.join(needed)}], or leave out fks:serve.",
        )
