"""The drills of the sheet are the commands of the page."""

from fks_infra.recovery.drills import PAGE, drills
from fks_infra.recovery.sheet import Drill

MARKDOWN = """# Page
```sh
before the first section
```
## One
Text with `fks x`.
```sh
fks a

fks b
```
```text
no command
```
```sh
fks c
```
## Without commands
Text.
"""


def test_a_drill_has_the_lines_of_its_shell_blocks() -> None:
    assert drills(MARKDOWN) == (Drill(title="One", commands=("fks a", "fks b", "fks c")),)


def test_the_page_has_every_drill() -> None:
    titles = [one.title for one in drills(PAGE.read_text())]
    assert titles == [
        "Server lost with its disk",
        "Region lost",
        "Laptop lost",
        "State lost",
        "Passphrase lost",
        "Cloudflare account locked",
        "Tailscale account locked",
        "Repository password lost",
    ]
