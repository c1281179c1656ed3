"""The cloud-init template is filled completely and fits the limit of Linode."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from fks_infra.config.settings import Settings
from fks_infra.errors import OperatorError
from fks_infra.release.cloud_init import LIMIT, render, user_data
from fks_infra.topology.planning import plan_topology

Make = Callable[..., Settings]


def checkout(root: Path, template: str) -> Path:
    (root / "host").mkdir()
    (root / "host/cloud-init.yaml.tmpl").write_text(template)
    (root / "host/join.sh").write_text("#!/bin/sh\necho joined\n")
    return root


def decoded(settings: Settings, root: Path) -> str:
    server = plan_topology(settings).servers[0]
    return base64.b64decode(user_data(settings, server, "tskey-canary", root)).decode()


def test_every_variable_is_filled(settings: Make, tmp_path: Path) -> None:
    names = ["AUTH_KEY", "HOSTNAME_PREFIX", "LOGIN_SERVER", "TAILSCALE_KEY_FINGERPRINT"]
    root = checkout(tmp_path, "\n".join(f"{name}=${{{name}}}" for name in names))
    assert decoded(settings(), root).splitlines() == [
        "AUTH_KEY=tskey-canary",
        "HOSTNAME_PREFIX=fks-auth",
        "LOGIN_SERVER=https://controlplane.tailscale.com",
        "TAILSCALE_KEY_FINGERPRINT=2596A99EAAB33821893C0A79458CA832957F5868",
    ]


def test_the_join_script_is_encoded_in_base64(settings: Make, tmp_path: Path) -> None:
    text = decoded(settings(), checkout(tmp_path, "${JOIN_SCRIPT_B64}"))
    assert base64.b64decode(text) == b"#!/bin/sh\necho joined\n"


def test_variables_of_cloud_init_itself_stay(settings: Make, tmp_path: Path) -> None:
    root = checkout(tmp_path, "{{ v1.instance_id }} $$HOME")
    assert decoded(settings(), root) == "{{ v1.instance_id }} $HOME"


def test_an_unknown_variable_is_named() -> None:
    with pytest.raises(OperatorError, match=r"\$\{NOPE\}.*Known: KNOWN"):
        render("${NOPE}", {"KNOWN": "x"})


def test_user_data_over_the_limit_is_an_error_with_its_size(settings: Make, tmp_path: Path) -> None:
    root = checkout(tmp_path, "x" * (LIMIT + 1))
    with pytest.raises(OperatorError, match=f"{LIMIT + 1} bytes"):
        decoded(settings(), root)


def test_the_real_template_fits_for_every_server(settings: Make) -> None:
    found = settings()
    for server in plan_topology(found).servers:
        text = base64.b64decode(user_data(found, server, "k" * 64)).decode()
        assert text.startswith("## template: jinja\n#cloud-config\n")
        assert found.deploy_public_key in text
