"""`fks support-bundle`: logs, versions, status and drift of all servers in one archive."""

import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from fks_infra.cli.progress import waiting_for
from fks_infra.cli.servers import Servers, code_of, connected, show_unreached
from fks_infra.config.pulumi_cli import pulumi, run
from fks_infra.doctor.background import begin
from fks_infra.errors import OperatorError
from fks_infra.operate import since
from fks_infra.operate.support import OPERATOR, Part, archive, index, server_parts
from fks_infra.operate.unreachable import Unreachable
from fks_infra.paths import PROJECT_ROOT

_KEYS = ("parts", "time")
# Seconds for the programs on a server together
_LIMIT = 400.0


def create(stack: str, names: Sequence[str], age: str, out: str) -> int:
    """Write the archive; returns 0, 1 if a server was not reached, 2 if none was."""
    now = datetime.now(UTC)
    seconds = int(since.seconds(age, now))
    with connected(stack, names) as found:
        own = {name: begin(call) for name, call in _operator(found).items()}
        reports = found.run(_KEYS, "support-bundle", str(seconds), seconds=_LIMIT)
    with waiting_for("this machine"):
        parts = [*server_parts(reports), *(_part(name, one.result) for name, one in own.items())]
    time = f"{now:%Y-%m-%dT%H-%M-%SZ}"
    file = Path(out or f"fks-support-{found.stack}-{time}.tar.gz")
    files = {one.path: one.text for one in parts if not one.path.endswith("/")}
    page = index(found.stack, time, parts)
    root = file.name.removesuffix(".tar.gz")
    content = {f"{root}/{path}": text for path, text in {"INDEX.md": page, **files}.items()}
    _write(file, archive(content, now.timestamp()))
    show_unreached(reports)
    missing = [one for one in parts if one.note]
    notes = f"; {len(missing)} with a note in INDEX.md" if missing else ""
    reached = [name for name, one in reports.items() if not isinstance(one, Unreachable)]
    text = f"{len(files)} files of {', '.join([*reached, OPERATOR])}{notes}"
    sys.stdout.write(f"{file}: {file.stat().st_size >> 10} KiB, {text}\n")
    return code_of(reports)


def _operator(found: Servers) -> Mapping[str, Callable[[], str]]:
    """What this machine knows, without secrets: Pulumi masks those of settings and outputs."""
    stack = ("--stack", found.stack)
    return {
        "versions.json": _versions,
        "outputs.json": partial(pulumi, "stack", "output", "--json", *stack),
        "settings.json": lambda: _settings(pulumi("config", "--json", *stack)),
        "updates.json": partial(pulumi, "stack", "history", "--json", "--page-size", "20", *stack),
        "commit.txt": partial(run, ["git", "-C", str(PROJECT_ROOT), "log", "-1", "--stat"]),
        "changes.txt": partial(run, ["git", "-C", str(PROJECT_ROOT), "status", "--short"]),
    }


def _versions() -> str:
    system = f"{platform.platform()}, Python {platform.python_version()}"
    return json.dumps({"pulumi": pulumi("version").strip(), "machine": system}, indent=2) + "\n"


def _settings(text: str) -> str:
    """`pulumi config --json` without the values of secrets, should it print them."""
    rows: dict[str, dict[str, object]] = json.loads(text)
    for row in rows.values():
        if row.get("secret"):
            row["value"] = "***"
    return json.dumps(rows, indent=2) + "\n"


def _part(name: str, result: Callable[[], str]) -> Part:
    path = f"{OPERATOR}/{name}"
    try:
        return Part(path=path, text=result())
    except OperatorError as error:
        return Part(path=path, text="", note=str(error))


def _write(file: Path, content: bytes) -> None:
    """Readable by this user only; an existing file is not overwritten. Error: OperatorError."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
    except OSError as error:
        text = f"{file} cannot be written: {error.strerror}; choose another --out"
        raise OperatorError(text) from None
