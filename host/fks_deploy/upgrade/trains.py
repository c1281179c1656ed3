"""Authentik's release trains: an upgrade goes from one to the next, with a copy of the database.

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
DATABASE = "auth-postgres"
_IMAGE = "IMAGE_AUTH_SERVER"
_TAG = re.compile(r":(\d{4}\.\d+(?:\.\d+)*)(?:@|$)")
_VERSION = r"\d{4}\.\d+(\.\d+)*\S*"
# Authentik writes a row before it migrates the tables (lifecycle/system_migrations), so a database
# whose migration failed has the new version too.
SQL = "SELECT version FROM authentik_version_history ORDER BY timestamp DESC, id DESC LIMIT 1"


def check(compose: Compose, copied: str) -> None:
    """Error: DeployError for an Authentik that cannot migrate the database, and for one of another
    train unless it is for a copy of the database, which is of the version `copied`, or "". Nothing
    is checked without a running database, and without a version in the image's tag."""
    name = image(compose)
    wanted, found = version_of(name), copied or read(compose)
    if not wanted or not found:
        return
    if error := refusal(found, wanted):
        raise DeployError(f"{name}: {error}. Nothing was changed")
    if not copied and train(found) != train(wanted):
        raise DeployError(
            f"{name}: the database is of Authentik {found}, and its migration to {train(wanted)} "
            f"cannot be undone without a copy. Nothing was changed. Run fks upgrade authentik --to "
            f"{wanted}"
        )


def refusal(found: str, wanted: str) -> str:
    """Why a database of the version `found` cannot have the version `wanted`; "" if it can."""
    if _numbers(wanted) < _numbers(found):
        return f"the database is of Authentik {found}, which cannot go back to {train(wanted)}"
    between = [one for one in _after(found) if _numbers(one) < _numbers(wanted)]
    if not between:
        return ""
    return (
        f"the database is of Authentik {found}, and {train(wanted)} would skip "
        f"{', '.join(between)}: run fks upgrade authentik --to {between[0]} first"
    )


def following(found: str) -> str:
    """The train after that of the version `found`; "" after the newest known one."""
    return next(iter(_after(found)), "")


def train(version: str) -> str:
    """2026.8 for 2026.8.6."""
    return ".".join(version.split(".")[:2])


def image(compose: Compose) -> str:
    """The release's image of Authentik; "" for a release without it."""
    return compose.release.env.get(_IMAGE, "")


def version_of(image: str) -> str:
    """The version in an image's tag; "" without one."""
    found = _TAG.search(image)
    return found[1] if found else ""


def read(compose: Compose) -> str:
    """The version in the database; "" when it cannot be read."""
    psql = ("psql", "--no-psqlrc", "-qtAX", "-U", "authentik", "-d", "authentik", "-c", SQL)
    line = compose.command_line("exec", "-T", DATABASE, *psql)
    done = compose.shell.attempt(line, timeout=COMMAND_TIMEOUT, env=compose.env())
    version = done.out.strip()
    return version if done.ok and re.fullmatch(_VERSION, version) else ""


def _after(found: str) -> list[str]:
    return [one for one in TRAINS if _numbers(found) < _numbers(one)]


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:2]]
