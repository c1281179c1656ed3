"""The secret values that this server stores in files, to mask them in what leaves it."""

import base64
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from .paths import Paths
from .rotation import previous


def values(paths: Paths) -> Iterator[str]:
    """Secrets of roles, tokens of certbot, private keys, the webhook, the repository for backups,
    and registry logins."""
    yield from previous.stored(paths)
    for file in sorted(paths.acme_dns_token.parent.glob("*.ini")):
        yield from _of_ini(file)
    for file in sorted(paths.letsencrypt.glob("archive/*/privkey*.pem")):
        yield from (line for line in file.read_text().splitlines() if "-----" not in line)
    if paths.alert_webhook.exists():
        yield paths.alert_webhook.read_text().strip()
    yield from _of_backups(paths.backup)
    yield from _registry_logins(paths.docker_config / "config.json")


def _of_ini(file: Path) -> Iterator[str]:
    """The values of NAME = VALUE lines; a key id is no secret."""
    for line in file.read_text().splitlines():
        name, _, value = line.partition("=")
        if value and not name.strip().endswith(("kid", "key_id")):
            yield value.strip()


def _of_backups(directory: Path) -> Iterator[str]:
    """The password, the S3 key and the lines of the SSH key."""
    for name in ("password", "ssh-key"):
        text = (directory / name).read_text() if (directory / name).exists() else ""
        yield from (line for line in text.splitlines() if line and "-----" not in line)
    if (directory / "s3").exists():
        yield from _of_ini(directory / "s3")


def _registry_logins(file: Path) -> Iterator[str]:
    """Each login as Docker stores it (base64), as USER:PASSWORD, and the password."""
    if not file.exists():
        return
    for entry in json.loads(file.read_text()).get("auths", {}).values():
        if encoded := entry.get("auth", ""):
            yield encoded
            with suppress(ValueError):
                login = base64.b64decode(encoded).decode()
                yield from (login, login.partition(":")[2])
