"""The release that is deployed, with and without a pin."""

from typing import Any

from fks_infra.release import commands
from tests.conftest import Declare, DeclaredProgram

PIN = {"digest": "ab" * 32, "since": "2026-11-27T10:00:00Z"}
STATE: dict[str, Any] = {
    "deployment": {
        "resources": [
            {
                "urn": f"urn:pulumi:prod::fks::command:remote:CopyToRemote::{name}-stack-release",
                "type": "command:remote:CopyToRemote",
                "custom": True,
                "id": name,
            }
            for name in ("auth", "api", "web")
        ]
    }
}


def release_of(found: DeclaredProgram, server: str) -> str:
    return str(found.exports["inventory"]["servers"][server]["release"])


def test_the_uploaded_release_is_deployed(declare: Declare) -> None:
    found = declare()
    digest = release_of(found, "web")
    assert found.one("web-stack-deploy").inputs["create"] == commands.deploy(digest)
    upload = found.one("web-stack-release")
    assert upload.inputs["remotePath"] == commands.release_archive(digest)
    assert list(upload.request.ignoreChanges) == []


def test_a_pinned_release_is_deployed_without_an_upload(declare: Declare) -> None:
    found = declare(state=STATE, pin={"web": PIN})
    assert found.one("web-stack-deploy").inputs["create"] == commands.deploy(PIN["digest"])
    assert release_of(found, "web") == PIN["digest"]
    upload = found.one("web-stack-release").request
    assert set(upload.ignoreChanges) == {"source", "remotePath", "connection", "triggers"}
    plan = found.one("verify-step").inputs["stdin"]
    assert PIN["digest"] in plan
    assert any("web is pinned to release abababababab" in text for text in found.warnings)
    assert release_of(found, "api") == release_of(declare(), "api")
