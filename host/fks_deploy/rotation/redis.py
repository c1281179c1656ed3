"""The passwords of a Redis in its container; its user can have several.

https://redis.io/docs/latest/commands/acl-setuser/
"""

from dataclasses import dataclass

from ..errors import DeployError
from .in_container import InContainer

LIVE_FILE = "/run/redis/.fks-password"
_LOGIN = "read -r REDISCLI_AUTH; export REDISCLI_AUTH; exec redis-cli ping"
# The first line is the password for the login, the rest are commands.
_COMMANDS = "read -r REDISCLI_AUTH; export REDISCLI_AUTH; exec redis-cli"
_REFUSED = ("WRONGPASS", "NOAUTH")


@dataclass(frozen=True)
class Redis:
    """A `Store`."""

    secret: str
    container: InContainer

    @property
    def name(self) -> str:
        return self.container.service

    def accepts(self, value: str) -> bool:
        done = self.container.shell(_LOGIN, f"{value}\n")
        text = done.out + done.err
        if any(word in text for word in _REFUSED):
            return False
        if done.out.strip() == "PONG":
            return True
        raise DeployError(f"{self.name} does not answer a login: exit code {done.code}")

    def add(self, old: str, new: str, /) -> None:
        if not self.accepts(new):
            self._set(old, f">{new}")
        self.container.write_live(new)

    def remove_others(self, new: str) -> None:
        self._set(new, f"resetpass >{new}")

    def _set(self, password: str, rules: str) -> None:
        done = self.container.shell(_COMMANDS, f"{password}\nACL SETUSER default {rules}\n")
        if done.out.strip() != "OK":
            raise DeployError(f"{self.name} did not change its passwords; run the same again")
