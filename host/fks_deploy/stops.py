"""Stacks that the operator or a move of data has stopped: a marker for each,
/var/lib/fks/stopped/ROLE.json.

Docker does not start a container that was stopped, not after a boot either (restart policy
`unless-stopped`). The marker is for everything else that starts or checks containers.
https://docs.docker.com/engine/containers/start-containers-automatically/
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from . import atomic_file, env_file
from .paths import Paths


@dataclass(frozen=True)
class Stop:
    """`since` is a time in UTC as in ISO 8601; `reason` may be empty. `keeps` are the services that
    run on, for a stack of which only the users of its database are stopped."""

    since: str
    who: str
    reason: str = ""
    keeps: tuple[str, ...] = ()

    def __str__(self) -> str:
        reason = f" ({self.reason})" if self.reason else ""
        return f"stopped since {self.since} by {self.who}{reason}"


def load(paths: Paths) -> dict[str, Stop]:
    """By role. A damaged marker still counts."""
    files = sorted(paths.stopped.glob("*.json"))
    return {file.stem: _read(file) for file in files}


def mark(paths: Paths, roles: Iterable[str], stop: Stop) -> None:
    """Write the markers; those of stacks that are stopped already stay, but for one that keeps
    services when `stop` keeps none. Error: OSError."""
    paths.stopped.mkdir(parents=True, exist_ok=True)
    present = {role for role, one in load(paths).items() if stop.keeps or not one.keeps}
    for role in set(roles) - present:
        content = json.dumps(asdict(stop), ensure_ascii=False) + "\n"
        atomic_file.write(paths.stopped / f"{role}.json", content.encode(errors="replace"))


def clear(paths: Paths, roles: Iterable[str]) -> None:
    """Remove the markers."""
    for role in roles:
        (paths.stopped / f"{role}.json").unlink(missing_ok=True)


def without_databases(paths: Paths) -> set[str]:
    """The stacks whose databases do not run either."""
    return {role for role, one in load(paths).items() if not one.keeps}


def deploy_again(paths: Paths) -> str:
    """The command that deploys a release after `stack cleanup`: in the state of Pulumi the upload
    and the deploy are done."""
    server = env_file.parse(paths.role.read_text()).get("SERVER", "") if paths.role.exists() else ""
    return f"pulumi up --replace '**{server}-stack-*'"


def sentence(found: Mapping[str, Stop]) -> str:
    """Such as "api is stopped since TIME by WHO (REASON)"; stacks with the same stop share one."""
    by_stop: dict[Stop, list[str]] = {}
    for role, stop in found.items():
        by_stop.setdefault(stop, []).append(role)
    return "; ".join(
        f"{', '.join(roles)} {'is' if len(roles) == 1 else 'are'} {stop}"
        for stop, roles in by_stop.items()
    )


def _read(file: Path) -> Stop:
    try:
        found = json.loads(file.read_text())
        return Stop(**{**found, "keeps": tuple(found.get("keeps", ()))})
    except (ValueError, TypeError, AttributeError):
        changed = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        return Stop(f"{changed:%Y-%m-%dT%H:%M:%SZ}", "an unknown user")
