"""`-p tests.worlds`: with `pytest -n N` each process has a world of its own."""

from __future__ import annotations

import os

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Number the worlds of the processes from FKS_WORLD on, before a module reads it."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    first = int(os.environ.get("FKS_WORLD", "1"))
    os.environ["FKS_WORLD"] = str(first + int(worker.removeprefix("gw")))
