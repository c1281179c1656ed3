"""The probes of a release that was started."""

from . import deep_health, probe, stops
from .compose import Compose


def run(compose: Compose, seconds: float) -> str:
    """Wait until each passes, up to `seconds`; those of stopped stacks are left out. Returns their
    names. Error: DeployError with the last answer."""
    loaded, paths = compose.release, compose.paths
    deep_health.start(compose.shell, paths, loaded.project)
    stopped = stops.load(paths)
    chosen = [one for one in loaded.probes if not loaded.placement.is_silent(one.host, stopped)]
    for one in chosen:
        probe.wait(one, compose.address, paths.secrets, seconds)
    return ", ".join(one.name for one in chosen) or "none"
