from fks_infra.operate.cleanup import description

FOUND = {
    "containers": ["fks-api-1", "fks-edge-1"],
    "volumes": ["fks_api-data", "fks_api-postgres-data"],
    "networks": ["fks_api"],
    "images": ["a", "b"],
    "releases": ["c"],
    "dump": "api-postgres",
}


def test_what_is_deleted_what_comes_first_and_what_is_kept() -> None:
    assert list(description(FOUND)) == [
        "  containers: fks-api-1, fks-edge-1",
        "  volumes: fks_api-data, fks_api-postgres-data",
        "  networks: fks_api",
        "  releases: 1",
        "  images: 2",
        "  first: a dump of api-postgres to /var/backups/fks/postgres",
        "  kept: certificates, backups, secrets",
    ]


def test_a_database_without_a_dump_is_named() -> None:
    volumes = [*FOUND["volumes"], "fks_auth-postgres-data", "fks_api-postgres-data-17"]
    lines = [line for line in description({**FOUND, "volumes": volumes}) if "NOT" in line]
    assert lines == [
        "  NOT dumped: fks_auth-postgres-data (only the API's database has a backup)",
        "  NOT dumped: fks_api-postgres-data-17 (only the API's database has a backup)",
    ]
