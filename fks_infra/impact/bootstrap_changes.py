"""Which bootstrap steps a change of the host scripts touches, and what they restart."""

from fks_infra.impact.differences import Parts, changed
from fks_infra.impact.impact import Action, Effect

# As host/bootstrap.d restarts them; no container stops (live-restore in daemon.json).
RESTARTS = {
    "32-ssh": "sshd restarts, sessions stay",
    "55-firewall": "the packet filter is replaced at once",
    "60-docker": "the Docker engine restarts, containers keep running",
}

_KINDS = {"units": "units", "shared": "for all steps", "programs": "programs"}


def bootstrap_effect(base: Parts, head: Parts, before: Parts, after: Parts) -> Effect | None:
    """`base` and `head` are inventories, `before` and `after` a server's parts; None when the host
    scripts do not run again.
    """
    details = []
    if before["bootstrap"] != after["bootstrap"]:
        details.append("other roles or another size of zram")
    if base["connection"] != head["connection"]:
        details.append("another way to the server or deploy key")
    if before["host"] != after["host"]:
        details += _files(base["host"], head["host"]) or ["files for new servers"]
    if not details:
        return None
    return Effect(part="bootstrap", action=Action.BOOTSTRAPPED, detail="; ".join(details))


def _files(before: Parts, after: Parts) -> list[str]:
    details = []
    if steps := changed(before["steps"], after["steps"]):
        details.append(f"changed steps: {', '.join(map(_step, steps))}")
    for kind, title in _KINDS.items():
        if files := changed(before[kind], after[kind]):
            details.append(f"{title}: {_some(files)}")
    return details


def _step(name: str) -> str:
    return f"{name} ({RESTARTS[name]})" if name in RESTARTS else name


def _some(names: list[str], limit: int = 5) -> str:
    more = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {more} more" if more > 0 else "")
