"""`fks rotate` for the generated secrets: a new value in the state, and a deploy that changes it.

The servers do the rest, and prove it: host/fks_deploy/rotation.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from fks_infra.cli import pulumi_run, up
from fks_infra.cli.ready import require_not_pinned
from fks_infra.cli.servers import CANNOT_TELL, DONE, INCOMPLETE, Servers, show_unreached
from fks_infra.config import stack_files
from fks_infra.config.pulumi_cli import pulumi
from fks_infra.delivery.targets import ALL, Part
from fks_infra.operate.timeline import KEYS, timeline
from fks_infra.rotate.generated import Secret, find

# The clocks of the servers may differ from this one.
_EARLIER = timedelta(minutes=5)


def run(
    servers: Servers, rotation: str, roles: Sequence[str], confirm: Callable[[str], bool]
) -> int:
    """Returns 0, 1 if `pulumi up` failed, 2 if nothing was changed."""
    stack = servers.stack
    require_not_pinned(servers, roles)
    secrets = find(rotation, roles, pulumi("stack", "export", "--stack", stack))
    sys.stdout.write("".join(f"{line}\n" for line in plan(secrets)))
    if not confirm(f"Rotate {rotation} of stack {stack}?"):
        return CANNOT_TELL
    server = secrets[0].role if len(secrets) == 1 else ALL
    command = up.command(server, Part.SERVICES, stack, up.VERIFIED)
    started = datetime.now(UTC)
    _configure(stack, secrets)
    if pulumi_run.run(command) != 0:
        sys.stderr.write(_failed(stack, rotation))
        return INCOMPLETE
    _show_proofs(servers, secrets, started)
    return DONE


def plan(secrets: Sequence[Secret]) -> list[str]:
    """What happens, for the operator."""
    lines = []
    for one in secrets:
        seconds = one.announced.seconds
        away = f"Requests may fail for up to {seconds} s" if seconds else "No request fails"
        lines.append(f"{one.role}: {one.name}. {one.announced.what} {away}.")
    return [
        *lines,
        "The release of this checkout is deployed. The old value is refused at the end.",
    ]


def _configure(stack: str, secrets: Sequence[Secret]) -> None:
    """In this order a run that ends in between changes nothing: the next `pulumi up` protects what
    is not protected, and replaces nothing without a number."""
    for one in secrets:
        if one.protected:
            pulumi("state", "unprotect", one.urn, "--yes", "--stack", stack)
    (configured,) = stack_files.read(stack, "rotation")
    numbers = {one.name: one.next(configured.get(one.name, 0)) for one in secrets}
    values = [f"fks:rotation.{name}={number}" for name, number in numbers.items()]
    options = [word for value in values for word in ("--plaintext", value)]
    pulumi("config", "set-all", "--path", *options, "--stack", stack)


def _show_proofs(servers: Servers, secrets: Sequence[Secret], started: datetime) -> None:
    since = (started - _EARLIER).isoformat(timespec="seconds")
    found = servers.run(KEYS, "history", "--since", since)
    roles = tuple(f"{one.role}/" for one in secrets)
    texts = [
        f"{one.server}: {one.entry['text']}"
        for one in timeline(found)
        if one.kind == "rotation" and one.entry["text"].startswith(roles)
    ]
    sys.stdout.write("".join(f"{text}\n" for text in dict.fromkeys(texts)))
    show_unreached(found)
    sys.stdout.write(
        f"Commit {stack_files.file_name(servers.stack)}: pulumi up from another checkout refuses.\n"
    )


def _failed(stack: str, rotation: str) -> str:
    file = stack_files.file_name(stack)
    return (
        f"pulumi up failed; its output says why. {file} has the new number of the rotation "
        f"already. Where a server has begun, it keeps the old value until it is proved to be "
        f"refused, and both states are whole.\nNext: mend the cause, then pulumi up, which ends "
        f"what was begun, or fks rotate {rotation}, which makes a further value.\n"
    )
