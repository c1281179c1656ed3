"""The containers that Compose will define."""

from fks_infra.impact.definitions import Definition, definitions

COMPOSE = """
x-app: &app
  environment: {PEER: "${AUTH_SERVER_IP:-}", MODE: "${MODE:?}"}
services:
  app:
    <<: *app
    image: "${IMAGE:?}"
    mem_limit: "${MEMORY:?}"
    labels: {fks.rolling: app}
    entrypoint: [/bin/sh, /fks/start.sh]
    secrets: [TOKEN]
    volumes: ["data:/data", "${FKS_LIB:-/var/lib/fks/lib}/rules:/rules:ro", "/etc/ssl:/etc/ssl"]
volumes:
  data: {}
"""
FILES = {
    "compose/app/compose.yaml": COMPOSE.encode(),
    "compose/lib/start.sh": b"exec /fks/redis/run.sh",
    "compose/lib/redis/run.sh": b"run",
    "compose/lib/rules/a.yaml": b"a",
    "compose/lib/other.sh": b"other",
    "nginx/nginx.conf": b"",
}
ENVIRONMENT = {"MODE": "multi", "IMAGE": "app:1", "MEMORY": "64m"}


def app(environment: dict[str, str], **files: bytes) -> Definition:
    return definitions({**FILES, **files}, environment)["app"]


def test_what_a_definition_has() -> None:
    found = app(ENVIRONMENT)
    assert found.values == {"mem_limit": "64m"}
    assert set(found.lists) == {"environment", "labels", "entrypoint", "secrets", "volumes"}
    assert list(found.files) == ["redis/run.sh", "rules/a.yaml", "start.sh"]
    assert (found.group, found.volumes, found.secrets) == ("app", ("data",), ("TOKEN",))
    assert found.peers == ("auth",)


def test_an_image_or_a_mounted_file_is_not_in_composes_hash() -> None:
    other = app({**ENVIRONMENT, "IMAGE": "app:2"}, **{"compose/lib/start.sh": b"/fks/other.sh"})
    assert (other.values, other.lists) == (app(ENVIRONMENT).values, app(ENVIRONMENT).lists)
    assert list(other.files) == ["other.sh", "rules/a.yaml", "start.sh"]


def test_a_variable_changes_the_part_that_names_it() -> None:
    before, after = app(ENVIRONMENT), app({**ENVIRONMENT, "MODE": "single"})
    changed = [name for name in before.lists if before.lists[name] != after.lists[name]]
    assert changed == ["environment"]
