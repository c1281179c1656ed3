"""Formats of `fks:backup` and its secrets: the repository for backups."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fks_infra.config.bucket import bucket_error
from fks_infra.config.schema import did_you_mean
from fks_infra.config.ssh_keys import public_key_error

KEYS = ("repository", "bucket", "hostKey", "s3KeyId", "pitr")
# What the sandbox of fks-backup.service may write.
_DISKS = ("/var/backups/", "/mnt/", "/media/")
_NAME = r"[A-Za-z0-9._-]+"
_PATH = rf"(?:/{_NAME})+"
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
_SFTP = re.compile(rf"sftp:{_NAME}@{_HOST}:{_PATH}|sftp://{_NAME}@{_HOST}:\d{{1,5}}/{_PATH}")
_S3 = re.compile(rf"s3:https://({_HOST}(?::\d{{1,5}})?)/({_NAME})((?:/{_NAME})*)")
# https://techdocs.akamai.com/cloud-computing/docs/access-buckets-and-files-through-urls
_ENDPOINT_WITH_BUCKET = re.compile(rf"({_NAME})\.([a-z]{{2}}-[a-z]+-\d+\.linodeobjects\.com)")


def backup(value: Any) -> str | None:
    """What is wrong with the value, or None."""
    for key, text in value.items():
        if key not in KEYS:
            return f"{key!r} is not one of its keys; {did_you_mean(key, list(KEYS))}"
        if key == "pitr":
            if not isinstance(text, bool):
                return f"pitr is {text!r}; write true or false."
        elif not isinstance(text, str):
            return f"{key} is {text!r}; write a text."
    if error := _repository(value.get("repository", "")) or _bucket(value):
        return error
    return _host_key(value.get("hostKey", ""))


def _bucket(value: Mapping[str, Any]) -> str | None:
    """It is the repository, and gets a key of its own."""
    if not (text := value.get("bucket", "")):
        return None
    for other in ("repository", "hostKey", "s3KeyId"):
        if value.get(other):
            return (
                f"bucket is {text!r}, and {other} is set too: a bucket has its own repository and "
                f"key. Leave one out, as by pulumi config rm --path fks:backup.{other}."
            )
    return bucket_error(text)


def backup_errors(values: Mapping[str, Any]) -> Iterator[str]:
    """A paragraph for parts that the kind of repository needs and lacks, or has too many."""
    found = values["backup"]
    needed = _NEEDED.get(found.get("repository", "").partition(":")[0], {})
    missing = [name for name in needed if not _has(values, name)]
    if missing:
        yield (
            f"fks:backup has the repository {found['repository']!r}, and {', '.join(missing)} is "
            f"not set. Next: {'; '.join(needed[name] for name in missing)}"
        )
    if found.get("bucket") and values["backupS3Key"]:
        yield (
            f"fks:backup has the bucket {found['bucket']!r}, for which the program makes a key, "
            f"and fks:backupS3Key (hidden) is set too. Next: pulumi config rm fks:backupS3Key"
        )


def _has(values: Mapping[str, Any], name: str) -> bool:
    key, _, part = name.removeprefix("fks:").partition(".")
    return bool(values[key].get(part) if part else values[key].strip())


_NEEDED: Mapping[str, Mapping[str, str]] = {
    "sftp": {
        "fks:backup.hostKey": "ssh-keyscan -t ed25519 HOST, compare it with the host's own, then "
        "pulumi config set --path fks:backup.hostKey 'ssh-ed25519 AAAA...'",
        "fks:backupSshKey": "pulumi config set --secret fks:backupSshKey <FILE",
    },
    "s3": {
        "fks:backup.s3KeyId": "pulumi config set --path fks:backup.s3KeyId KEY_ID",
        "fks:backupS3Key": "pulumi config set --secret fks:backupS3Key",
    },
}


def _repository(text: str) -> str | None:
    kind, colon, _ = text.partition(":")
    checks: dict[str, Callable[[str], str | None]] = {"sftp": _sftp, "s3": _s3}
    if not text or not colon:
        return _path(text)
    if kind not in checks:
        return f"{text!r} is no path and begins with neither sftp: nor s3:."
    return checks[kind](text)


def _path(text: str) -> str | None:
    if not text or (re.fullmatch(_PATH, text) and text.startswith(_DISKS) and ".." not in text):
        return None
    return f"{text!r} is not a path below {', '.join(_DISKS)}."


def _sftp(text: str) -> str | None:
    if _SFTP.fullmatch(text):
        return None
    return (
        f"{text!r} is not a repository on a host; write it as sftp:USER@HOST:/PATH, with a port as "
        f"sftp://USER@HOST:2222//PATH."
    )


def _s3(text: str) -> str | None:
    found = _S3.fullmatch(text)
    if not found:
        return f"{text!r} is not a bucket; write it as s3:https://HOST/BUCKET/PATH."
    if inside := _ENDPOINT_WITH_BUCKET.fullmatch(found[1]):
        right = f"s3:https://{inside[2]}/{inside[1]}"
        return f"{text!r} has the bucket in the host's name; write it as {right}/PATH."
    if found[1].partition(".")[0] == found[2]:
        right = f"s3:https://{found[1].partition('.')[2]}/{found[2]}{found[3]}"
        return f"{text!r} has the bucket twice; write it as {right}."
    return None


def _host_key(text: str) -> str | None:
    if not text or not public_key_error(text):
        return None
    return f"hostKey is {text!r}; write type and key of the host's key, as 'ssh-ed25519 AAAA...'."
