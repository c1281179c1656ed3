"""What `pulumi import` gets."""

from fks_infra.clouds.cloudflare import Record
from fks_infra.preflight.record_conflicts import RECORD, RecordSpec
from fks_infra.preflight.state import StateSnapshot
from fks_infra.recovery import import_file


def record(identifier: str, comment: str = "fks prod", kind: str = "A") -> Record:
    return Record(
        id=identifier, name="x.example.org", type=kind, content="100.64.0.1", comment=comment
    )


def spec(resource: str, kind: str = "A") -> RecordSpec:
    return RecordSpec(resource=resource, role="web", name="x.example.org", type=kind, stack="prod")


def test_records_are_those_with_the_comment_of_the_stack() -> None:
    found = {
        "x.example.org": [record("1", "by hand"), record("2"), record("3", kind="CAA")],
    }
    specs = [spec("dns-x"), spec("dns-caa", "CAA"), spec("dns-known")]
    state = StateSnapshot(triggers={"dns-known": None})
    assert import_file.record_rows("z", found, iter(specs), state) == [
        {"type": RECORD, "name": "dns-x", "id": "z/2"},
        {"type": RECORD, "name": "dns-caa", "id": "z/3"},
    ]


def test_the_component_of_the_secrets_is_always_imported() -> None:
    rows = import_file.document([{"name": "dns-x"}])["resources"]
    assert rows == [
        {"type": "fks:infra:Secrets", "name": "secrets", "component": True},
        {"name": "dns-x"},
    ]
