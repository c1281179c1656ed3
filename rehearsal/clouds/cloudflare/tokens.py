"""API tokens. Every one that begins with PREFIX exists until it is revoked."""

import secrets
from hashlib import sha256

from rehearsal.clouds.cloudflare.errors import failed

PREFIX = "rehearsal-"
# A valid token without access to any of the account's zones begins with this.
OTHER_ZONES = f"{PREFIX}elsewhere-"
VERIFY = "/client/v4/user/tokens/verify"
_OF_ONE_ZONE = "/client/v4/zones/"


def identifier(token: str) -> str:
    """The token's id: what the dashboard shows of it."""
    return sha256(f"token {token}".encode()).hexdigest()[:32]


class Tokens:
    """The tokens of one account."""

    def __init__(self) -> None:
        self.revoked: set[str] = set()

    def create(self) -> dict[str, str]:
        """A new token; only this answer has its value."""
        value = PREFIX + secrets.token_hex(20)
        return {"id": identifier(value), "value": value}

    def revoke(self, number: str) -> None:
        """Delete the token with this id."""
        self.revoked.add(number)

    def check(self, token: str, path: str) -> None:
        """CloudError for a token that does not exist, as Cloudflare answers on this path."""
        if token.startswith(PREFIX) and identifier(token) not in self.revoked:
            return
        if path == VERIFY:
            raise failed(401, 1000, "Invalid API Token")
        if path.startswith(_OF_ONE_ZONE):
            raise failed(401, 10000, "Authentication error")
        raise failed(403, 9109, "Invalid access token")
