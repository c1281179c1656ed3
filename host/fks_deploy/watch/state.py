"""What a run leaves for the next one: /var/lib/fks/watch.json."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .. import atomic_file
from .delivery import Delivery
from .history import History
from .processor import Sample


@dataclass
class State:
    """`checked` is the time of the last run, `restarts` the time of each service's last restart by
    us, in seconds since 1970. `cpu_percent` is the average up to the last run."""

    history: History = field(default_factory=History)
    delivery: Delivery = field(default_factory=Delivery)
    restarts: dict[str, float] = field(default_factory=dict)
    cpu: Sample | None = None
    cpu_percent: float | None = None
    checked: float = 0.0


def load(file: Path) -> State:
    """The state of the last run; an empty one if there is none or it is damaged."""
    try:
        document = json.loads(file.read_text())
        return State(
            history=History.parse(document["history"]),
            delivery=Delivery(**document["delivery"]),
            restarts=document["restarts"],
            cpu=Sample(**document["cpu"]) if document["cpu"] else None,
            # A file of an older version lacks it.
            cpu_percent=document.get("cpu_percent"),
            checked=document["checked"],
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return State()


def save(file: Path, state: State) -> None:
    """Replace the file in one step."""
    atomic_file.write(file, json.dumps(asdict(state)).encode(), 0o600)
