"""Auth keys: limits and validity."""

from typing import Any

import pytest

from rehearsal.clouds.clock import Clock
from rehearsal.clouds.errors import CloudError
from rehearsal.clouds.tailscale.keys import Keys
from rehearsal.clouds.tailscale.memory_control import MemoryControl

Json = dict[str, Any]


def keys() -> tuple[Keys, MemoryControl, Clock]:
    """The keys of a new tailnet."""
    clock = Clock()
    control = MemoryControl(clock)
    return Keys(clock, ("tag:fks", "tag:fks-*"), control), control, clock


def request(seconds: int = 3600, **create: Any) -> Json:
    """A request for a key, by default pre-authorised, tagged and single-use."""
    allowed = {"preauthorized": True, "tags": ["tag:fks"], **create}
    return {"capabilities": {"devices": {"create": allowed}}, "expirySeconds": seconds}


def test_a_tag_without_an_owner_is_rejected() -> None:
    made, _, _ = keys()
    made.create(request(tags=["tag:fks-web"]), tags_needed=True)
    with pytest.raises(CloudError, match=r"400.*requested tags \[tag:prod\] are invalid"):
        made.create(request(tags=["tag:prod"]), tags_needed=True)


@pytest.mark.parametrize(
    "body",
    [{"description": "x" * 51}, {"description": "a/b"}, {"expirySeconds": 90 * 86400 + 1}],
)
def test_a_request_outside_the_limits_is_rejected(body: Json) -> None:
    made, _, _ = keys()
    with pytest.raises(CloudError, match="400"):
        made.create(body, tags_needed=False)


def test_other_fields_are_not_modelled() -> None:
    made, _, _ = keys()
    with pytest.raises(CloudError, match=r"501.*not modelled: userId"):
        made.create({**request(), "userId": "u2CNTRL"}, tags_needed=True)


def test_a_single_use_key_admits_one_device() -> None:
    made, control, _ = keys()
    key = made.create(request(), tags_needed=True)
    control.register(made, {"key": key["key"], "hostname": "fks-web-1001"})
    assert made.get(key["id"])["invalid"] is True
    with pytest.raises(CloudError) as caught:
        control.register(made, {"key": key["key"], "hostname": "fks-web-1002"})
    text = f"invalid key: the one-off key {key['id']} has been used already"
    assert caught.value.body == {"message": text}


def test_a_reusable_key_admits_many_devices() -> None:
    made, control, _ = keys()
    key = made.create(request(reusable=True), tags_needed=True)
    for number in range(2):
        control.register(made, {"key": key["key"], "hostname": f"fks-web-{number}"})
    assert made.get(key["id"])["invalid"] is False


def test_an_expired_key_admits_no_device() -> None:
    made, control, clock = keys()
    key = made.create(request(seconds=60), tags_needed=True)
    clock.advance(61)
    assert made.get(key["id"])["invalid"] is True
    with pytest.raises(CloudError, match=f"invalid key: the key {key['id']} expired at"):
        control.register(made, {"key": key["key"], "hostname": "fks-web-1001"})


@pytest.mark.parametrize("deleted", [True, False])
def test_a_revoked_key_admits_no_device(deleted: bool) -> None:
    made, control, clock = keys()
    key = made.create(request(seconds=60), tags_needed=True)
    clock.advance(61)
    if deleted:
        made.delete(key["id"])
    else:
        made.revoke_expired()
    with pytest.raises(CloudError, match="invalid key: API key does not exist"):
        control.register(made, {"key": key["key"], "hostname": "fks-web-1001"})


def test_the_keys_can_be_restored() -> None:
    made, control, clock = keys()
    made.create(request(), tags_needed=True)
    later = Keys(clock, (), control)
    later.load(made.dump())
    assert later.views() == made.views()
