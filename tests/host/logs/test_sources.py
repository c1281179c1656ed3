from host.fks_deploy.logs import sources
from host.fks_deploy.logs.sources import Container, Units
from host.fks_deploy.shell import Shell
from tests.host.logs.conftest import LoggingServer

API = Container("c0ffee", "running", "api", "api")
BEAT = Container("decaf", "exited", "api-beat", "-")


def test_containers_with_state_service_and_group(logging_server: LoggingServer) -> None:
    logging_server.write("containers", "c0ffee running api api\ndecaf exited api-beat -\n")
    assert sources.containers(Shell.without_log()) == [API, BEAT]


def test_units_are_those_of_the_host_scripts_and_three_others(
    logging_server: LoggingServer,
) -> None:
    for name in ("fks-watch.service", "fks-watch.timer", "fks-edge.service", "other.service"):
        logging_server.write(f"etc/systemd/system/{name}", "")
    found = sources.units(logging_server.paths)
    assert found == ["fks-edge", "fks-watch", "docker", "ssh", "tailscaled"]


def test_names_that_can_be_selected() -> None:
    assert sources.names([BEAT, API, API], ["docker"]) == ["api", "api-beat", "unit:docker"]


def test_the_command_of_a_container_between_two_times_and_of_one_that_is_followed() -> None:
    common = ["docker", "logs", "--timestamps", "--since", "1800000000.250000"]
    assert API.command(1_800_000_000.25, 1_800_000_001) == [
        *common,
        *("--until", "1800000001.000000", "c0ffee"),
    ]
    assert API.command(1_800_000_000.25, None) == [*common, "--follow", "c0ffee"]


def test_the_command_of_the_journal_contains_the_whole_time() -> None:
    line = Units(("docker", "fks-watch")).command(1_800_000_000.75, 1_800_000_001.25)
    assert {"--since=@1800000000", "--until=@1800000002"} <= set(line)
    assert line[-2:] == ["--unit=docker", "--unit=fks-watch"]
