"""The account's events."""

import pytest

from rehearsal.clouds.clock import Clock
from rehearsal.clouds.errors import CloudError
from rehearsal.clouds.linode.events import EventLog


def test_events_are_listed_newest_first() -> None:
    events = EventLog(Clock())
    for number, action in ((1, "linode_create"), (2, "linode_boot")):
        events.add(number, action, 1001, "web-1")
    assert [row["action"] for row in events.views()] == ["linode_boot", "linode_create"]
    assert events.get(1).view()["entity"]["id"] == 1001
    with pytest.raises(CloudError, match=r"404.*Not found"):
        events.get(3)


def test_only_recent_events_of_one_instance_and_action_are_counted() -> None:
    clock = Clock()
    events = EventLog(clock)
    events.add(1, "lassie_reboot", 1001, "web-1")
    clock.advance(1000)
    for number, action, instance in ((2, "lassie_reboot", 1001), (3, "linode_boot", 1001)):
        events.add(number, action, instance, "web-1")
    events.add(4, "lassie_reboot", 1002, "web-2")
    assert events.count("lassie_reboot", 1001, 900) == 1


def test_restored_events_are_finished_or_failed() -> None:
    events = EventLog(Clock())
    events.add(1, "linode_boot", 1001, "web-1")
    events.add(2, "linode_boot", 1002, "web-2").status = "failed"
    later = EventLog(Clock())
    later.load(events.dump())
    assert [row["status"] for row in later.views()] == ["failed", "finished"]
