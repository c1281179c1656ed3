"""What the Linode account holds, and the jobs that change its instances."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from rehearsal.clouds.clock import Clock
from rehearsal.clouds.hypervisor import Hypervisor, Job
from rehearsal.clouds.linode import catalog, packet_filter
from rehearsal.clouds.linode.addresses import PREFIX, Addresses
from rehearsal.clouds.linode.errors import not_found, rejected
from rehearsal.clouds.linode.events import Event, EventLog
from rehearsal.clouds.linode.firewall import CloudFirewall
from rehearsal.clouds.linode.instances import LinodeInstance
from rehearsal.clouds.linode.object_storage import ObjectStorage

Json = dict[str, Any]


class LinodeAccount:
    """The instances, firewalls, buckets and events of one account.

    Belongs to one thread: `post` runs the ends of jobs on it. `changed` saves the state.
    """

    def __init__(self, clock: Clock, hypervisor: Hypervisor, prefix: str = PREFIX) -> None:
        self.clock = clock
        self.hypervisor = hypervisor
        self.post: Callable[[Callable[[], None]], None] = lambda work: work()
        self.changed: Callable[[], None] = lambda: None
        self.addresses = Addresses(prefix)
        self._last_id = 1000
        self.storage = ObjectStorage(self.new_id, self.now)
        self.reset()

    def reset(self) -> None:
        """Remove everything. The counters go on: old machines may still be shutting down."""
        self.instances: dict[int, LinodeInstance] = {}
        self.firewalls: dict[int, CloudFirewall] = {}
        self.storage.reset()
        self.events = EventLog(self.clock)

    def new_id(self) -> int:
        """An id that no object of the account has had."""
        self._last_id += 1
        return self._last_id

    def now(self) -> str:
        """The present time as Linode writes it."""
        return self.clock.now().strftime(catalog.TIME)

    def get(self, instance_id: int) -> LinodeInstance:
        """One instance; 404 where there is none, 500 where the hypervisor failed."""
        instance = self.instances.get(instance_id)
        if instance is None:
            raise not_found()
        if instance.failure:
            raise rejected(instance.failure, 500)
        return instance

    def views(self) -> list[Json]:
        """All instances as the API lists them."""
        return [one.view() for one in list(self.instances.values()) if not one.failure]

    def owner(self, address: str) -> str:
        """The id of the instance with this public address, or the address. Thread-safe."""
        owners = {one.public_ipv4: str(one.id) for one in list(self.instances.values())}
        return owners.get(address, address)

    def firewall(self, number: int) -> CloudFirewall:
        """One firewall, or 404."""
        if number not in self.firewalls:
            raise not_found()
        return self.firewalls[number]

    def protected_by(self, firewall_id: int) -> list[LinodeInstance]:
        """The instances behind a firewall."""
        return [one for one in self.instances.values() if one.firewall_id == firewall_id]

    def firewall_views(self) -> list[Json]:
        """All firewalls as the API lists them."""
        return [one.view(self.protected_by(one.id)) for one in self.firewalls.values()]

    def protect(self, instance: LinodeInstance) -> None:
        """Load the rules of the instance's firewall in front of its machine."""
        ruleset = packet_filter.CLEAR
        if instance.firewall_id is not None:
            rules = self.firewalls[instance.firewall_id].rules
            ruleset = packet_filter.script(instance.public_ipv4, rules)

        def ended(job: Job) -> None:
            problem = job.exception()
            if problem:
                sys.stderr.write(f"FIREWALL NOT LOADED: {instance.label}: {problem}\n")
                instance.failure = f"The rehearsal could not load its firewall: {problem}"

        self.hypervisor.protect(instance.id, ruleset).add_done_callback(ended)

    def event(self, action: str, instance: LinodeInstance) -> Event:
        """Record the start of an action on this instance."""
        return self.events.add(self.new_id(), action, instance.id, instance.label)

    def follow(
        self, job: Job, event: Event, instance: LinodeInstance, after: Callable[[], object]
    ) -> None:
        """When the job ends, end its event and call `after`; a failure stays on the instance."""

        def ended() -> None:
            problem = job.exception()
            if problem:
                instance.failure = f"The rehearsal could not do {event.action}: {problem}"
                event.status, event.message = "failed", str(problem)
            else:
                event.status = "finished"
                after()
            self.changed()

        job.add_done_callback(lambda _job: self.post(ended))

    def state(self) -> Json:
        """Everything in the account as the API would show it."""
        return {
            "instances": [instance.view() for instance in self.instances.values()],
            "firewalls": self.firewall_views(),
            **self.storage.state(),
            "events": self.events.views(),
        }

    def dump(self) -> Json:
        """Plain data for the state file."""
        return {
            "last_id": self._last_id,
            "next_address": self.addresses.next,
            "instances": [asdict(instance) for instance in self.instances.values()],
            "firewalls": [asdict(firewall) for firewall in self.firewalls.values()],
            **self.storage.dump(),
            "events": self.events.dump(),
        }

    def load(self, state: Json) -> None:
        """Restore `dump`'s data."""
        self._last_id, self.addresses.next = state["last_id"], state["next_address"]
        self.instances = {row["id"]: LinodeInstance(**row) for row in state["instances"]}
        self.firewalls = {row["id"]: CloudFirewall(**row) for row in state["firewalls"]}
        self.storage.load(state)
        self.events.load(state["events"])
