"""The values of the generated secrets, read back from the files of the servers' containers."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from fks_infra.components.secrets import BACKUP_PASSWORD
from fks_infra.doctor.background import together
from fks_infra.errors import OperatorError, raise_operator_errors
from fks_infra.remote.command import CONNECT_SECONDS, output_of
from fks_infra.remote.inventory import DeployedServer
from fks_infra.roles import ROLES
from fks_infra.roles.role import VALUE, Secret, SecretFile

# As host/fks_deploy/paths.py; grep puts the file's path and a colon before each line.
_DIRECTORY = "/etc/fks/"
_BACKUP = "backup/password"
# A server without data has no repository; grep then ends with 2.
_COMMAND = f"sudo -n grep -rs '' {_DIRECTORY}secrets {_DIRECTORY}{_BACKUP} || [ $? = 2 ]"
_SECONDS = 20.0


def read(servers: Sequence[DeployedServer], key: Path) -> dict[str, str]:
    """By secret name; OperatorError for a server that does not answer or a file that is missing."""
    calls = {one.name: lambda one=one: _files(one, key) for one in servers}
    futures = together(calls, _SECONDS + 1)
    values: dict[str, str] = {}
    backup: set[str] = set()
    for one in servers:
        try:
            files = futures[one.name].result(timeout=0)
        except (OSError, TimeoutError) as error:
            raise OperatorError(
                f"the secrets on {one.name} ({one.address}) cannot be read: "
                f"{str(error) or 'no answer'}. Nothing was changed.\nNext: if it refuses the key, "
                f"let the key of this checkout in (docs/recovery.md); then the same again"
            ) from None
        values |= of_roles(one.roles, files)
        backup |= {text for path, text in files.items() if path == _BACKUP}
    return values | _backup_password(backup)


def _backup_password(found: set[str]) -> dict[str, str]:
    """One for the stack; none where no deploy has brought it yet."""
    if len(found) > 1:
        raise OperatorError(
            f"the servers have {len(found)} passwords of the repositories for backups instead of "
            f"one: a deploy is unfinished. Nothing was changed.\nNext: sudo ls -l "
            f"{_DIRECTORY}{_BACKUP}, on each server"
        )
    return {BACKUP_PASSWORD.name: found.pop()} if found else {}


def _files(server: DeployedServer, key: Path) -> dict[str, str]:
    return by_file(output_of(server, key, _COMMAND, _SECONDS, CONNECT_SECONDS))


def by_file(output: str) -> dict[str, str]:
    """Path below /etc/fks to content, from what the command prints."""
    found: dict[str, list[str]] = {}
    for line in output.splitlines():
        path, _, text = line.partition(":")
        found.setdefault(path.removeprefix(_DIRECTORY), []).append(text)
    return {name: "\n".join(lines) for name, lines in found.items()}


def of_roles(roles: Iterable[str], files: Mapping[str, str]) -> dict[str, str]:
    """The value of each secret of these roles; OperatorError where its files do not agree."""
    secrets = [(role.name, one) for role in ROLES if role.name in roles for one in role.secrets]
    found = {one.name: {*_values(role, one, files)} for role, one in secrets}
    raise_operator_errors(
        f"the files of {name} in {_DIRECTORY}secrets have {len(values)} values instead of one: a "
        f"deploy or a rotation is unfinished, or the server has none yet. Nothing was changed."
        for name, values in found.items()
        if len(values) != 1
    )
    return {name: next(iter(values)) for name, values in found.items()}


def _values(role: str, secret: Secret, files: Mapping[str, str]) -> Iterator[str]:
    for file in secret.files:
        if match := re.fullmatch(_pattern(file), files.get(f"secrets/{role}/{file.name}", "")):
            yield match[1]


def _pattern(file: SecretFile) -> str:
    """Values are letters and digits (components/secrets.py)."""
    return "([A-Za-z0-9]+)".join(re.escape(part) for part in file.text.split(VALUE))
