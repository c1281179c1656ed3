"""The operator's credentials, as the environment has them."""

from collections.abc import Mapping

from fks_infra.clouds.http import RefusedError

CREDENTIALS = (
    "LINODE_TOKEN",
    "CLOUDFLARE_API_TOKEN",
    "TAILSCALE_API_KEY",
    "TAILSCALE_OAUTH_CLIENT_ID",
    "TAILSCALE_OAUTH_CLIENT_SECRET",
)


def read(environ: Mapping[str, str], name: str) -> str:
    """The value, empty where there is none; RefusedError, without it, for one that is broken."""
    value = environ.get(name, "")
    if is_broken(value):
        raise RefusedError(f"{flaw(name)}. Take it out: {repair(name)}")
    return value


def is_broken(value: str) -> bool:
    """Whether it holds what no credential does, as a line break from a copied file."""
    return not value.isascii() or not value.isprintable() or " " in value


def flaw(name: str) -> str:
    """What is wrong with a broken one, without its value."""
    return f"{name} (hidden) has a blank, a line break or another character that no token has"


def repair(name: str) -> str:
    """The command that mends it."""
    return f"""export {name}="$(printf %s "${name}" | LC_ALL=C tr -cd '[:graph:]')\""""
