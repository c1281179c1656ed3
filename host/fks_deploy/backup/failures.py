"""What restic's exit codes and messages mean, with what to do."""

import json
from pathlib import Path

from ..errors import DeployError
from ..shell import Result

MISSING, LOCKED, PASSWORD = 10, 11, 12
_CODES = {
    MISSING: "the repository that was there is missing. See that its disk is mounted and that "
    "fks:backup is right. To begin a new one: sudo rm /var/lib/fks/backups/*/checked; fks backup",
    LOCKED: "another run has locked the repository for more than five minutes. Wait for it; the "
    "lock of a server that is gone is removed half an hour after it was set",
    PASSWORD: "the stack's password does not open the repository: it is of another stack. Set "
    "fks:backup to another repository, or restore the old password to the stack's state",
}
_NEW_S3_KEY = (
    "set fks:backup and fks:backupS3Key again; that of fks:backup.bucket: fks rotate backup-key"
)
# Parts of messages, in lower case. Where S3 sends only a code, restic writes a text for it
# (https://github.com/minio/minio-go, s3-error.go).
_TEXTS = (
    ("no space left on device", "no space is left there; delete old files or use a larger disk"),
    ("disk quota exceeded", "no space is left there; delete old files or raise the quota"),
    ("requesttimetooskewed", "this server's clock is wrong: timedatectl status"),
    ("difference between the request time", "this server's clock is wrong: timedatectl status"),
    ("invalidaccesskeyid", f"the S3 key is unknown: {_NEW_S3_KEY}"),
    ("access key id you provided", f"the S3 key is unknown: {_NEW_S3_KEY}"),
    ("signaturedoesnotmatch", f"the S3 key is wrong: {_NEW_S3_KEY}"),
    ("signature we calculated", f"the S3 key is wrong: {_NEW_S3_KEY}"),
    ("access denied", "the key may not do that: it must read, write and delete"),
    ("permission denied", "the login or the directory's owner refuses it: see fks:backupSshKey"),
    ("host key verification failed", "the host has another key than fks:backup's hostKey"),
    ("nosuchbucket", "the bucket does not exist: create it, or correct fks:backup's repository"),
    ("specified bucket does not", "the bucket does not exist: create it, or correct fks:backup"),
    ("no such host", "its name does not resolve: correct fks:backup's repository"),
    ("connection refused", "nothing listens there: see that the service runs"),
    ("timed out", "it does not answer: see that it runs and that no firewall is between"),
    ("unable to start the sftp session", "the SSH login fails: see that the host runs"),
)
_LONGEST = 300
# What is only a warning: restic goes on without its cache.
_CACHE = "unable to open cache"
_DAMAGED = 'data in it is damaged: see "A damaged repository" in docs/operations.md'


class RepositoryError(DeployError):
    """restic failed; `damage`: it read the repository, and data there is missing or changed."""

    def __init__(self, message: str, *, damage: bool) -> None:
        super().__init__(message)
        self.damage = damage


def explained(command: str, done: Result, location: str) -> RepositoryError:
    """One paragraph: what failed, in which repository, why, and what to do."""
    advice = _CODES.get(done.code) or _advice("\n".join(_lines(done)))
    damage = not advice
    said = "" if done.code in _CODES else f": {reason(done)}"
    message = f"restic {command} failed in {location}{said}: {advice or _DAMAGED}"
    return RepositoryError(f"{message}. All older backups are kept", damage=damage)


def silent(text: str, location: str, full: Path | None = None) -> RepositoryError:
    """restic repeats failed requests for longer than its time limit here; `text` says how long.
    `full` is its cache if the disk of this server became full, so that it cannot write there."""
    advice = f"it does not answer, or refuses the key: see that it runs, and {_NEW_S3_KEY}"
    if full:
        advice = f"this server's disk has no space for {full}: delete files, then fks backup"
    message = f"{text} in {location}: {advice}. All older backups are kept"
    return RepositoryError(message, damage=False)


def reason(done: Result) -> str:
    """The first message of restic, in one line; the later ones follow from it."""
    first = next((_message(line) for line in _lines(done)), f"exit code {done.code}")
    # A stack trace of the program follows some messages.
    return " ".join(first.split()).partition(" github.com/")[0][:_LONGEST]


def _lines(done: Result) -> list[str]:
    """The errors, without the frames that ssh prints around its warnings."""
    lines = [line for line in done.err.splitlines() if line.strip() and "@@@" not in line]
    return [line for line in lines if not line.startswith(_CACHE)]


def _message(line: str) -> str:
    try:
        found = json.loads(line)
    except ValueError:
        return line
    error = found.get("error")
    return str(found.get("message") or (error and error.get("message")) or line)


def _advice(text: str) -> str:
    lower = text.lower()
    return next((advice for part, advice in _TEXTS if part in lower), "")
