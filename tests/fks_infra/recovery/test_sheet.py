"""The recovery sheet as text."""

from fks_infra.recovery.sheet import Drill, Section, Sheet, text

SHEET = Sheet(
    stack="prod",
    time="2026-11-27",
    sections=(Section(title="Accounts", rows=(("Linode", "region <ca-central>"),)),),
    drills=(Drill(title="State lost", commands=("fks a && b", "fks c")),),
)


def test_the_text_has_sections_and_drills() -> None:
    assert text(SHEET).splitlines() == [
        "Recovery sheet of stack prod, 2026-11-27",
        "",
        "Accounts",
        "  Linode                 region <ca-central>",
        "",
        "State lost",
        "  fks a && b",
        "  fks c",
    ]
