"""The tailnet: its reset, and the expiry of its keys."""

from rehearsal.clouds.clock import Clock
from rehearsal.clouds.tailscale.cloud import TailscaleCloud
from rehearsal.clouds.tailscale.devices import TailnetDevice
from rehearsal.clouds.tailscale.memory_control import MemoryControl

OPERATOR = TailnetDevice(
    id="1",
    hostname="operator",
    name="operator",
    addresses=["100.64.0.1"],
    created="2026-11-23T15:00:00Z",
    last_seen="2026-11-23T15:00:00Z",
    machine_key="mkey:1",
    node_key="nodekey:1",
    tags=["tag:operator"],
)


class WithOperator(MemoryControl):
    """A control server that also has a device with a foreign tag."""

    def devices(self) -> list[TailnetDevice]:
        return [OPERATOR, *super().devices()]


def test_a_reset_removes_the_keys_and_only_the_devices_with_their_tags() -> None:
    control = WithOperator(Clock())
    tailnet = TailscaleCloud(Clock(), control)
    create = {"tags": ["tag:fks"]}
    body = {"capabilities": {"devices": {"create": create}}}
    key = tailnet.keys.create(body, tags_needed=True)
    control.register(tailnet.keys, {"key": key["key"], "hostname": "fks-web-1"})
    assert len(tailnet.device_views()) == 2
    tailnet.reset()
    assert tailnet.state() == {"keys": [], "devices": [OPERATOR.view()]}
