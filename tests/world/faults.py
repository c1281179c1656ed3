"""Faults on a server during a deploy: a full file system, a restart of the Docker engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rehearsal.game_day.server_causes import FLAG, script
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

LOG = "/var/log/fks/deploy.log"
# The reset: systemd refuses a fourth start within a minute.
RESTART_DOCKER = "systemctl reset-failed docker.service; systemctl restart docker.service"


@contextmanager
def when_logged(scenario: Scenario, pattern: str, action: str) -> Iterator[None]:
    """Run `action` on the server when the deploy log gets a line that matches `pattern`; at the end
    it must have run."""
    done = script(scenario, "mktemp --dry-run /run/fault-XXXXXXXX").strip()
    start = int(script(scenario, f"touch {LOG}; wc -l <{LOG}")) + 1
    wait = f"until tail -n +{start} {LOG} | grep -qE '{pattern}'; do sleep 0.05; done"
    run = ["bash", "-c", f"{wait}\n{action}\ntouch {done}"]
    scenario.server("single").exec_run(run, detach=True)
    yield
    check = f"test -e {done} && echo done || true"
    wait_until("the fault ran", lambda: None if script(scenario, check) else pattern, 60)


def fill(directory: str) -> str:
    """Return a command that keeps the file system of `directory` full until `small` ends."""
    return f"(while [ -e {FLAG} ]; do cat /dev/zero >>{directory}/fill; sleep 0.05; done) 2>&- &"
