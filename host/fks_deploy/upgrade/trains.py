"""Authentik's release trains: an upgrade goes from one to the next.

https://docs.goauthentik.io/install-config/upgrade/ ("do not skip"). Since 2026.8 Authentik refuses
a skip itself, after its containers were replaced; here it is refused before.
"""

import re

from ..compose import COMMAND_TIMEOUT, Compose
from ..errors import DeployError

TRAINS = (
    *("2025.2", "2025.4", "2025.6", "2025.8", "2025.10", "2025.12"),
    *("2026.2", "2026.5", "2026.8"),
)
_IMAGE, _DATABASE = "IMAGE_AUTH_SERVER", "auth-postgres"
_VERSION = re.compile(r":(\d{4}\.\d+)(?:\.\d+)*(?:@|$)")
# Authentik writes a row when it has migrated the database.
_SQL = "SELECT version FROM authentik_version_history ORDER BY timestamp DESC, id DESC LIMIT 1"


def check(compose: Compose) -> None:
    """Error: DeployError for an Authentik that cannot migrate the database. Nothing is checked
    without a running database, and without a version in the image's tag."""
    image = compose.release.env.get(_IMAGE, "")
    wanted = _VERSION.search(image)
    if wanted and (found := _found(compose)) and (error := refusal(found, wanted[1])):
        raise DeployError(f"{image}: {error}. Nothing was changed")


def refusal(found: str, wanted: str) -> str:
    """Why a database of the version `found` cannot have the train `wanted`; "" if it can."""
    train = ".".join(found.split(".")[:2])
    if _numbers(wanted) < _numbers(train):
        return f"the database is of Authentik {found}, which cannot go back to {wanted}"
    between = [one for one in TRAINS if _numbers(train) < _numbers(one) < _numbers(wanted)]
    if not between:
        return ""
    return (
        f"the database is of Authentik {found}, and {wanted} would skip {', '.join(between)}. Set "
        f"fks:services.auth-server.image and .auth-worker.image to the newest {between[0]} first"
    )


def _found(compose: Compose) -> str:
    """The version in the database; "" when it cannot be read."""
    psql = ("psql", "--no-psqlrc", "-qtAX", "-U", "authentik", "-d", "authentik", "-c", _SQL)
    line = compose.command_line("exec", "-T", _DATABASE, *psql)
    done = compose.shell.attempt(line, timeout=COMMAND_TIMEOUT, env=compose.env())
    version = done.out.strip()
    return version if done.ok and re.fullmatch(r"\d{4}\.\d+(\.\d+)*\S*", version) else ""


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:2]]
