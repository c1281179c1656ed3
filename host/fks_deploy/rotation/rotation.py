"""The two steps of a deploy that change secrets which are in service.

`begin` makes each store accept the new value and then writes the files; the deploy replaces the
containers that use them; `finish` makes the stores accept nothing else, proves that the old value
is refused, and forgets it. After an interruption the next deploy repeats both.
"""

from .. import containers, journal, secrets, stops
from ..compose import Compose
from ..errors import DeployError
from ..secrets import Secrets
from . import previous, stores
from .store import Store

KIND = "rotation"


def begin(compose: Compose, values: Secrets) -> str:
    """Returns a note with the names of changed files. Error: DeployError, with the files as they
    were."""
    paths, new = compose.paths, previous.by_name(values)
    changed = previous.changed(paths, values)
    pending = {**previous.load(paths), **changed}
    affected = [one for one in stores.find(compose) if one.secret in pending]
    _require_started(compose, affected)
    previous.keep(paths, changed)
    for store in affected:
        store.add(pending[store.secret], new[store.secret])
    written = secrets.write(paths.secrets, values)
    return f"changed: {', '.join(written)}" if written else "unchanged"


def finish(compose: Compose, values: Secrets) -> str:
    """Returns a note with what was proved. Error: DeployError when an old value is in use."""
    paths, new = compose.paths, previous.by_name(values)
    pending = {name: old for name, old in previous.load(paths).items() if name in new}
    if not pending:
        previous.forget(paths, previous.load(paths))
        return "nothing to do"
    _require_no_old_container(compose)
    proved = {name: _refused(compose, name, old, new[name]) for name, old in pending.items()}
    notes = [f"{name}: {what}" for name, what in proved.items()]
    for note in notes:
        journal.record(paths.journal, KIND, "deploy", text=note)
    previous.forget(paths, previous.load(paths))
    return "; ".join(notes)


def _require_started(compose: Compose, affected: list[Store]) -> None:
    stopped = stops.load(compose.paths)
    roles = {store.secret.partition("/")[0] for store in affected} & set(stopped)
    if roles:
        raise DeployError(
            f"the stack {', '.join(sorted(roles))} is stopped, so its password cannot be changed. "
            f"Nothing was changed. Run fks start, then the same again"
        )


def _require_no_old_container(compose: Compose) -> None:
    present = containers.of_project(compose.shell, compose.release.project)
    if stale := containers.with_stale_secrets(present, compose.services()):
        raise DeployError(f"{', '.join(stale)} still has the old secret; run the same again")


def _refused(compose: Compose, name: str, old: str, new: str) -> str:
    """What was proved of one file."""
    asked = [store for store in stores.find(compose) if store.secret == name]
    for store in asked:
        store.remove_others(new)
        if not store.accepts(new) or store.accepts(old):
            raise DeployError(f"{store.name} does not refuse the old value of {name}")
    names = ", ".join(store.name for store in asked)
    return f"{names} refuses the old value" if names else "no container has the old value"
