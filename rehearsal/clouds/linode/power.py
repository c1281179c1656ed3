"""Switching instances on and off, the watchdog, and what a restart of the clouds leaves to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rehearsal.clouds.linode.errors import not_found
from rehearsal.clouds.linode.instances import ON

if TYPE_CHECKING:
    from rehearsal.clouds.linode.models import Linode

# The status while it happens: the event's action, and the status after.
POWER = {
    "booting": ("linode_boot", "running"),
    "shutting_down": ("linode_shutdown", "offline"),
    "rebooting": ("linode_reboot", "running"),
}
LASSIE_TRIES, LASSIE_WINDOW = 5, 900


def went_off(account: Linode, number: int) -> None:
    """A machine ended by itself: Lassie, the watchdog, boots it again, but not for ever."""
    instance = account.instances.get(number)
    if instance is None or instance.status != "running" or account.hypervisor.is_running(number):
        return
    tries = account.events.count("lassie_reboot", number, LASSIE_WINDOW)
    if instance.watchdog_enabled and tries < LASSIE_TRIES:
        power(account, number, "booting", "lassie_reboot")
    else:
        instance.status = "offline"
    account.changed()


def power(account: Linode, number: int, during: str, action: str | None = None) -> None:
    """Switch it on, off, or off and on: `during` is the status meanwhile."""
    instance = account.instances.get(number)
    if instance is None:
        raise not_found()
    usual, after = POWER[during]
    work = {
        "booting": account.hypervisor.boot,
        "shutting_down": account.hypervisor.shutdown,
        "rebooting": account.hypervisor.reboot,
    }[during]
    event = account.event(action or usual, instance)
    instance.status = during
    account.follow(work(number), event, instance, lambda: setattr(instance, "status", after))


def recover(account: Linode) -> None:
    """After a restart: finish what was under way, boot what should run and does not."""
    for instance in list(account.instances.values()):
        account.protect(instance.id)
        if instance.status == "deleting":
            instance.status = "offline"
            account.delete(instance.id)
        elif account.hypervisor.is_running(instance.id):
            instance.status = "running"
        elif instance.status in ON:
            power(account, instance.id, "booting")
        else:
            instance.status = "offline"
