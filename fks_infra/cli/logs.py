"""`fks logs`: the logs of all servers, merged by time."""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime

from fks_infra.cli.progress import read_stack
from fks_infra.errors import OperatorError
from fks_infra.operate import since
from fks_infra.operate.log_selection import LogSelection
from fks_infra.operate.log_streams import LogLine, LogStreams
from fks_infra.operate.places import service_name

ALL_READ, SOME_UNREACHED, CANNOT_TELL = 0, 1, 2
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# They could move the cursor or change the terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")


def selection(
    names: Sequence[str], age: str, pattern: str, *, follow: bool, units: bool
) -> LogSelection:
    """From the options; OperatorError for a `--since` or a `--grep` that is not valid."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise OperatorError(f"--grep {pattern!r} is no regular expression: {error}") from None
    seconds = since.seconds(age, datetime.now(UTC))
    return LogSelection(
        names=tuple(names), since=seconds, pattern=pattern, follow=follow, units=units
    )


def run(stack: str, chosen: LogSelection, *, as_json: bool) -> int:
    """Print the lines. Ctrl-C is the normal end of following; nothing runs on servers afterwards.

    Returns 0, 1 if a server was not reached, 2 if none was. OperatorError for an unknown name.
    """
    found = read_stack(stack)
    # An unknown server is an error.
    found.selected([name.partition("/")[0] for name in chosen.names if "/" in name])
    servers = [server for server in found.servers if chosen.on(server.name) is not None]
    write = _write_json if as_json else _write
    with found.key_file() as key:
        streams = LogStreams(found.name, servers, chosen, key, _report)
        _raise_unknown(chosen, streams.sources)
        with suppress(*([KeyboardInterrupt] if chosen.follow else [])):
            for line in streams.lines():
                write(line)
        unreached = len(streams.unreached)
    if not unreached:
        return ALL_READ
    return CANNOT_TELL if unreached == len(servers) else SOME_UNREACHED


def _raise_unknown(chosen: LogSelection, sources: Mapping[str, Sequence[str]]) -> None:
    """Where no server that was reached has a name."""
    known = sorted({name for names in sources.values() for name in names})
    for name in chosen.names:
        if known and not _exists(name, sources):
            raise OperatorError(f"nothing has a log named {name!r}; these do: {', '.join(known)}")


def _exists(name: str, sources: Mapping[str, Sequence[str]]) -> bool:
    on, _, source = name.rpartition("/")
    return any(
        service_name(source) in found for server, found in sources.items() if on in ("", server)
    )


def _write(line: LogLine) -> None:
    text = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", _COLOUR.sub("", line.text))
    sys.stdout.write(f"{line.time[:-4]}Z {line.server}/{line.source}: {text}\n")
    sys.stdout.flush()


def _write_json(line: LogLine) -> None:
    sys.stdout.write(json.dumps(asdict(line)) + "\n")
    sys.stdout.flush()


def _report(server: str, problem: str) -> None:
    sys.stderr.write(f"{server}: {problem}\n")
