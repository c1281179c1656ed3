"""Lassie, Linode's watchdog, and the recovery of the instances when the clouds are restarted."""

from rehearsal.clouds.linode import power
from rehearsal.clouds.linode.cloud import LinodeCloud
from rehearsal.clouds.linode.instances import ON

LASSIE_TRIES, LASSIE_SECONDS = 5, 900


def handle_stop(account: LinodeCloud, number: int) -> None:
    """A machine stopped by itself: boot it, at most LASSIE_TRIES times in LASSIE_SECONDS."""
    instance = account.instances.get(number)
    if instance is None or instance.status != "running" or account.hypervisor.is_running(number):
        return
    if account.events.count("lassie_reboot", number, LASSIE_SECONDS) < LASSIE_TRIES:
        power.switch(account, number, "booting", "lassie_reboot")
    else:
        instance.status = "offline"
    account.changed()


def recover(account: LinodeCloud) -> None:
    """After a restart: finish interrupted deletions, boot the instances that should run."""
    for instance in list(account.instances.values()):
        account.protect(instance)
        if instance.status == "deleting":
            instance.status = "offline"
            account.delete(instance.id)
        elif account.hypervisor.is_running(instance.id):
            instance.status = "running"
        elif instance.status in ON:
            power.switch(account, instance.id, "booting")
        else:
            instance.status = "offline"
