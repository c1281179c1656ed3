"""What a person who looks for a fault wants to see of this server, with secrets masked."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from . import known_secrets
from .errors import DeployError
from .output import now
from .paths import Paths
from .redact import Redactor
from .shell import Result, Shell

# Characters of a part; beyond that its end is kept.
LIMIT = 2_000_000
# Of one command, in seconds
_TIMEOUT = 150.0
_AT_ONCE = 4
_PROGRAMS = Path(__file__).resolve().parent.parent / "bin"
_NO_PAGER = "--no-pager"


def commands(paths: Paths, since: int) -> Mapping[str, Sequence[str]]:
    """The file of each part, and the command that prints it; `since` is in seconds."""
    own = {
        f"{name}.json": [str(_PROGRAMS / name)]
        for name in ("status", "drift", "history", "releases", "updates")
    }
    return {
        **own,
        "logs.jsonl": [str(_PROGRAMS / "logs"), "--since", str(since)],
        "journal.jsonl": ["cat", str(paths.journal)],
        "deploy.log": ["cat", str(paths.log)],
        "warnings.txt": ["journalctl", _NO_PAGER, "--priority=warning", f"--since=-{since}s"],
        "units.txt": ["systemctl", _NO_PAGER, "list-units", "--all"],
        "timers.txt": ["systemctl", _NO_PAGER, "list-timers", "--all"],
        "packages.txt": ["dpkg-query", "--show"],
        "system.txt": ["uname", "--all"],
        "debian.txt": ["cat", "/etc/os-release", "/etc/debian_version"],
        "docker.txt": ["docker", "version"],
        "containers.txt": ["docker", "ps", "--all"],
        "images.txt": ["docker", "images", "--digests"],
        "docker-disk.txt": ["docker", "system", "df"],
        "disk.txt": ["df", "--human-readable"],
        "memory.txt": ["free", "--mebi"],
        "load.txt": ["uptime"],
        "sockets.txt": ["ss", "--tcp", "--listening", "--numeric", "--processes"],
        "addresses.txt": ["ip", "address"],
        "firewall.txt": ["nft", "list", "ruleset"],
        "tailnet.txt": ["tailscale", "status"],
        "certificates.txt": ["certbot", "certificates"],
    }


def collect(paths: Paths, shell: Shell, since: int) -> dict[str, Any]:
    """{"parts": [{"name", "text", "cut": characters of its beginning that are left out, "error":
    why it is missing or not complete, or ""}], "time"}. Error: OSError for secrets that cannot be
    read, as without them nothing can be masked."""
    redact = Redactor(known_secrets.values(paths))
    wanted = commands(paths, since)
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        results = pool.map(lambda command: _attempt(shell, command), wanted.values())
    parts = [_part(name, one, redact) for name, one in zip(wanted, results, strict=True)]
    return {"parts": parts, "time": now()}


def _attempt(shell: Shell, command: Sequence[str]) -> Result | str:
    """The result, or why there is none."""
    try:
        return shell.attempt(command, timeout=_TIMEOUT)
    except (DeployError, OSError) as error:
        return str(error)


def _part(name: str, found: Result | str, redact: Redactor) -> dict[str, Any]:
    if isinstance(found, str):
        return {"name": name, "text": "", "cut": 0, "error": redact(found)}
    text = redact(found.out)
    error = "" if found.ok else f"exit code {found.code}: {redact(found.err.strip()[-300:])}"
    return {"name": name, "text": text[-LIMIT:], "cut": max(len(text) - LIMIT, 0), "error": error}
