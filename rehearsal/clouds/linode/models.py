"""The Linode account: its instances and what can be done to them. Knows nothing of HTTP."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from rehearsal.clouds.clock import Clock
from rehearsal.clouds.hypervisor import Hypervisor, Job
from rehearsal.clouds.linode import creation, power, validation
from rehearsal.clouds.linode.addresses import PREFIX, Addresses
from rehearsal.clouds.linode.errors import not_found, refused
from rehearsal.clouds.linode.events import Event, Events, stamp
from rehearsal.clouds.linode.firewalls import Firewalls
from rehearsal.clouds.linode.instances import Instance
from rehearsal.clouds.linode.machines import machine_of

Json = dict[str, Any]


class Linode:
    """One account. Slow work is the hypervisor's; its jobs' ends move the instances along.

    Belongs to one thread; `post` carries the ends of jobs to it, `changed` saves the state.
    """

    def __init__(self, clock: Clock, hypervisor: Hypervisor, prefix: str = PREFIX) -> None:
        self.clock = clock
        self.hypervisor = hypervisor
        self.post: Callable[[Callable[[], None]], None] = lambda work: work()
        self.changed: Callable[[], None] = lambda: None
        self.addresses = Addresses(prefix)
        self._last_id = 1000
        self.reset()

    def reset(self) -> None:
        """Nothing is left but the counters: old machines may still be going."""
        self.instances: dict[int, Instance] = {}
        self.events = Events(self.clock)
        self.firewalls = Firewalls(self)

    def number(self) -> int:
        """A new id, of whatever kind."""
        self._last_id += 1
        return self._last_id

    def now(self) -> str:
        """The time as Linode writes it."""
        return stamp(self.clock.now())

    def get(self, instance_id: int) -> Instance:
        """One instance, or Linode's 404."""
        instance = self.instances.get(instance_id)
        if instance is None:
            raise not_found()
        if instance.failure:
            raise refused(instance.failure, 500)
        return instance

    def owner(self, address: str) -> str:
        """Who has a public address now: an instance's id, or the address itself. Thread-safe."""
        owners = {one.public_ipv4: str(one.id) for one in list(self.instances.values())}
        return owners.get(address, address)

    def create(self, wanted: Mapping[str, Any]) -> Json:
        """Make an instance and begin to start it; the answer says `provisioning`."""
        user_data = validation.create(wanted)
        self._check_unique(wanted.get("label"))
        firewall = self.firewalls.for_new_instance(wanted.get("firewall_id"))
        instance = creation.instance(self, wanted, has_user_data=bool(user_data))
        event = self.event("linode_create", instance)
        if instance.image:
            creation.add_disks(self, instance, instance.image, wanted.get("swap_size"))
        self.instances[instance.id] = instance
        if firewall:
            self.firewalls.attach(firewall, instance)
        answer = instance.view()
        booted = wanted.get("booted", bool(instance.image))
        job = self.hypervisor.create(machine_of(instance, user_data, wanted))
        self.follow(job, event, instance, lambda: self._created(instance, booted=booted))
        return answer

    def _created(self, instance: Instance, *, booted: bool) -> None:
        if not booted:
            instance.status = "offline"
            return
        power.power(self, instance.id, "booting")

    def protect(self, number: int) -> None:
        """Put the instance's firewall, as it is now, before its machine."""
        instance = self.instances[number]

        def told(job: Job) -> None:
            problem = job.exception()
            if problem:
                sys.stderr.write(f"NO FIREWALL before {instance.label}: {problem}\n")
                instance.failure = f"The rehearsal could not set its firewall: {problem}"

        job = self.hypervisor.protect(number, self.firewalls.ruleset(instance))
        job.add_done_callback(told)

    def delete(self, instance_id: int) -> None:
        """Remove it; its event ends once the machine is gone. Its address is then free again."""
        instance = self.instances.get(instance_id)
        if instance is None or instance.status == "deleting":
            raise not_found()
        event = self.event("linode_delete", instance)
        instance.status = "deleting"
        self.firewalls.forget(instance_id)
        job = self.hypervisor.delete(instance_id)
        self.follow(job, event, instance, lambda: self.instances.pop(instance_id, None))

    def update(self, instance_id: int, wanted: Mapping[str, Any]) -> Json:
        """PUT: label, tags, watchdog, alerts, maintenance policy."""
        instance = self.get(instance_id)
        label = wanted.get("label")
        if label is not None and label != instance.label:
            validation.check_label(label)
            self._check_unique(label)
        for key in ("label", "tags", "watchdog_enabled", "alerts", "maintenance_policy"):
            if wanted.get(key) is not None:
                setattr(instance, key, wanted[key])
        instance.updated = self.now()
        return instance.view()

    def state(self) -> Json:
        """All that the account holds, as the API would show it."""
        return {
            "instances": [instance.view() for instance in self.instances.values()],
            "firewalls": self.firewalls.views(),
            "events": self.events.views(),
        }

    def dump(self) -> Json:
        """Plain data for the state file."""
        return {
            "last_id": self._last_id,
            "instances": [asdict(instance) for instance in self.instances.values()],
            "events": self.events.dump(),
            "firewalls": self.firewalls.dump(),
            "addresses": self.addresses.dump(),
        }

    def load(self, state: Json) -> None:
        """Take `dump`'s data back."""
        self._last_id = state["last_id"]
        self.instances = {row["id"]: Instance(**row) for row in state["instances"]}
        self.events.load(state["events"])
        self.firewalls.load(state["firewalls"])
        self.addresses.load(state["addresses"])

    def views(self) -> list[Json]:
        """All instances as the API lists them."""
        return [self.get(i).view() for i in list(self.instances) if not self.instances[i].failure]

    def _check_unique(self, label: Any) -> None:
        if label and any(i.label == label for i in self.instances.values()):
            raise validation.label_taken()

    def event(self, action: str, instance: Instance) -> Event:
        """Note that something begins with this instance."""
        return self.events.add(self.number(), action, (instance.id, "linode", instance.label))

    def follow(
        self, job: Job, event: Event, instance: Instance, after: Callable[[], object]
    ) -> None:
        """When the job ends, end its event and do what comes after; a failure stays visible."""

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
