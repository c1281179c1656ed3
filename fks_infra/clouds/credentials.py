"""The providers' credentials in the environment: what is missing, what is malformed, one value."""

from collections.abc import Mapping
from dataclasses import dataclass

from fks_infra.clouds.http import RejectedError

CREDENTIALS = (
    "LINODE_TOKEN",
    "CLOUDFLARE_API_TOKEN",
    "TAILSCALE_API_KEY",
    "TAILSCALE_OAUTH_CLIENT_ID",
    "TAILSCALE_OAUTH_CLIENT_SECRET",
)
# Of the Linode token. The provider waits for deletions and resizes by the account's events.
LINODE_SCOPES = ("linodes:read_write", "firewall:read_write", "events:read_only")
BUCKET_SCOPE = "object_storage:read_write"
BUCKET_RIGHT = "with fks:backup.bucket also Object Storage read/write"
_ACCESS = {"read_write": "read/write", "read_only": "read only"}
# The same as Linode's console shows them.
LINODE_RIGHTS = ", ".join(
    f"{area.capitalize()} {_ACCESS[access]}"
    for area, access in (scope.split(":") for scope in LINODE_SCOPES)
)
CLOUDFLARE_RIGHTS = "Zone:Read and DNS:Edit on the zone"
_OAUTH = ("TAILSCALE_OAUTH_CLIENT_ID", "TAILSCALE_OAUTH_CLIENT_SECRET")


class CredentialError(RejectedError):
    """A credential is missing or malformed; no request was made."""


@dataclass(frozen=True, kw_only=True)
class MissingCredential:
    """Unset variables, what the credential is for, and a variable that may be set instead."""

    names: tuple[str, ...]
    purpose: str
    alternative: str = ""

    @property
    def message(self) -> str:
        """What is missing and what to export."""
        instead = f", or export {self.alternative}" if self.alternative else ""
        return (
            f"{' and '.join(self.names)} is not in the environment; export it before pulumi runs "
            f"({self.purpose}){instead}."
        )


def missing(environ: Mapping[str, str]) -> list[MissingCredential]:
    """One entry for each provider without credentials."""
    found = []
    if not environ.get("LINODE_TOKEN"):
        purpose = f"a token with {LINODE_RIGHTS}"
        found.append(MissingCredential(names=("LINODE_TOKEN",), purpose=purpose))
    if not environ.get("CLOUDFLARE_API_TOKEN"):
        purpose = f"a token with {CLOUDFLARE_RIGHTS}"
        found.append(MissingCredential(names=("CLOUDFLARE_API_TOKEN",), purpose=purpose))
    oauth = tuple(name for name in _OAUTH if not environ.get(name))
    if oauth and not environ.get("TAILSCALE_API_KEY"):
        found.append(
            MissingCredential(
                names=oauth,
                purpose="an OAuth client that may write auth_keys and devices and carries "
                "fks:tailnetTag",
                alternative="TAILSCALE_API_KEY",
            )
        )
    return found


def malformed(environ: Mapping[str, str]) -> list[str]:
    """The variables whose values contain what no credential contains."""
    return [name for name in CREDENTIALS if is_malformed(environ.get(name, ""))]


def is_malformed(value: str) -> bool:
    """Whether it has a character that no credential has, such as a copied file's line break."""
    return not value.isascii() or not value.isprintable() or " " in value


def malformed_message(name: str) -> str:
    """What is wrong with a malformed credential, without its value."""
    return f"{name} (hidden) has a blank, a line break or another character that no token has"


def repair_command(name: str) -> str:
    """The shell command that removes those characters."""
    return f"""export {name}="$(printf %s "${name}" | LC_ALL=C tr -cd '[:graph:]')\""""


def read(environ: Mapping[str, str], name: str) -> str:
    """The value, empty if unset; CredentialError for a malformed one."""
    value = environ.get(name, "")
    if is_malformed(value):
        raise CredentialError(malformed_message(name), f"Remove it: {repair_command(name)}")
    return value


def required(environ: Mapping[str, str], name: str) -> str:
    """The value; CredentialError where it is missing or malformed."""
    value = read(environ, name)
    if not value:
        raise CredentialError(f"{name} is not set", f"export {name}=...")
    return value
