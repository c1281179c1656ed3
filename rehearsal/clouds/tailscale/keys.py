"""The auth keys of the tailnet: creation, validity, removal."""

import fnmatch
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from rehearsal.clouds.clock import Clock
from rehearsal.clouds.tailscale import catalog
from rehearsal.clouds.tailscale.auth_key import AuthKey
from rehearsal.clouds.tailscale.control_server import ControlServer
from rehearsal.clouds.tailscale.errors import failed, not_modelled

Json = dict[str, Any]
FIELDS = ("capabilities", "description", "expirySeconds")
_DESCRIPTION = re.compile(rf"[A-Za-z0-9 _-]{{0,{catalog.DESCRIPTION_LIMIT}}}")


class Keys:
    """All auth keys of one tailnet."""

    def __init__(self, clock: Clock, tag_owners: Iterable[str], control: ControlServer) -> None:
        self._clock, self._control = clock, control
        self._tag_owners = tuple(tag_owners)
        self._keys: dict[str, AuthKey] = {}
        self._last = 1

    def create(self, body: Mapping[str, Any], *, tags_needed: bool) -> Json:
        """A new key; only this answer has its text. OAuth clients must name tags."""
        for field in sorted(k for k, v in body.items() if v and k not in FIELDS):
            raise not_modelled(field)
        create = ((body.get("capabilities") or {}).get("devices") or {}).get("create") or {}
        tags = list(create.get("tags") or [])
        if not all(self.owns(tag) for tag in tags) or (tags_needed and not tags):
            raise failed(400, f"requested tags [{' '.join(tags)}] are invalid or not permitted")
        description, life = _description(body), _life(body.get("expirySeconds"))
        self._last += 1
        now = self._clock.now()
        key = AuthKey(
            id=f"k{self._last}CNTRL",
            description=description,
            expiry_seconds=int(life.total_seconds()),
            created=now.strftime(catalog.TIME),
            expires=(now + life).strftime(catalog.TIME),
            reusable=bool(create.get("reusable")),
            ephemeral=bool(create.get("ephemeral")),
            preauthorized=bool(create.get("preauthorized")),
            tags=tags,
        )
        text = self._control.issue(key)
        self._keys[key.id] = key
        return {**key.view(now), "key": text}

    def get(self, key_id: str) -> Json:
        """One key as the API shows it, or Tailscale's 404."""
        self._update_used()
        return self._find(key_id).view(self._clock.now())

    def views(self) -> list[Json]:
        """All keys as the API shows them."""
        self._update_used()
        return [key.view(self._clock.now()) for key in self._keys.values()]

    def delete(self, key_id: str) -> None:
        """Revoke a key; the devices that it admitted stay."""
        self._control.revoke(self._find(key_id))
        del self._keys[key_id]

    def revoke_expired(self) -> None:
        """Revoke expired keys in the control server, whose clock the rehearsal cannot move."""
        for key in self._keys.values():
            if key.is_expired(self._clock.now()) and not key.revoked:
                self._control.revoke(key)
                key.revoked = True

    def redeemable(self, key_id: str) -> AuthKey:
        """The key if it admits one more device, else Tailscale's 400."""
        key = self._find(key_id)
        self._update_used()
        if key.is_used_up():
            raise failed(400, f"invalid key: the one-off key {key.id} has been used already")
        if key.is_expired(self._clock.now()):
            raise failed(400, f"invalid key: the key {key.id} expired at {key.expires}")
        return key

    def owns(self, tag: str) -> bool:
        """Whether keys can have this tag."""
        return any(fnmatch.fnmatch(tag, owner) for owner in self._tag_owners)

    def dump(self) -> Json:
        """Plain data for the state file."""
        return {"last": self._last, "keys": [asdict(key) for key in self._keys.values()]}

    def load(self, state: Json) -> None:
        """Restore `dump`'s data."""
        self._last = state["last"]
        self._keys = {row["id"]: AuthKey(**row) for row in state["keys"]}

    def _update_used(self) -> None:
        unused = [key for key in self._keys.values() if not key.used]
        used = self._control.used(unused) if unused else set()
        for key in unused:
            key.used = key.id in used

    def _find(self, key_id: str) -> AuthKey:
        if key_id not in self._keys:
            raise failed(404, "key not found")
        return self._keys[key_id]


def _description(body: Mapping[str, Any]) -> str:
    text = str(body.get("description") or "")
    if not _DESCRIPTION.fullmatch(text):
        limit = f"at most {catalog.DESCRIPTION_LIMIT} alphanumeric characters"
        raise failed(400, f"description must be {limit}, spaces, hyphens or underscores")
    return text


def _life(seconds: Any) -> timedelta:
    life = timedelta(seconds=int(seconds)) if seconds else catalog.MAX_EXPIRY
    if not timedelta(0) < life <= catalog.MAX_EXPIRY:
        raise failed(400, f"expirySeconds must be between 1 and {catalog.MAX_EXPIRY.days} days")
    return life
