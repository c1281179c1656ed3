"""Switches instances on and off."""

from rehearsal.clouds.linode.account import LinodeAccount
from rehearsal.clouds.linode.errors import not_found

# Status during the change -> (the event's action, status afterwards).
POWER = {
    "booting": ("linode_boot", "running"),
    "shutting_down": ("linode_shutdown", "offline"),
    "rebooting": ("linode_reboot", "running"),
}


def switch(account: LinodeAccount, number: int, during: str, action: str | None = None) -> None:
    """Boot, shut down or reboot an instance; `during` is its status until the job has ended."""
    instance = account.instances.get(number)
    if instance is None:
        raise not_found()
    usual_action, after = POWER[during]
    work = {
        "booting": account.hypervisor.boot,
        "shutting_down": account.hypervisor.shutdown,
        "rebooting": account.hypervisor.reboot,
    }[during]
    event = account.event(action or usual_action, instance)
    instance.status = during
    account.follow(work(number), event, instance, lambda: setattr(instance, "status", after))
