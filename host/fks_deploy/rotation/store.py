"""What knows a password besides the files: a database, a Redis, or Authentik."""

from typing import Protocol


class Store(Protocol):
    """`secret` is ROLE/NAME of the password's file, `name` is for messages. All methods may be
    repeated. Error: DeployError."""

    @property
    def secret(self) -> str: ...

    @property
    def name(self) -> str: ...

    def accepts(self, value: str) -> bool:
        """Whether a login with this value succeeds now."""
        ...

    def add(self, old: str, new: str, /) -> None:
        """Make it accept `new`, beside `old` where it can have both."""
        ...

    def remove_others(self, new: str) -> None:
        """Make it accept only `new`."""
        ...
