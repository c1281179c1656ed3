"""The faults of a game day; tests in tests/world/ have the same causes."""

from __future__ import annotations

from functools import partial

from rehearsal.game_day import cloud_causes, server_causes
from rehearsal.game_day.diagnosis import Diagnosis
from rehearsal.game_day.fault import Fault, Repair
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

# Three failed checks of the container, one a minute, and a run of the watch
HANG_SECONDS = 420
RESTARTED = r"^{server}: container api-worker was unhealthy and was restarted"
NOT_REACHED = r"^{server}: SSH to "


def switch_on(scenario: Scenario, server: str) -> None:
    """What the button Power On of Linode's console does."""
    cloud_causes.power(scenario, server, on=True)


def reboot(scenario: Scenario, server: str) -> None:
    """What the button Reboot of Linode's console does."""
    before = scenario.started_at(server)
    scenario.reboot(server)
    wait_until(f"{server} restarts", lambda: scenario.not_restarted(server, before), 240)


FAULTS = (
    Fault(
        name="container-stopped",
        breaks="somebody stops the scheduler of tasks on {server} by docker stop",
        role="api",
        cause=partial(server_causes.stopped, name="fks-api-beat-1"),
        diagnosis=Diagnosis(command="status", pattern="^{server}: container api-beat is exited"),
        repair=(Repair("fks exec server:{server} -- sudo docker restart fks-api-beat-1"),),
    ),
    Fault(
        name="database-stopped",
        breaks="somebody stops PostgreSQL of the API on {server} by docker stop",
        role="api",
        cause=partial(server_causes.stopped, name="fks-api-postgres-1"),
        diagnosis=Diagnosis(
            command="status", pattern="^{server}: container api-postgres is exited"
        ),
        repair=(Repair("fks repair {server} --no-clouds --yes"),),
    ),
    Fault(
        name="container-killed",
        breaks="somebody kills nginx on {server} by docker kill; Docker restarts nothing then",
        role="web",
        cause=partial(server_causes.killed, name="fks-edge-1"),
        diagnosis=Diagnosis(
            command="history",
            pattern="^{server}: container edge had ended with exit code 137 and was restarted",
        ),
    ),
    Fault(
        name="worker-hangs",
        breaks="the processes of the worker on {server} are there and do nothing (SIGSTOP)",
        role="api",
        cause=partial(server_causes.frozen, name="fks-api-worker-1"),
        diagnosis=Diagnosis(command="history", pattern=RESTARTED, seconds=HANG_SECONDS),
    ),
    Fault(
        name="worker-without-queues",
        breaks="the worker on {server} answers and takes no tasks",
        role="api",
        cause=server_causes.without_queues,
        diagnosis=Diagnosis(command="history", pattern=RESTARTED, seconds=HANG_SECONDS),
    ),
    Fault(
        name="engine-stopped",
        breaks="the Docker engine of {server} is stopped",
        role="web",
        cause=server_causes.without_engine,
        diagnosis=Diagnosis(command="status", pattern="^{server}: containers cannot be read"),
        repair=(Repair("fks exec server:{server} -- sudo systemctl restart docker"),),
    ),
    Fault(
        name="disk-full",
        breaks="a file fills the file system of /var/log on {server} to 95 %",
        role="api",
        cause=server_causes.nearly_full,
        diagnosis=Diagnosis(
            command="status", pattern=f"^{{server}}: disk {server_causes.LOGS} is at 9. %"
        ),
        repair=(Repair(f"fks exec server:{{server}} -- sudo rm {server_causes.LOGS}/fill"),),
    ),
    Fault(
        name="network-cut",
        breaks="a table of the packet filter cuts {server} off from all other servers",
        role="api",
        cause=server_causes.cut_off_from_all,
        diagnosis=Diagnosis(command="status", pattern="^web: https://api[^ ]*: "),
        repair=(
            Repair(
                f"fks repair {{server}} --no-clouds --yes --remove 'inet {server_causes.TABLE}'"
            ),
        ),
        several=True,
    ),
    Fault(
        name="timer-stopped",
        breaks="the timer on {server} that installs renewed certificates is disabled",
        role="web",
        cause=partial(server_causes.stopped_timer, timer="fks-edge.timer"),
        diagnosis=Diagnosis(command="doctor", pattern="{server}: fks-edge.timer does not run"),
        repair=(Repair("fks repair {server} --no-clouds --yes"),),
    ),
    Fault(
        name="server-off",
        breaks="{server} is switched off",
        role="web",
        cause=cloud_causes.shut_down,
        diagnosis=Diagnosis(command="status", pattern=NOT_REACHED),
        repair=(Repair("Linode's console, {server}: Power On", switch_on),),
    ),
    Fault(
        name="tailnet-client-stopped",
        breaks="Tailscale's client on {server} is stopped",
        role="web",
        cause=server_causes.without_tailnet,
        diagnosis=Diagnosis(
            command="doctor", pattern="{server}: [0-9.]+ is not online in the tailnet"
        ),
        repair=(Repair("Linode's console, {server}: Reboot", reboot),),
    ),
    Fault(
        name="server-deleted",
        breaks="{server} is deleted in Linode's console",
        role="web",
        cause=cloud_causes.deleted,
        diagnosis=Diagnosis(command="status", pattern=NOT_REACHED),
        repair=(Repair("pulumi up --refresh --yes"),),
        several=True,
    ),
    Fault(
        name="record-changed",
        breaks="the name www points to an address that no server has",
        role="web",
        cause=lambda scenario, _: cloud_causes.edited_record(scenario),
        diagnosis=Diagnosis(command="doctor", pattern=cloud_causes.WRONG_ADDRESS),
        repair=(Repair("fks repair {server} --yes"),),
    ),
    Fault(
        name="lock-forgotten",
        breaks="somebody has locked the stack, so no deploy is accepted",
        role="web",
        cause=lambda scenario, _: cloud_causes.locked(scenario),
        diagnosis=Diagnosis(command="status", pattern="the stack is locked"),
        repair=(Repair("fks unlock"),),
    ),
    Fault(
        name="maintenance-forgotten",
        breaks="somebody has switched maintenance on for {server}",
        role="web",
        cause=cloud_causes.in_maintenance,
        diagnosis=Diagnosis(command="status", pattern="^{server}: maintenance is on"),
        repair=(Repair("fks maintenance off {server}"),),
    ),
)
