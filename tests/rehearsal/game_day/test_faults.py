"""The list of faults: names, diagnoses, and repairs that the documents have."""

import re

import pytest

from fks_infra.paths import PROJECT_ROOT
from rehearsal.game_day.fault import Fault
from rehearsal.game_day.faults import FAULTS
from rehearsal.game_day.run import listed

OPERATIONS = (PROJECT_ROOT / "docs/operations.md").read_text()
REHEARSAL = (PROJECT_ROOT / "docs/rehearsal.md").read_text()
PAGES = OPERATIONS + (PROJECT_ROOT / "README.md").read_text()


def test_every_fault_has_a_name_of_its_own() -> None:
    names = [one.name for one in FAULTS]
    assert len(set(names)) == len(names) >= 12
    assert all(re.fullmatch(r"[a-z-]+", name) for name in names)


def test_the_document_has_the_list() -> None:
    assert f"```text\n{listed()}```" in REHEARSAL


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: one.name)
def test_the_commands_of_a_repair_are_documented(fault: Fault) -> None:
    for one in fault.repair:
        text = one.text.format(server="api").partition(" -- ")
        command = " ".join((text[2] or text[0]).split()[:2])
        assert one.click or command in PAGES, command


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: one.name)
def test_a_diagnosis_is_not_too_general(fault: Fault) -> None:
    pattern = fault.diagnosis.pattern.format(server=fault.role)
    assert not re.search(pattern, "api: the disk is fine")
    assert not re.search(pattern, "web: fks:alertWebhook is not set: nobody is alerted")
