"""Credentials of an account. Every one that begins with PREFIX exists until it is revoked."""

import secrets
from collections.abc import Callable
from hashlib import sha256

from fastapi import APIRouter

from rehearsal.clouds.http import CONTROL

PREFIX = "rehearsal-"


def identifier(token: str) -> str:
    """The token's id: what a dashboard shows of it."""
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

    def exists(self, token: str) -> bool:
        return token.startswith(PREFIX) and identifier(token) not in self.revoked


def control(tokens: Callable[[], Tokens]) -> APIRouter:
    """The control API's part for tokens: what the user does in the dashboard."""
    router = APIRouter(prefix=f"{CONTROL}tokens")

    @router.post("")
    async def create() -> dict[str, str]:
        return tokens().create()

    @router.delete("/{number}")
    async def revoke(number: str) -> dict[str, str]:
        tokens().revoke(number)
        return {}

    return router
