"""The set-up of a repository: made if there is none, and tried by writing, reading and deleting."""

from .. import atomic_file
from ..paths import Paths
from ..shell import Shell
from . import data_set, repository
from .repository import Repository
from .restic import SHORT

# Seconds for a command.
_IN_DEPLOY = 60.0


def ensure_all(paths: Paths, shell: Shell) -> str:
    """Of this server's data sets, as a step of a deploy, which does not wait long; returns a
    note."""
    if not paths.backup.exists():
        return "no data here"
    notes = [ensure(paths, shell, one.name, _IN_DEPLOY) for one in data_set.of_server(paths)]
    return "; ".join(note for note in notes if note) or "checked before"


def ensure(paths: Paths, shell: Shell, name: str, short: float = SHORT) -> str:
    """Once for each change of the settings; returns what was done, or "". Errors as `restic`'s."""
    found = repository.opened(paths, shell, name, short)
    marker = paths.certificates / name / "checked"
    digest = found.restic.settings.digest
    if marker.exists() and marker.read_text() == digest:
        return ""
    made = "made" if found.create() else "found"
    _try(found)
    marker.parent.mkdir(parents=True, exist_ok=True)
    atomic_file.write(marker, digest.encode(), 0o600)
    return f"{found.restic.location} {made}; writing, reading and deleting work"


def _try(found: Repository) -> None:
    """With a snapshot of the settings, which are no secret."""
    place = found.restic.settings.directory / "settings.json"
    snapshot = found.add([place], "set-up")
    found.restic.run("--no-cache", "dump", snapshot, str(place))
    found.restic.run("forget", snapshot)
