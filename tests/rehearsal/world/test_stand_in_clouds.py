"""The container of the stand-in clouds."""

import pytest

from rehearsal.world.stand_in_clouds import engine_socket


@pytest.mark.parametrize(
    ("environment", "socket"),
    [
        ({}, "/var/run/docker.sock"),
        ({"DOCKER_HOST": ""}, "/var/run/docker.sock"),
        ({"DOCKER_HOST": "unix:///run/user/1000/docker.sock"}, "/run/user/1000/docker.sock"),
        ({"DOCKER_HOST": "tcp://127.0.0.1:2375"}, "/var/run/docker.sock"),
    ],
)
def test_the_clouds_use_the_engine_that_the_world_is_in(
    environment: dict[str, str], socket: str
) -> None:
    assert engine_socket(environment) == socket
