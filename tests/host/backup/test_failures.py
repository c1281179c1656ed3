import json

import pytest

from host.fks_deploy.backup.failures import explained, reason
from host.fks_deploy.shell import Result


def message(text: str) -> str:
    return json.dumps({"message_type": "exit_error", "code": 1, "message": text})


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("write /a: no space left on device", "no space is left there"),
        ("The difference is too large: RequestTimeTooSkewed", "clock is wrong"),
        ("client.PutObject: InvalidAccessKeyId", "the S3 key is unknown"),
        ("client.BucketExists: The access key ID you provided does not exist", "key is unknown"),
        ("The request signature we calculated does not match the signature", "key is wrong"),
        ("The specified bucket does not exist", "the bucket does not exist"),
        ("The difference between the request time and the server's time", "clock is wrong"),
        ("Host key verification failed.", "the host has another key"),
        ("dial tcp 192.0.2.1:443: i/o timed out", "it does not answer"),
    ],
)
def test_a_place_that_refuses_is_no_damage(text: str, advice: str) -> None:
    error = explained("backup", Result(1, "", message(text)), "s3:https://h/b/api")
    assert not error.damage
    assert str(error).startswith(f"restic backup failed in s3:https://h/b/api: {text}: ")
    assert advice in str(error) and str(error).endswith(". All older backups are kept")


def test_a_cache_that_cannot_be_written_hides_no_damage() -> None:
    warning = "unable to open cache: write /var/cache/fks: no space left on device"
    error = explained("check", Result(1, "", f"{warning}\n{message('pack ab: missing')}"), "/a")
    assert error.damage
    assert str(error).startswith("restic check failed in /a: pack ab: missing: data in it")


def test_everything_else_is_damage() -> None:
    error = explained("check", Result(1, "", message("pack ab: does not exist")), "/a")
    assert error.damage
    assert "docs/operations.md" in str(error)


def test_the_first_message_is_the_reason() -> None:
    nested = json.dumps({"message_type": "error", "error": {"message": "decrypting blob failed"}})
    later = message("Fatal: There were 2 errors")
    assert reason(Result(1, "", f"{nested}\n{later}\n")) == "decrypting blob failed"
    trace = "id 1 not found in repository\ngithub.com/restic/restic/a.go:1"
    assert reason(Result(1, "", message(trace))) == "id 1 not found in repository"
    assert reason(Result(2, "", "")) == "exit code 2"
