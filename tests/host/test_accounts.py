"""User ids of containers and of the server's accounts: none is used for both."""

import re

import yaml

from host.fks_deploy import env_file
from tests.host.server import REPOSITORY

VALUES = env_file.parse((REPOSITORY / "host/limits.env").read_text())
COMPOSE = sorted((REPOSITORY / "compose").glob("*/compose.yaml"))
# Debian policy 9.2.2: ids that Debian never gives to an account of a package
ADMINISTRATORS = range(1000, 60000)
# adduser and useradd give the first free one from here; makers of images do, too.
COMMON = range(1000, 11000)


def container_users() -> dict[str, set[int]]:
    """Compose file and line -> the user and group ids in it, also those of defaults."""
    found = {}
    for path in COMPOSE:
        for line in re.findall(r"^ +user: .*", path.read_text(), re.MULTILINE):
            ids = set(map(int, re.findall(r"(?<![A-Z_])\d+", line)))
            found[f"{path.parent.name}: {line.strip()}"] = ids
    return found


def test_the_services_have_user_ids_to_compare() -> None:
    every = set().union(*container_users().values())
    # nginx, PostgreSQL and Redis, Authentik
    assert {101, 999, 1000} <= every


def test_no_container_runs_as_the_user_deploy() -> None:
    deploy = int(VALUES["DEPLOY_USER_ID"])
    for place, ids in container_users().items():
        assert deploy not in ids, place


def test_deploys_id_is_free_for_administrators_and_uncommon() -> None:
    deploy = int(VALUES["DEPLOY_USER_ID"])
    assert deploy in ADMINISTRATORS
    assert deploy not in COMMON


def test_no_container_runs_as_root() -> None:
    for place, ids in container_users().items():
        assert 0 not in ids, place


def test_cloud_init_creates_no_account_without_a_fixed_id() -> None:
    text = (REPOSITORY / "host/cloud-init.yaml.tmpl").read_text()
    users = yaml.safe_load(text.replace("{{", "").replace("}}", ""))["users"]
    assert [user.get("uid") for user in users] == [int(VALUES["DEPLOY_USER_ID"])]
    steps = "".join(path.read_text() for path in (REPOSITORY / "host").rglob("*.sh"))
    assert not re.search(r"\b(useradd|adduser|addgroup|groupadd)\b", steps)
