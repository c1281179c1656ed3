"""The compose files as plain data."""

from pathlib import Path
from typing import Any

import yaml

from fks_infra.roles import STACKS

COMPOSE = Path(__file__).resolve().parents[2] / "compose"
LIB = COMPOSE / "lib"
PARTS = tuple(stack.name for stack in STACKS)

Service = dict[str, Any]


def part(name: str) -> dict[str, Any]:
    """One stack."""
    document: dict[str, Any] = yaml.safe_load((COMPOSE / name / "compose.yaml").read_text())
    return document


def running(name: str) -> dict[str, Service]:
    """The services of one stack that run all the time, by name: not those that run once."""
    found = part(name)["services"].items()
    return {service: body for service, body in found if body["restart"] != "no"}


def services() -> dict[str, tuple[str, Service]]:
    """Every running service of every stack, with the stack it is in."""
    return {service: (name, body) for name in PARTS for service, body in running(name).items()}


def words(service: Service) -> str:
    """Entrypoint, command and health check as one text."""
    keys = ("entrypoint", "command")
    parts = [word for key in keys for word in service.get(key, [])]
    return " ".join([*parts, *service["healthcheck"].get("test", [])])
