"""PostgreSQL's settings for a memory limit and a number of connections."""

from fks_infra.topology.postgres_tuning import postgres_settings


def test_the_settings_of_a_container_with_one_gib() -> None:
    assert postgres_settings(1024, 44) == {
        "SHARED_BUFFERS": "256MB",
        "EFFECTIVE_CACHE_SIZE": "768MB",
        "WORK_MEM": "4MB",
        "MAINTENANCE_WORK_MEM": "64MB",
        "MAX_CONNECTIONS": "60",
    }


def test_a_small_container_keeps_usable_values() -> None:
    values = postgres_settings(128, 44)
    assert values["SHARED_BUFFERS"] == "32MB"
    assert (values["WORK_MEM"], values["MAINTENANCE_WORK_MEM"]) == ("2MB", "16MB")


def test_a_large_container_has_bounded_values() -> None:
    values = postgres_settings(65536, 84)
    assert (values["WORK_MEM"], values["MAINTENANCE_WORK_MEM"]) == ("64MB", "1024MB")
    assert values["SHARED_BUFFERS"] == "16384MB"
