"""What `pulumi up` says about stopped stacks, from the output of a real deploy's last lines."""

import pulumi
import pytest

from fks_infra.components import stopped_stacks

TEXT = "api is stopped since 2026-11-27T10:00:00Z by ann (disk; later)"
PRINTED = f"""up           ok       0.0s  not started: {TEXT}
prune        ok       0.1s  nothing to remove
NOT STARTED: {TEXT}; release 0123 is installed
"""


def test_a_stopped_stack_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", warnings.append)
    assert stopped_stacks.notice("api-stack", PRINTED) == TEXT
    (warning,) = warnings
    assert warning.startswith(f"api-stack: at its last deploy {TEXT}: the release was installed")
    assert "fks start" in warning


def test_a_deploy_that_started_everything_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi.log, "warn", lambda _: pytest.fail("a warning"))
    assert stopped_stacks.notice("api-stack", "release 0123 is in service\n") == ""
