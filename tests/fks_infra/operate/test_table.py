"""Tables without lines."""

from rich.console import Console

from fks_infra.operate.table import plain_table


def test_a_long_cell_is_folded_and_nothing_is_cut() -> None:
    console = Console(width=20, color_system=None)
    with console.capture() as capture:
        console.print(plain_table(("page", "address"), [("web", "https://fks.localhost")]))
    lines = [line.rstrip() for line in capture.get().splitlines()]
    assert lines[0] == "page  address"
    assert "".join(line[6:] for line in lines[1:]) == "https://fks.localhost"
