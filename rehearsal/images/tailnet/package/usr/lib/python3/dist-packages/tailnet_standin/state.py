"""What the client remembers between boots: who it is and where it belongs."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

STATE = Path("/var/lib/tailscale/tailscaled.state")


@dataclass
class State:
    """`node` is this machine's secret; empty when it is not in a tailnet."""

    login_server: str = ""
    node: str = ""
    id: str = ""
    name: str = ""
    hostname: str = ""
    addresses: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    wanted: bool = True

    @property
    def address(self) -> str:
        """The IPv4 address, empty when there is none."""
        return next((text for text in self.addresses if ":" not in text), "")

    @property
    def backend(self) -> str:
        """The state's name as the real client prints it."""
        if not self.node:
            return "NeedsLogin"
        return "Running" if self.wanted else "Stopped"


def load(path: Path = STATE) -> State:
    """The saved state, or that of a machine that never logged in."""
    if not path.exists():
        return State()
    return State(**json.loads(path.read_text(encoding="utf-8")))


def save(state: State, path: Path = STATE) -> None:
    """Write the state, readable by root only, in one step."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        json.dump(asdict(state), out)
    new.replace(path)
