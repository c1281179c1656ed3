"""Auth keys: what they allow, for how long, and who has used them."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from rehearsal.clouds.clock import Clock, parse
from rehearsal.clouds.tailscale import catalog
from rehearsal.clouds.tailscale.errors import bad_key, bad_tags, failed, key_not_found

if TYPE_CHECKING:
    from rehearsal.clouds.tailscale.control_server import ControlServer

Json = dict[str, Any]
_DESCRIPTION = re.compile(r"[A-Za-z0-9 _-]*")


def stamp(moment: datetime) -> str:
    """A time as Tailscale writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(kw_only=True)
class Key:
    """One auth key. Its text is not kept; `control_id` is its name at the control server."""

    id: str
    description: str
    expiry_seconds: int
    created: str
    expires: str
    reusable: bool
    ephemeral: bool
    preauthorized: bool
    tags: list[str]
    used: bool = False
    revoked: bool = False
    control_id: str = ""

    def view(self, now: datetime) -> Json:
        """The key as the API shows it; the text itself is only ever in the answer to POST."""
        create = {k: getattr(self, k) for k in ("reusable", "ephemeral", "tags", "preauthorized")}
        return {
            "id": self.id,
            "keyType": "auth",
            "description": self.description,
            "expirySeconds": self.expiry_seconds,
            "created": self.created,
            "updated": self.created,
            "expires": self.expires,
            "invalid": self.is_spent() or self.is_over(now),
            "capabilities": {"devices": {"create": create}},
            "userId": "u1CNTRL",
        }

    def is_spent(self) -> bool:
        """A one-off key lets one device in."""
        return self.used and not self.reusable

    def is_over(self, now: datetime) -> bool:
        """Its time has passed."""
        return now >= parse(self.expires)


class Keys:
    """The auth keys of one tailnet."""

    def __init__(self, clock: Clock, tag_owners: Iterable[str], control: ControlServer) -> None:
        self._clock, self._control = clock, control
        self._tag_owners = tuple(tag_owners)
        self._keys: dict[str, Key] = {}
        self._last = 1

    def create(self, wanted: Mapping[str, Any], *, tags_needed: bool) -> Json:
        """A new key; its text is in the answer and nowhere else. OAuth clients must name tags."""
        asked = ((wanted.get("capabilities") or {}).get("devices") or {}).get("create") or {}
        tags = list(asked.get("tags") or [])
        self.check_tags(tags, needed=tags_needed)
        description = str(wanted.get("description") or "")
        _check_description(description)
        life = _life(wanted.get("expirySeconds"))
        self._last += 1
        number, now = f"k{self._last}CNTRL", self._clock.now()
        key = Key(
            id=number,
            description=description,
            expiry_seconds=int(life.total_seconds()),
            created=stamp(now),
            expires=stamp(now + life),
            reusable=bool(asked.get("reusable")),
            ephemeral=bool(asked.get("ephemeral")),
            preauthorized=bool(asked.get("preauthorized")),
            tags=tags,
        )
        text = self._control.issue(key)
        self._keys[key.id] = key
        return {**key.view(now), "key": text}

    def get(self, key_id: str) -> Json:
        """One key as the API shows it, or Tailscale's 404."""
        self._note_use()
        return self._find(key_id).view(self._clock.now())

    def views(self) -> list[Json]:
        """All keys."""
        self._note_use()
        return [key.view(self._clock.now()) for key in self._keys.values()]

    def delete(self, key_id: str) -> None:
        """Revoke it; devices it let in stay."""
        self._control.revoke(self._find(key_id))
        del self._keys[key_id]

    def revoke_expired(self) -> None:
        """Tell the control server, whose clock nobody moves, which keys' time has passed."""
        for key in self._keys.values():
            if key.is_over(self._clock.now()) and not key.revoked:
                self._control.revoke(key)
                key.revoked = True

    def redeemable(self, key_id: str) -> Key:
        """The key, if it lets one more device in; the refusal says why not."""
        key = self._find(key_id)
        self._note_use()
        if key.is_spent():
            raise bad_key(f"the one-off key {key.id} has been used already")
        if key.is_over(self._clock.now()):
            raise bad_key(f"the key {key.id} expired at {key.expires}")
        return key

    def check_tags(self, tags: list[str], *, needed: bool) -> None:
        """Every tag needs an owner; OAuth clients and tagged keys cannot do without any."""
        if not all(self.owns(tag) for tag in tags) or (needed and not tags):
            raise bad_tags(tags)

    def owns(self, tag: str) -> bool:
        """Whether the credentials may give this tag."""
        return any(fnmatch.fnmatch(tag, owner) for owner in self._tag_owners)

    def dump(self) -> Json:
        """Plain data for the state file."""
        return {"last": self._last, "keys": [asdict(key) for key in self._keys.values()]}

    def load(self, state: Json) -> None:
        """Take `dump`'s data back."""
        self._last = state["last"]
        self._keys = {row["id"]: Key(**row) for row in state["keys"]}

    def _note_use(self) -> None:
        unused = [key for key in self._keys.values() if not key.used]
        if unused:
            used = self._control.used(unused)
            for key in unused:
                key.used = key.id in used

    def _find(self, key_id: str) -> Key:
        if key_id not in self._keys:
            raise key_not_found()
        return self._keys[key_id]


def _life(seconds: Any) -> timedelta:
    life = timedelta(seconds=int(seconds)) if seconds else catalog.DEFAULT_EXPIRY
    if not timedelta(0) < life <= catalog.MAX_EXPIRY:
        raise failed(400, f"expirySeconds must be between 1 and {catalog.MAX_EXPIRY.days} days")
    return life


def _check_description(text: str) -> None:
    if len(text) > catalog.DESCRIPTION_LIMIT or not _DESCRIPTION.fullmatch(text):
        raise failed(
            400,
            f"description must be at most {catalog.DESCRIPTION_LIMIT} alphanumeric characters, "
            "spaces, hyphens or underscores",
        )
