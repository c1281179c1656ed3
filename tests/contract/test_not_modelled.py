"""A stand-in rejects, by name and in the preview, everything that the program does not use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from tests.contract.conftest import ZONE
from tests.contract.declare import PROVIDER, Declared, Resource
from tests.contract.harness import Engine, Stack
from tests.contract.programs import COPY, LOCAL, REMOTE, connection, file_archive, text_asset
from tests.contract.recordings_dir import recordings
from tests.contract.test_cloud_changes import TYPES, USUAL

pytestmark = pytest.mark.contract

INSTANCE, FIREWALL = TYPES["instance"][0], TYPES["firewall"][0]
RECORD, KEY = TYPES["record"][0], TYPES["key"][0]
PASSWORD = "random:index/randomPassword:RandomPassword"
FILE = {"connection": connection(port=1), "remotePath": "/x"}
REQUIRED: Mapping[str, dict[str, Any]] = {
    INSTANCE: {**USUAL["instance"], "label": "instance"},
    FIREWALL: {**USUAL["firewall"], "label": "fw1"},
    RECORD: {**USUAL["record"], "name": f"a.{ZONE}"},
    KEY: USUAL["key"],
    LOCAL: {"create": "true"},
    REMOTE: {"create": "true", "connection": connection(port=1)},
    COPY: FILE,
    PASSWORD: {"length": 8},
}


class Unused(NamedTuple):
    """Inputs of a resource, and the name of the rejected one in the error."""

    type: str
    inputs: Mapping[str, Any]
    named: str

    @property
    def package(self) -> str:
        """The provider that rejects it."""
        return self.type.removeprefix(PROVIDER).split(":")[0]


def unused(type: str, **inputs: Any) -> list[Unused]:
    """A resource with one unused input, for each of these."""
    return [Unused(type, {name: inputs[name]}, f"input {name} of {type}") for name in inputs]


UNUSED = [
    *unused(
        INSTANCE,
        **{"authorizedUsers": ["one"], "backupId": 5, "booted": False},
        **{"diskEncryption": "disabled", "interfaces": [{"purpose": "public"}]},
        **{"maintenancePolicy": "linode/power_off_on", "networkHelper": True},
        **{"sharedIpv4s": ["198.51.100.9"], "stackscriptId": 7, "swapSize": 256},
    ),
    Unused(INSTANCE, {"backupsEnabled": True}, "backupsEnabled other than False"),
    Unused(INSTANCE, {"migrationType": "warm"}, "migrationType other than cold"),
    Unused(INSTANCE, {"resizeDisk": True}, "resizeDisk other than False"),
    Unused(INSTANCE, {"watchdogEnabled": False}, "watchdogEnabled other than True"),
    Unused(INSTANCE, {"image": None}, "an instance without image"),
    *unused(FIREWALL, linodes=[5], nodebalancers=[5], interfaces=[5]),
    Unused(FIREWALL, {"disabled": True}, "a disabled firewall"),
    *unused(RECORD, priority=10, privateRouting=True, settings={"ipv4Only": True}, tags=["a:b"]),
    Unused(RECORD, {"type": "CNAME"}, "a record of type CNAME"),
    *unused(KEY, userId="u2CNTRL"),
    *unused(LOCAL, update="true", dir="/", interpreter=["/bin/sh"], assetPaths=["*"]),
    *unused(REMOTE, update="true"),
    Unused(
        REMOTE,
        {"connection": connection(proxy={"host": "x"})},
        "input proxy of command:remote:Connection",
    ),
    Unused(COPY, {"source": file_archive(str(recordings() / "schemas"))}, "an archive"),
    Unused(COPY, {"source": text_asset("x")}, "a source other than a FileAsset"),
    *unused(PASSWORD, keepers={"a": "b"}, minLower=1, overrideSpecial="-"),
    Unused("linode:index/volume:Volume", {}, "resource type linode:index/volume:Volume"),
    *(
        Unused(f"{PROVIDER}{name}", {setting: "x"}, f"input {setting} of provider {name}")
        for name, setting in (
            *(("linode", "skipInstanceReadyPoll"), ("cloudflare", "apiKey")),
            ("tailscale", "identityToken"),
        )
    ),
]


def _id(case: Unused) -> str:
    return f"{case.package}-{case.named}".replace(" ", "-").replace("/", "-")


def _require_stand_in(engine: Engine, package: str) -> None:
    if engine.plugins[package].kind == "real":
        pytest.skip(f"the real plugin of {package} is installed: it rejects nothing")


def _preview(stack: Stack, case: Unused) -> list[str]:
    inputs = {**REQUIRED.get(case.type, {}), **case.inputs}
    declared: list[Declared] = [
        Resource("x", case.type, {n: v for n, v in inputs.items() if v is not None})
    ]
    result = stack.run("preview", declared)
    assert result.failed, result.output
    return result.errors


@pytest.mark.parametrize("case", UNUSED, ids=_id)
def test_the_preview_fails_and_names_it(
    engine: Engine, clouds: dict[str, str], case: Unused
) -> None:
    _require_stand_in(engine, case.package)
    errors = _preview(engine.stack(f"unused-{_id(case)}"[:120], clouds), case)
    assert any(f"not modelled: {case.named}." in error for error in errors), errors


def test_a_change_of_private_ips_is_rejected(engine: Engine, clouds: dict[str, str]) -> None:
    _require_stand_in(engine, "linode")
    stack = engine.stack("unused-private-ip", clouds)
    instance = Resource("x", INSTANCE, REQUIRED[INSTANCE] | {"label": "private-ip"})
    assert not stack.run("up", [instance]).failed
    changed = Resource("x", INSTANCE, {**instance.inputs, "privateIp": True})
    preview = stack.run("preview", [changed])
    assert preview.failed
    assert any("not modelled: an update of privateIp." in error for error in preview.errors)
    assert not stack.run("destroy").failed
