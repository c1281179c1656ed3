"""The password of a PostgreSQL in its container.

A role has one password, so the old one ends at once; connections that are open stay.
"""

from dataclasses import dataclass

from ..errors import DeployError
from .in_container import InContainer
from .scram import verifier

LIVE_FILE = "/var/run/postgresql/.fks-password"
# By the socket, which needs no password.
_CHANGE = (
    "exec psql --no-psqlrc -qtAX -v ON_ERROR_STOP=1 "
    '-U "$POSTGRES_USER" -d "$POSTGRES_DB" >/dev/null'
)
# Over the network, as the applications log in.
_LOGIN = (
    "read -r PGPASSWORD; export PGPASSWORD; exec psql --no-psqlrc -qtAX -w "
    '-h "$(hostname)" -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "SELECT 1"'
)
_REFUSED = "password authentication failed"


@dataclass(frozen=True)
class Postgres:
    """A `Store`."""

    secret: str
    container: InContainer

    @property
    def name(self) -> str:
        return self.container.service

    def accepts(self, value: str) -> bool:
        done = self.container.shell(_LOGIN, f"{value}\n")
        if done.ok:
            return True
        if _REFUSED in done.err:
            return False
        raise DeployError(f"{self.name} does not answer a login: exit code {done.code}")

    def add(self, _old: str, new: str, /) -> None:
        if not self.accepts(new):
            self._change(new)
        self.container.write_live(new)

    def remove_others(self, new: str) -> None:
        """There are none."""

    def _change(self, new: str) -> None:
        statement = f"ALTER ROLE CURRENT_USER PASSWORD '{verifier(new)}';\n"
        if not self.container.shell(_CHANGE, statement).ok:
            raise DeployError(f"{self.name} did not change its password; the old one is in service")
