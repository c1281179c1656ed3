"""Which SSH keys a server accepts, found out with their public halves only.

A client may ask whether a key would be accepted before it signs (RFC 4252, section 7).
"""

import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from fks_infra.remote.command import CONNECT_SECONDS
from fks_infra.remote.inventory import DeployedServer
from fks_infra.remote.ssh import offer_line

# Seconds, for one login
_LIMIT = 20.0
# sshd ends a login after six keys (MaxAuthTries).
_AT_ONCE = 5
_ANSWER = re.compile(r"^debug1: (Offering public|Server accepts) key: .*(SHA256:\S+)", re.MULTILINE)


def accepted(server: DeployedServer, keys: Sequence[str]) -> list[str]:
    """The fingerprints of those public keys that open the server; keys as in authorized_keys(5).

    Raises OSError where the server did not answer for all of them.
    """
    found = []
    for start in range(0, len(keys), _AT_ONCE):
        with tempfile.TemporaryDirectory(prefix="fks-public-") as directory:
            files = list(_files(Path(directory), keys[start : start + _AT_ONCE]))
            found += _accepted(server, files)
    return found


def still_accepted(
    server: DeployedServer, right: Mapping[str, str], removed: Mapping[str, str]
) -> list[str]:
    """Those of the `removed` keys that open the server; public keys by fingerprint.

    Raises OSError as `accepted`, and where the server does not accept the `right` ones in this way:
    then it proves nothing.
    """
    found = accepted(server, [*right.values(), *removed.values()])
    if not {*right} <= {*found}:
        raise OSError("it does not say that it accepts the configured key")
    return [one for one in found if one not in right]


def _files(directory: Path, keys: Sequence[str]) -> Iterator[Path]:
    for number, key in enumerate(keys):
        file = directory / f"{number}.pub"
        file.write_text(f"{key}\n")
        yield file


def _accepted(server: DeployedServer, files: Sequence[Path]) -> list[str]:
    answers = _ANSWER.findall(said := _login(server, files))
    offered, taken = (
        {key for answer, key in answers if answer.startswith(word)} for word in ("Off", "Server")
    )
    # The last line of a login that was refused, and of no other.
    if len(offered) < len(files) or "Permission denied" not in said:
        lines = said.strip().splitlines() or ["ssh printed nothing"]
        raise OSError(f"it did not say whether it refuses the removed keys: {lines[-1]}")
    return sorted(taken)


def _login(server: DeployedServer, files: Sequence[Path]) -> str:
    command = offer_line(server, files, CONNECT_SECONDS)
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise OSError(f"no answer within {_LIMIT:g} s") from None
    return done.stderr
