"""What `fks migrate from` shows: what a legacy server has, where it goes, and the steps. It has no
value of a variable."""

from collections.abc import Iterator

from rich.table import Table

from fks_infra.migrate import legacy_plan, steps
from fks_infra.migrate.journal import Journal
from fks_infra.migrate.legacy_database import Database, Redis
from fks_infra.migrate.legacy_docker import Container
from fks_infra.migrate.legacy_look import Found
from fks_infra.migrate.legacy_plan import Plan
from fks_infra.migrate.legacy_steps import SET
from fks_infra.migrate.timeline import DATABASE, FILES, of_steps
from fks_infra.operate.table import plain_table

_TITLES = ("what", "where", "size", "moved to, or why not")
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
# Minutes
_DRAIN = 1
_TEXTS = {
    steps.FIRST: "copy the database, compare all rows; the legacy server serves meanwhile",
    steps.CLOSE: "stop the containers that write, when the queue is empty",
    steps.LAST: "copy again, database and files, and compare all rows",
    steps.EXCHANGE: "put the copies into service on the stack's server",
    steps.STOP: "stop the databases of the legacy server, which keeps its data",
}


def table(found: Found, plan: Plan) -> Table:
    """A row for each thing that was found."""
    return plain_table(_TITLES, rows(found, plan))


def rows(found: Found, plan: Plan) -> Iterator[tuple[str, str, str, str]]:
    """The cells of the table."""
    for one in found.databases:
        extensions = f", {', '.join(one.extensions)}" if one.extensions else ""
        what = f"PostgreSQL {one.version.split()[0]}, {one.encoding}, {one.collation}{extensions}"
        where = f"{one.container}/{one.name}, {one.tables} tables"
        yield what, where, size(one.bytes), _of_database(one, plan)
    for name, reason in found.unread.items():
        yield "PostgreSQL", name, "?", f"not moved: {reason}"
    for redis in found.redis:
        yield "Redis", f"{redis.container}, {redis.keys} keys", size(redis.bytes), _of_redis(redis)
    moved = {(one.container, one.path): one.volume for one in plan.volumes}
    for owner, path, name in _mounts(found.containers):
        where, used = f"{owner.name}:{path}", found.volumes.get(name)
        to = _of_volume(owner, moved.get((owner.name, path), ""))
        yield f"volume {name}", where, "?" if used is None else size(used), to
    for container in found.containers:
        if container.name in plan.closed:
            yield f"container {container.image}", container.name, "", _of_container(container)


def notes(found: Found, plan: Plan) -> Iterator[str]:
    """What the operator has to know beside the table."""
    free = "is not known" if found.free is None else f"is {size(found.free)}"
    yield f"{found.host}: Docker {found.docker}; free space {free}, the move needs none there."
    database = found.database(plan.postgres, plan.database)
    if database.roles:
        yield (
            f"Not moved: the roles {', '.join(database.roles)}, and privileges. Here all belongs "
            f"to the stack's user."
        )
    if database.settings:
        yield (
            f"Not moved: settings of the database or of roles, {', '.join(database.settings)}. Set "
            f"them by fks psql api --write if the application needs them."
        )
    again = [one.name for one in found.containers if one.restart == "always" and _stops(one, plan)]
    if again:
        yield (
            f"Docker starts {', '.join(again)} again when {found.host} boots (restart: always): do "
            f"not reboot it after the move."
        )
    networks = {one for name in (plan.postgres,) for one in found.container(name).networks}
    others = [
        one.name
        for one in found.containers
        if one.running and {*one.networks} & networks and not _stops(one, plan)
    ]
    if others:
        yield (
            f"Not of the project, and not stopped: {', '.join(others)}. The move ends if they use "
            f"the database."
        )


def lines(journal: Journal, plan: Plan) -> Iterator[str]:
    """One for each step, and how long nothing is written."""
    database, files = (
        plan.bytes / DATABASE / 60,
        sum(one.bytes for one in plan.volumes) / FILES / 60,
    )
    if journal.done(steps.FIRST):
        database = journal.steps[steps.FIRST]["seconds"] / 60
    expected = {steps.FIRST: database, steps.CLOSE: _DRAIN, steps.LAST: database + files}
    yield from of_steps(journal, _TEXTS, expected)
    refused = _DRAIN + expected[steps.LAST] + 1
    yield f"Nothing is written for about {max(1, round(refused))} min."


def size(count: int) -> str:
    """As 1.5 GiB."""
    value, unit = float(count), 0
    while value >= 1024 and unit < len(_UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return f"{value:.1f} {_UNITS[unit]}" if unit else f"{count} B"


def _of_database(one: Database, plan: Plan) -> str:
    if (one.container, one.name) == (plan.postgres, plan.database):
        return f"data set {SET}"
    if one.authentik:
        return "not moved: Authentik's; the stack has its own"
    if not one.tables:
        return "not moved: it has no tables"
    return "not moved: not chosen"


def _of_redis(one: Redis) -> str:
    if one.error:
        return f"not moved; its queues are not known: {one.error}"
    waiting = {name: count for name, count in one.queues.items() if count}
    if not waiting:
        return "not moved: no task waits"
    text = ", ".join(f"{count} in {name}" for name, count in waiting.items())
    return f"not moved: the tasks ({text}) must have run"


def _of_volume(container: Container, volume: str) -> str:
    if volume:
        return f"volume {volume}"
    if container.is_postgres or container.is_redis:
        return "not moved as files: see its container"
    known = ", ".join(legacy_plan.VOLUMES)
    return f"not moved: only {known} are the application's data"


def _of_container(one: Container) -> str:
    own = sorted(name for name in one.variables if name.isupper())
    return f"not moved; it is stopped. Variables: {len(own)}, see docs/configuration.md"


def _mounts(found: tuple[Container, ...]) -> Iterator[tuple[Container, str, str]]:
    """Each volume once, at the first container that has it."""
    seen = set()
    for container in found:
        for mount in container.mounts:
            if not mount.name.startswith("/") and mount.name not in seen:
                seen.add(mount.name)
                yield container, mount.path, mount.name


def _stops(one: Container, plan: Plan) -> bool:
    return one.name in (*plan.closed, *plan.stores)
