"""What the recovery sheet says of a stack: read from its files, outputs and environment."""

import json
import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any

from fks_infra.clouds.cloudflare import Cloudflare
from fks_infra.config import stack_files
from fks_infra.config.pulumi_cli import pulumi, run
from fks_infra.errors import OperatorError
from fks_infra.paths import PROJECT_ROOT
from fks_infra.preflight.cloud_calls import cloud_call
from fks_infra.recovery.sheet import BLANK, Section
from fks_infra.recovery.text import fingerprint, passphrase_place, without_credentials

_PROVIDERS = ("cloudflare", "command", "linode", "random", "tailscale")
_PACKAGES = ("pulumi", *(f"pulumi-{name}" for name in _PROVIDERS))
_DEFAULT = "/var/backups/fks/repository"
# What remains when the state is lost; a key for this bucket is enough.
_NEW_KEY = (
    "in the state, and /etc/fks/backup/s3 on servers with data; without both, make one in Linode's "
    "Cloud Manager (Object Storage, Access Keys) with read/write on this bucket"
)
Rows = Iterator[tuple[str, str]]


def sections(stack: str, environ: Mapping[str, str]) -> tuple[Section, ...]:
    """All but the drills; OperatorError if the stack cannot be read. No secret is read."""
    outputs = json.loads(pulumi("stack", "output", "--json", "--stack", stack) or "{}")
    inventory = outputs.get("inventory") or {}
    return (
        Section(title="Keep outside of this machine", rows=tuple(_kept(stack, environ))),
        Section(title="Accounts", rows=tuple(_accounts(stack, environ))),
        *_servers(inventory),
        Section(title="Backups", rows=tuple(_backups(stack, outputs.get("backupRepository", "")))),
        Section(title="Tools", rows=tuple(_tools())),
    )


def _kept(stack: str, environ: Mapping[str, str]) -> Rows:
    (public,) = stack_files.read(stack, "deployPublicKey")
    settings = stack_files.file_name(stack)
    yield "checkout", _git("remote", "get-url", "origin") or "no remote origin"
    yield "commit", _git("rev-parse", "HEAD") or "not in git"
    yield "settings", f"{settings}, in the checkout; its secrets are encrypted"
    url = json.loads(pulumi("whoami", "--verbose", "--json"))["url"]
    yield "state", without_credentials(url)
    yield "passphrase", passphrase_place(PROJECT_ROOT / settings, environ)
    yield "passphrase is kept at", BLANK
    yield "deploy key", f"{public} ({fingerprint(public)})" if public else "none yet"
    yield "its private half", f"fks:deployKey in {settings}, and nowhere else"


def _git(*arguments: str) -> str:
    try:
        found = run(["git", "-C", str(PROJECT_ROOT), *arguments]).strip()
    except OperatorError:
        return ""
    return without_credentials(found)


def _accounts(stack: str, environ: Mapping[str, str]) -> Rows:
    domain, zone, region, tag = stack_files.read(stack, "domain", "zone", "region", "tailnetTag")
    yield "Linode", f"region {region}; the instances' labels are below"
    yield "Cloudflare", f"zone {zone or domain}, id {_zone_id(zone or domain, environ)}"
    yield "Tailscale", f"tailnet {environ.get('TAILSCALE_TAILNET') or 'of the key'}, tag {tag}"
    client = environ.get("TAILSCALE_OAUTH_CLIENT_ID")
    yield "its OAuth client", client or "none: TAILSCALE_API_KEY is used"
    yield "logins are kept at", BLANK


def _zone_id(zone: str, environ: Mapping[str, str]) -> str:
    """The sheet is also made while Cloudflare cannot be asked."""
    try:
        return cloud_call(lambda: Cloudflare.from_environ(environ).zone(zone)).id
    except OperatorError as error:
        return f"not read: {error}"


def _servers(inventory: Mapping[str, Any]) -> Iterator[Section]:
    for name, one in (inventory.get("servers") or {}).items():
        rows = (
            ("Linode", f"{one['label']}, id {one['instanceId']}, plan {one['plan']}"),
            ("tailnet address", one["address"]),
            ("public addresses", f"{one['publicAddress']}, {one['publicIpv6Address']}"),
            ("SSH host key", fingerprint(one["hostKey"])),
            ("names", ", ".join(one["names"])),
        )
        yield Section(title=f"Server {name}: {', '.join(one['roles'])}", rows=rows)


def _backups(stack: str, declared: str) -> Rows:
    """`declared` is the repository in the bucket that the program made, "" for none."""
    (found,) = stack_files.read(stack, "backup")
    # host/fks_deploy/backup/settings.py
    bucket = found.get("bucket")
    nowhere = (
        "in the bucket, not made yet" if bucket else f"{_DEFAULT}, lost with the server's disk"
    )
    place = found.get("repository") or declared or nowhere
    yield "repository", f"{without_credentials(place)}; below it one for each data set"
    yield "its password", "output backupPassword; /etc/fks/backup/password on servers with data"
    if key := found.get("hostKey"):
        yield "its host key", fingerprint(key)
    if key_id := found.get("s3KeyId"):
        yield "its key id", f"{key_id}; the key is fks:backupS3Key"
    if bucket:
        yield "its bucket", f"{bucket}, of Linode Object Storage; it outlives the servers and state"
        yield "its key", _NEW_KEY


def _tools() -> Rows:
    yield "Python", platform.python_version()
    yield "packages", ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    yield "others", "git, OpenSSH's client, age, Tailscale's client"
