"""Under which name an instance is declared."""

from fks_infra.preflight.instance_import import instance_import
from fks_infra.preflight.orphans import OrphanedResources
from fks_infra.preflight.state import StateSnapshot

NAME, LABEL = "web-machine-instance", "fks-prod-web"
ORPHAN = OrphanedResources(instances={LABEL: "4000"})
UNREPLACED = StateSnapshot(unreplaced=frozenset({NAME}))


def test_without_an_orphan_nothing_is_imported() -> None:
    for state in (StateSnapshot(), UNREPLACED):
        found = instance_import(NAME, LABEL, OrphanedResources(), state)
        assert (found.name, found.id) == (NAME, None)


def test_an_orphan_is_imported_under_the_usual_name() -> None:
    found = instance_import(NAME, LABEL, ORPHAN, StateSnapshot())
    assert (found.name, found.id) == (NAME, "4000")
    assert [alias.name for alias in found.aliases] == [f"{NAME}-adopted"]


def test_beside_a_deleted_instance_it_is_imported_under_another_name() -> None:
    found = instance_import(NAME, LABEL, ORPHAN, UNREPLACED)
    assert (found.name, found.id, found.aliases) == (f"{NAME}-adopted", "4000", [])


def test_beside_a_deleted_instance_of_that_other_name_it_has_the_usual_name_alone() -> None:
    state = StateSnapshot(unreplaced=frozenset({f"{NAME}-adopted"}))
    found = instance_import(NAME, LABEL, ORPHAN, state)
    assert (found.name, found.id, found.aliases) == (NAME, "4000", [])
